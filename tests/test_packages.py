"""Who may import whom: data, utils, and the packages of the tools, each below the next."""

import ast

from tools.notebook.common import ROOT

# Each may import itself and what stands in the lines above it.
LEVELS = (
    {"data"},
    {"utils"},
    {"tools"},  # the list of commands
    {"tools.notebook"},
    {"tools.learn"},
    {"tools.write", "tools.publish"},
    {"tools.teach"},
)
HEIGHT = {package: height for height, packages in enumerate(LEVELS) for package in packages}


def package(name):
    """Return the package of a module: the first part of its name, or the first two in tools."""
    two = ".".join(name.split(".")[:2])
    return two if two in HEIGHT else name.partition(".")[0]


def test_a_lower_package_imports_no_higher_one():
    wrong = []
    for path in [p for top in ("data", "utils", "tools") for p in (ROOT / top).rglob("*.py")]:
        if path.name.startswith(("test_", "conftest")):
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            imports = []
            if isinstance(node, ast.Import):
                imports = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                imports = [f"{node.module}.{alias.name}" for alias in node.names]
            for own, other in ((package(name), package(imported)) for imported in imports):
                if other in HEIGHT and own != other and HEIGHT[other] >= HEIGHT[own]:
                    wrong.append(f"{name} imports {other}")
    assert [w for w in wrong if not w.startswith("tools.__main__ ")] == []

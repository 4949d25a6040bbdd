"""Who may import whom: data, utils, and the packages of the tools, each below the next."""

import ast
import graphlib

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


def importing():
    """Return by module, tests left out, which others of the course it imports."""
    trees = {}
    for path in [p for top in ("data", "utils", "tools") for p in (ROOT / top).rglob("*.py")]:
        if not path.name.startswith(("test_", "conftest")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            trees[name.removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    found = {}
    for name, tree in trees.items():
        found[name] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found[name] |= {alias.name for alias in node.names} & trees.keys()
            elif isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                found[name] |= (whole & trees.keys() or {node.module}) & trees.keys()
    return found


def package(name):
    """Return the package of a module: the first part of its name, or the first two in tools."""
    two = ".".join(name.split(".")[:2])
    return two if two in HEIGHT else name.partition(".")[0]


def test_a_lower_package_imports_no_higher_one_and_no_files_import_each_other():
    graph = importing()
    assert len(graph) > 100
    wrong = [
        f"{name} imports {other}"
        for name, others in graph.items()
        for other in others
        if package(name) != package(other) and HEIGHT[package(other)] >= HEIGHT[package(name)]
    ]
    assert {w for w in wrong if not w.startswith("tools.__main__ ")} == set()
    list(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError

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
    graph = {}
    for path in [p for top in ("data", "utils", "tools") for p in (ROOT / top).rglob("*.py")]:
        if not path.name.startswith(("test_", "conftest")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            graph[name.removesuffix(".__init__")] = imports = set()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    imports |= {(alias.name, alias.name) for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    imports |= {(f"{node.module}.{a.name}", node.module) for a in node.names}
    # `from a import b` imports the module a.b where there is one, else a name of the module a.
    return {
        name: {whole if whole in graph else module for whole, module in imports} & graph.keys()
        for name, imports in graph.items()
    }


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
    assert [w for w in wrong if not w.startswith("tools.__main__ ")] == []
    list(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError

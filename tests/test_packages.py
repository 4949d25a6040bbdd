"""Who may import whom: drawing, data, utils, and the packages of the tools, each below the next."""

import ast
import graphlib

from tools.notebook.common import ROOT

# Each may import itself and what stands in the lines above it.
LEVELS = (
    {"drawing"},
    {"data"},
    {"utils"},
    {"tools"},  # the list of commands
    {"tools.notebook"},
    {"tools.learn"},
    {"tools.write", "tools.publish"},
    {"tools.teach"},
)
HEIGHT = {package: height for height, packages in enumerate(LEVELS) for package in packages}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for top in ("drawing", "data", "utils", "tools")
    for path in (ROOT / top).rglob("*.py")
    if not path.name.startswith(("test_", "conftest"))
}


def imported(nodes):
    """Yield what import statements name: modules, or what stands in them."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def package(name):
    """Return the package of a module: the first part of its name, or the first two in tools."""
    two = ".".join(name.split(".")[:2])
    return two if two in HEIGHT else name.partition(".")[0]


def test_a_lower_package_imports_no_higher_one():
    wrong = []
    for name, path in MODULES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for own, other in ((package(name), package(each)) for each in imported(ast.walk(tree))):
            if other in HEIGHT and own != other and HEIGHT[other] >= HEIGHT[own]:
                wrong.append(f"{name} imports {other}")
    assert [w for w in wrong if not w.startswith("tools.__main__ ")] == []


def test_no_two_modules_import_each_other():
    needs = {}
    for name, path in MODULES.items():
        names = imported(ast.parse(path.read_text(encoding="utf-8")).body)
        modules = (n if n in MODULES else n.rpartition(".")[0] for n in names)
        needs[name] = {module for module in modules if module in MODULES} - {name}
    graphlib.TopologicalSorter(needs).prepare()  # raises a CycleError that names them

"""Who may import whom: data, utils, and the rooms of the tools, each below the next."""

from __future__ import annotations

import ast
import functools
import graphlib

import pytest

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
HEIGHT = {room: height for height, rooms in enumerate(LEVELS) for room in rooms}


pytestmark = pytest.mark.xdist_group("rooms")  # one worker reads all modules, and no other


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Return the syntax of all modules but tests, by their dotted names."""
    found = {}
    for package in ("data", "utils", "tools"):
        for path in (ROOT / package).rglob("*.py"):
            if not path.name.startswith(("test_", "conftest")):
                parts = path.relative_to(ROOT).with_suffix("").parts
                name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imports(tree: ast.Module, known: set[str]) -> set[str]:
    """Return which modules of the course the code of one imports, inside functions too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= whole & known or {node.module}
    return found & known


@functools.cache
def importing() -> dict[str, set[str]]:
    """Return by module which others it imports."""
    return {name: imports(tree, set(modules())) for name, tree in modules().items()}


def room(name: str) -> str:
    """Return the room of a module: the package, or the package below ``tools``."""
    parts = name.split(".")
    return ".".join(parts[:2]) if ".".join(parts[:2]) in HEIGHT else parts[0]


def test_a_lower_room_imports_no_higher_one():
    wrong = [
        f"{name} imports {other}"
        for name, others in importing().items()
        for other in others
        if room(name) != room(other)
        and HEIGHT[room(other)] >= HEIGHT[room(name)]
        and name != "tools.__main__"
    ]
    assert not wrong


@pytest.mark.parametrize("package", ["data", "utils", "tools"])
def test_no_files_import_each_other(package):
    graph = {
        name: others for name, others in importing().items() if name.partition(".")[0] == package
    }
    list(graphlib.TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("name", sorted(HEIGHT.keys() - {"tools"}))
def test_a_room_says_whom_it_serves(name):
    assert ast.get_docstring(modules()[name])

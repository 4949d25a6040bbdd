"""The cells that this kernel has executed: where on the page they stand, and what they changed."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from utils import code

cells: list[str] = []  # their code, the newest last


def watch(shell: Any) -> None:
    """Note the code of each cell from now on: nbval executes cells without the kernel's history."""
    shell.events.register("pre_run_cell", _note)  # IPython registers a function only once


def _note(info: Any) -> None:
    cells.append(info.raw_cell)


def page_of(notebook: str) -> Path:
    """Return the running notebook's file: kernels run in its folder."""
    return Path.cwd() / f"{notebook.rpartition('/')[2]}.ipynb"


def training_of(notebook: str) -> list[str]:
    """Return checksums of the cells tagged ``training`` that this kernel has executed.

    The tags are read from the notebook in the kernel's folder. Graded cells do not count: tests
    hold what students write in them to one behaviour.
    """
    known = {code.checksum([source]) for source in cells}
    own = [cell for cell in code.cells_of(page_of(notebook)) if "nbgrader" not in cell["metadata"]]
    tagged = (code.checksum([source]) for source in code.training_sources(own))
    checksums = [each for each in tagged if each in known]
    if not checksums or not are_unchanged(checksums):
        raise RuntimeError(
            "tag each cell that decides a training `training`: those of its data, its network and "
            "its fit, and those that assign one of their names again"
        )
    return checksums


def are_unchanged(checksums: list[str]) -> bool:
    """Say whether this kernel has executed these cells, and nothing else changed their names since.

    What else changes them is mostly the same cell, edited and executed again. The variables of
    loops, and ``_``, are not needed after their cell, so any other cell may have them as well.
    """
    names = {code.checksum([source]): _changed(source) - _passing(source) for source in cells}
    newest = {name: code.checksum([source]) for source in cells for name in _changed(source)}
    return all(
        cell in names and all(newest[name] in checksums for name in names[cell])
        for cell in checksums
    )


@functools.cache
def _changed(source: str) -> frozenset[str]:
    """Return the names of the functions, classes and variables that a cell defines or changes."""
    return frozenset(_stored(_parsed(source)))


@functools.cache
def _passing(source: str) -> frozenset[str]:
    loops = (node for node in ast.walk(_parsed(source)) if isinstance(node, ast.For))
    return frozenset({"_"}.union(*(_stored(loop.target) for loop in loops)))


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:  # with a magic: no cell of a training
        return ast.Module([], [])


def _stored(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement stores to: `x = 1`, `x *= 2`, `x[0] = 1`, `with f() as x`.

    What is local to a function, a class or a comprehension is left out, and so is the model that
    `Course.trained` hands back, since it is the one that it was given.
    """
    if isinstance(node, code.DEFINITIONS):
        yield node.name
    if isinstance(node, (*code.DEFINITIONS, ast.Lambda, ast.comprehension)) or _is_trained(node):
        return
    if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
        whole = node
        while isinstance(whole, ast.Subscript | ast.Attribute | ast.Starred):
            whole = whole.value
        if isinstance(whole, ast.Name):
            yield whole.id
    for part in ast.iter_child_nodes(node):
        yield from _stored(part)


def _is_trained(node: ast.AST) -> bool:
    call = node.value if isinstance(node, ast.Assign) else None
    return isinstance(call, ast.Call) and ast.unparse(call.func) == "course.trained"

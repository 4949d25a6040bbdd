"""By what a training is known again: its settings and the code that was executed."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import tokenize
from pathlib import Path
from typing import Any


def settings(full: dict[str, Any]) -> str:
    """Return the settings of the full profile as a line of JSON."""
    return json.dumps(full, sort_keys=True, default=repr)


def code(notebook: str) -> list[str]:
    """Return checksums of the cells tagged ``training`` that this kernel has executed.

    The tags are read from the notebook in the kernel's folder. Graded cells do not count: tests
    hold what students write in them to one behaviour.
    """
    path = Path.cwd() / f"{notebook.rpartition('/')[2]}.ipynb"
    sources = executed()
    cells = [
        plain("".join(cell["source"]))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if "training" in cell["metadata"].get("tags", []) and "nbgrader" not in cell["metadata"]
    ]
    checksums = [digest(source) for source in cells if source in sources]
    if not checksums or not has_executed(checksums):
        raise RuntimeError(
            "tag each cell that decides a training `training`: those of its data, its network and "
            "its fit, and those that assign one of their names again"
        )
    return checksums


def has_executed(checksums: list[str]) -> bool:
    """Say whether this kernel has executed these cells, and defined their names nowhere else since.

    Such another definition is mostly the same cell, edited and executed again.
    """
    sources = executed()
    newest = {name: digest(source) for source in sources for name in defined(source)}
    names = {digest(source): defined(source) for source in sources}
    return all(
        cell in names and all(newest[name] in checksums for name in names[cell])
        for cell in checksums
    )


_cells: list[str] = []  # the code of those that this kernel has executed since `watch`, in order


def watch(shell: Any) -> None:
    """Note the code of each cell from now on: nbval executes cells without the kernel's history."""
    shell.events.register("pre_run_cell", _note)  # IPython registers a function only once


def _note(info: Any) -> None:
    _cells.append(info.raw_cell)


def executed() -> list[str]:
    """Return the code of the cells that this kernel has executed since `watch`, the newest last."""
    return [plain(source) for source in _cells]


def defined(source: str) -> set[str]:
    """Return the names of the functions, classes and variables that a cell defines.

    The model that `Course.trained` hands back is the one that it was given, and no other.
    """
    try:
        nodes = ast.parse(source).body
    except SyntaxError:  # with a magic
        return set()
    assigned = [
        node
        for node in nodes
        if isinstance(node, ast.Assign)
        and getattr(getattr(node.value, "func", None), "attr", "") != "trained"
    ]
    parts = [part for node in assigned for target in node.targets for part in ast.walk(target)]
    names = {n.id for n in parts if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return names | {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}


def plain(source: str) -> str:
    """Return code without comments, docstrings and blank lines, the same in each Python.

    (What `ast.unparse` and `ast.dump` return changes from one Python to the next.)
    """
    lines = source.splitlines()
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # with a magic
        return source.strip()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            text = node.body[0]
            for row in range(max(text.lineno, node.lineno + 1), (text.end_lineno or 0) + 1):
                lines[row - 1] = ""
    return "\n".join(line.rstrip() for line in lines if line.strip())


def digest(text: str) -> str:
    """Return a checksum in sixteen digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]

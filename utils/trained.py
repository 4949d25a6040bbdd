"""Weights that the course trained, for the repetitions of an experiment that take too long.

The model that a page speaks of is trained on the page. Other seeds, or other arms of an experiment,
may continue with the course's weights where they would make the lesson too long:

>>> model = course.trained("unet", model)

They are loaded where all that decides a training is what it was when the course trained: the
shapes of the model's weights, the settings of the profile that the course trained with, and the
code of the cells tagged ``training``, which load the data, build the network and fit it. Else the
page continues with what was trained in it, and one line says why. ``python course.py train 02/01``
makes them.

Not noticed are changes in this package, in the samples of the course and in libraries. A cell
without the tag is noticed where it stores to a name of a cell with the tag, as ``pairs *= 2`` does;
``pairs.sort()`` is not noticed.
"""

from __future__ import annotations

import ast
import functools
import json
import time
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.core.files import build_folder, write_text
from utils import code, lessons
from utils.code import TRAINING, cells_of

if TYPE_CHECKING:
    import keras

TRAIN = "COURSE_TRAIN"  # set by `course.py train`: weights are saved instead of loaded

executed: list[str] = []  # the code of the cells that this kernel has executed, the newest last


def watch(shell: Any) -> None:
    """Note the code of each cell from now on: nbval executes cells without the kernel's history."""
    shell.events.register("pre_run_cell", _note)  # IPython registers a function only once


def _note(info: Any) -> None:
    try:
        ast.parse(info.raw_cell)
    except SyntaxError:  # with a magic: no cell of a training
        return
    executed.append(info.raw_cell)


# ------------------------------------------------------------------ the files of weights


def load(course: Any, name: str, model: keras.Model) -> str:
    """Load the course's weights where they fit, and print whether; return it as one word.

    ``course`` is the running `utils.Course`, whose module imports this one.
    """
    unit, notebook = course.notebook.split("/")
    makes = f"python course.py train {unit[:2]}/{notebook[:2]} makes them"
    place = folder_of(course.notebook)
    if not (place / f"{name}.toml").is_file():
        print(f"{name}: no weights yet ({makes}); the page continues with what was trained here.")
        return "missing"
    card = tomllib.loads((place / f"{name}.toml").read_text(encoding="utf-8"))
    values = saved(place / f"{name}.npz")
    same = {
        "another network": [v.shape for v in values] == [tuple(w.shape) for w in model.weights],
        "with other settings": card["settings"] == _settings(course),
        "with other code": has_executed(card["code"]),
    }
    if other := " and ".join(what for what, is_same in same.items() if not is_same):
        print(f"{name}: the course trained {other}; the page continues with what was trained here.")
        return "other"
    model.set_weights(values)
    if "used" in course.checkpoints.values():
        print(f"{name}: the course's weights are loaded, too.")
    else:
        print(f"{name}: weights that the course trained are loaded ({makes}).")
    return "used"


def save(course: Any, name: str, model: keras.Model) -> str:
    """Save the weights, and load them as they were saved, so that they are what is measured."""
    card: dict[str, Any] = {
        "date": date.today().isoformat(),
        "run_seconds": round(time.monotonic() - course.began),
        "settings": _settings(course),
        "code": code_of(course.notebook),
    }
    if getattr(model, "optimizer", None) is not None:
        card["steps"] = int(model.optimizer.iterations.numpy())
    place = training_folder() / course.notebook
    place.mkdir(parents=True, exist_ok=True)
    values = {str(i): half(v) for i, v in enumerate(model.get_weights())}
    np.savez_compressed(place / f"{name}.npz", **values)  # type: ignore[arg-type]
    model.set_weights(saved(place / f"{name}.npz"))
    lines = [f"{key} = {json.dumps(value)}" for key, value in card.items()]
    write_text(place / f"{name}.toml", "\n".join(lines) + "\n")
    return "trained"


def _settings(course: Any) -> str:
    return json.dumps(course.trained_with, sort_keys=True, default=repr)


def half(values: np.ndarray) -> np.ndarray:
    """Return weights in 16 bits a number, or as they are where one is too large for that.

    The last bit is 0: it holds a two-thousandth of a weight, and it is what compresses least.
    """
    if values.dtype != np.float32 or np.abs(values).max(initial=0) > np.finfo(np.float16).max:
        return values
    return (values.astype(np.float16).view(np.uint16) & 0xFFFE).view(np.float16)


def saved(path: Path) -> list[np.ndarray]:
    """Return the weights of a file, in the order of the model's."""
    with np.load(path, allow_pickle=False) as arrays:
        return [arrays[str(i)] for i in range(len(arrays.files))]


def folder_of(notebook: str) -> Path:
    """Return where the weights that a notebook trained are: with its lesson."""
    return lessons.folder(notebook) / "weights"


def training_folder() -> Path:
    """Return where `course.py train` finds what a run trained."""
    return build_folder() / "checkpoints"


# ------------------------------------------------------------------ the cells of a page


def part_of_page(notebook: str) -> str:
    """Return in which part of its page the running cell stands: "lesson" or "reproduction".

    It is "" where the page has no line, or the cell is none of the page's as it is saved.
    """
    path = page_of(notebook)
    if not executed or not path.is_file():
        return ""
    cells = [("".join(cell["source"]), code.is_below(cell)) for cell in cells_of(path)]
    parts = {below for source, below in cells if source == executed[-1]}
    if len(parts) != 1 or not any(below for _, below in cells):
        return ""
    return "reproduction" if parts.pop() else "lesson"


def page_of(notebook: str) -> Path:
    """Return the running notebook's file: kernels run in its folder."""
    return Path.cwd() / f"{notebook.rpartition('/')[2]}.ipynb"


# ------------------------------------------------------------------ the code of a training


def checksum(source: str) -> str:
    """Return the checksum of the code of one cell."""
    return code.checksum([source])


def code_of(notebook: str) -> list[str]:
    """Return checksums of the cells tagged ``training`` that this kernel has executed.

    The tags are read from the notebook in the kernel's folder. Graded cells do not count: tests
    hold what students write in them to one behaviour.
    """
    checksums = [
        checksum("".join(cell["source"]))
        for cell in cells_of(page_of(notebook))
        if TRAINING in cell["metadata"].get("tags", []) and "nbgrader" not in cell["metadata"]
    ]
    known = {checksum(source) for source in executed}
    checksums = [each for each in checksums if each in known]
    if not checksums or not has_executed(checksums):
        raise RuntimeError(
            "tag each cell that decides a training `training`: those of its data, its network and "
            "its fit, and those that assign one of their names again"
        )
    return checksums


def has_executed(checksums: list[str]) -> bool:
    """Say whether this kernel has executed these cells, and nothing else changed their names since.

    What else changes them is mostly the same cell, edited and executed again. The variables of
    loops, and ``_``, are not needed after their cell, so any other cell may have them as well.
    """
    names = {checksum(source): _changed(source) - _passing(source) for source in executed}
    newest = {name: checksum(source) for source in executed for name in _changed(source)}
    return all(
        cell in names and all(newest[name] in checksums for name in names[cell])
        for cell in checksums
    )


@functools.cache
def _changed(source: str) -> frozenset[str]:
    """Return the names of the functions, classes and variables that a cell defines or changes."""
    return frozenset(_stored(ast.parse(source)))


@functools.cache
def _passing(source: str) -> frozenset[str]:
    loops = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.For))
    return frozenset({"_"}.union(*(_stored(loop.target) for loop in loops)))


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

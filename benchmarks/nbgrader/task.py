"""A class of students and one light notebook; both sides grade the very same files."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.teach import generate
from tools.teach.grade import masters

STUDENTS = 60
UNIT = NAME = "01_light"
RIGHT = {
    "running_mean": "def running_mean(x, width):\n"
    "    total = np.cumsum(np.concatenate([[0.0], x]))\n"
    "    return (total[width:] - total[:-width]) / width",
    "one_hot": "def one_hot(labels, classes):\n    return np.eye(classes)[labels]",
}
WRONG = {
    "running_mean": "def running_mean(x, width):\n    return np.convolve(x, np.ones(width))",
    "one_hot": "def one_hot(labels, classes):\n    return np.eye(classes, dtype=int)[labels][:1]",
}
TESTS = {
    "running_mean": "np.testing.assert_allclose(running_mean(np.arange(5.0), 2), "
    "[0.5, 1.5, 2.5, 3.5], strict=True)\n### BEGIN HIDDEN TESTS\n"
    "np.testing.assert_allclose(running_mean(np.ones(9), 3), np.ones(7), strict=True)\n"
    "### END HIDDEN TESTS",
    "one_hot": "np.testing.assert_array_equal(one_hot(np.array([1, 0]), 3), "
    "[[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], strict=True)\n### BEGIN HIDDEN TESTS\n"
    "np.testing.assert_array_equal(one_hot(np.array([0, 1, 1]), 2), "
    "[[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]], strict=True)\n### END HIDDEN TESTS",
}
POINTS = {"running_mean": 3, "one_hot": 2}


def make(folder: Path, tier: str) -> dict[str, Any]:
    """Write the course's notebook, the submissions of a class, and the marks they earn."""
    source = folder / "notebooks" / UNIT
    source.mkdir(parents=True)
    nbformat.write(notebook(), source / f"{NAME}.ipynb")
    released = generate.student_version(UNIT, folder / "release", folder / "notebooks")
    blank = (released / f"{NAME}.ipynb").read_bytes()
    rng, earned = random.Random(0), {}
    for number in range(STUDENTS):
        student = f"student-{number:03}"
        filled = {}
        for name in RIGHT:
            kind = rng.choices(("right", "wrong", "left"), (70, 20, 10))[0]
            if kind != "left":
                filled[name] = {"right": RIGHT, "wrong": WRONG}[kind][name]
            earned.setdefault(student, {})[name] = POINTS[name] if kind == "right" else 0
        path = folder / "submitted" / student / UNIT / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(masters.filled(blank, filled))
    (folder / "earned.json").write_text(json.dumps(earned), encoding="utf-8")
    return {"items": STUDENTS, "what": "of one light notebook with two tasks"}


def notebook() -> Any:
    """Return the course's notebook: two tasks in NumPy."""
    cells = [
        new_markdown_cell("# Running means and one-hot labels", id="title"),
        new_code_cell("import numpy as np", id="imports", metadata={"tags": ["imports"]}),
    ]
    for name in RIGHT:
        marked = _marked(RIGHT[name])
        cells.append(new_code_cell(marked, id=name.replace("_", "-"), metadata=_block(name)))
        test = _block(f"test_{name}", POINTS[name])
        cells.append(new_code_cell(TESTS[name], id=f"test-{name.replace('_', '-')}", metadata=test))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _marked(source: str) -> str:
    head, _, body = source.partition("\n")
    return f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"


def _block(name: str, points: int | None = None) -> dict[str, Any]:
    test = points is not None
    block = {"grade": test, "grade_id": name, "locked": test, "schema_version": 3}
    block |= {"solution": not test, "task": False} | ({"points": points} if test else {})
    return {"nbgrader": block}


def judge(folder: Path, answers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], dict]:
    """Return the share of students whose marks are those they earned."""
    earned = json.loads((folder / "earned.json").read_text(encoding="utf-8"))
    return {
        key: {
            "right marks": sum(found.get(s) == marks for s, marks in earned.items()) / len(earned)
        }
        for key, found in answers.items()
    }

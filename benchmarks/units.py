"""Two units of one notebook each, one with tasks in NumPy and one with a layer in Keras."""

import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.notebook import assignment
from tools.notebook.common import ROOT
from tools.teach import generate


class Unit(NamedTuple):
    """A unit of one notebook, and the class that hands it in."""

    name: str  # of the unit and of its notebook
    students: int
    title: str
    imports: str
    right: dict[str, str]  # solutions by task
    wrong: dict[str, str]
    tests: dict[str, str]
    points: dict[str, int]
    adapter: dict[str, str] = {}  # noqa: RUF012  # what makes a function of a solution


LIGHT = Unit(
    name="01_light",
    students=60,
    title="Running means and one-hot labels",
    imports="import numpy as np",
    right={
        "running_mean": "def running_mean(x, width):\n"
        "    total = np.cumsum(np.concatenate([[0.0], x]))\n"
        "    return (total[width:] - total[:-width]) / width",
        "one_hot": "def one_hot(labels, classes):\n    return np.eye(classes)[labels]",
    },
    wrong={
        "running_mean": "def running_mean(x, width):\n    return np.convolve(x, np.ones(width))",
        "one_hot": "def one_hot(labels, classes):\n"
        "    return np.eye(classes, dtype=int)[labels][:1]",
    },
    tests={
        "running_mean": "np.testing.assert_allclose(running_mean(np.arange(5.0), 2), "
        "[0.5, 1.5, 2.5, 3.5], strict=True)\n### BEGIN HIDDEN TESTS\n"
        "np.testing.assert_allclose(running_mean(np.ones(9), 3), np.ones(7), strict=True)\n"
        "### END HIDDEN TESTS",
        "one_hot": "np.testing.assert_array_equal(one_hot(np.array([1, 0]), 3), "
        "[[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], strict=True)\n### BEGIN HIDDEN TESTS\n"
        "np.testing.assert_array_equal(one_hot(np.array([0, 1, 1]), 2), "
        "[[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]], strict=True)\n### END HIDDEN TESTS",
    },
    points={"running_mean": 3, "one_hot": 2},
)
KERAS = Unit(
    name="02_keras",
    students=24,
    title="A layer of attention",
    imports="import keras\nimport numpy as np",
    right={
        "Scores": "class Scores(keras.layers.Layer):\n    def call(self, x):\n"
        "        products = keras.ops.matmul(x, keras.ops.transpose(x, (0, 2, 1)))\n"
        "        return keras.ops.softmax(products / x.shape[-1] ** 0.5)",
    },
    wrong={
        "Scores": "class Scores(keras.layers.Layer):\n    def call(self, x):\n"
        "        products = keras.ops.matmul(x, keras.ops.transpose(x, (0, 2, 1)))\n"
        "        return keras.ops.softmax(products)",
    },
    tests={
        "Scores": "x = np.eye(2, dtype='float32')[None] * np.float32(np.log(3) * 2**0.5) ** 0.5\n"
        "np.testing.assert_allclose(scores(x), [[[0.75, 0.25], [0.25, 0.75]]], rtol=1e-5)\n"
        "### BEGIN HIDDEN TESTS\n"
        "np.testing.assert_allclose(scores(np.zeros((1, 4, 3), 'float32')), "
        "np.full((1, 4, 4), 0.25, 'float32'), strict=True)\n### END HIDDEN TESTS",
    },
    points={"Scores": 3},
    adapter={
        "Scores": "def scores(x):\n    return keras.ops.convert_to_numpy(Scores()(x))",
    },
)


def released(unit: Unit, source: Path, folder: Path) -> bytes:
    """Write a unit below ``source`` and its release below ``folder``; return what students get."""
    (source / unit.name).mkdir(parents=True)
    nbformat.write(notebook(unit), source / unit.name / f"{unit.name}.ipynb")
    given = generate.student_version(assignment.every(source)[unit.name], folder)
    return (given / f"{unit.name}.ipynb").read_bytes()


def checked(path: Path) -> bool:
    """Check a notebook as a student does, from a new process on; return whether all passes."""
    words = [sys.executable, "-m", "tools", "check", str(path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    return done.returncode == 0 and "tasks pass their visible tests" in done.stdout


def notebook(unit: Unit) -> Any:
    """Return the course's notebook of a unit."""
    cells = [
        new_markdown_cell(f"# {unit.title}", id="title"),
        new_code_cell(unit.imports, id="imports", metadata={"tags": ["imports"]}),
    ]
    for name in unit.right:
        word = name.replace("_", "-")
        cells.append(new_code_cell(_marked(unit.right[name]), id=word, metadata=_block(name)))
        if name in unit.adapter:
            told = _block(f"adapter_{name}", locked=True) | {"tags": ["adapter"]}
            cells.append(new_code_cell(unit.adapter[name], id=f"adapter-{word}", metadata=told))
        test = _block(f"test_{name}", unit.points[name])
        cells.append(new_code_cell(unit.tests[name], id=f"test-{word}", metadata=test))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _marked(source: str) -> str:
    head, _, body = source.partition("\n")
    return f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"


def _block(name: str, points: int | None = None, *, locked: bool = False) -> dict[str, Any]:
    test = points is not None
    block = {"grade": test, "grade_id": name, "locked": test or locked, "schema_version": 3}
    block |= {"solution": not test and not locked, "task": False}
    return {"nbgrader": block | ({"points": points} if test else {})}

"""A course of one small notebook, for the tests of the grader."""

import functools
import io
import json
import zipfile
from datetime import datetime

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.notebook.cells import fingerprint
from tools.teach.grade.sandbox import Limits
from tools.teach.grade.submission import Job

SECRET = "hidden-7f3a91"  # stands in the hidden test alone
DOUBLE = "def double(x):\n    return 2 * x"
CENTRE = "def centre(a):\n    return a - a.mean(axis=0)"
COUNTER = '''class Counter:
    """A sum that grows by a step, int, at each call."""

    def __init__(self, start):
        ### BEGIN SOLUTION
        self.total = start

    def __call__(self, step):
        self.total = self.total + step
        return self.total
        ### END SOLUTION'''
ADAPTER = '''def totals(start: int, steps: list[int]) -> list[int]:
    """Return the sums after each of the steps, int."""
    counter = Counter(start)
    return [counter(step) for step in steps]'''
COUNTED = """assert totals(1, [2, 3]) == [3, 6]
### BEGIN HIDDEN TESTS
assert totals(-4, [1, 1, 1]) == [-3, -2, -1]
assert totals(5, []) == []
### END HIDDEN TESTS"""
LAYER = '''class Scores(keras.layers.Layer):
    """Softmax of x, float32 (n, f), times a kernel, float32 (f, units)."""

    def __init__(self, units):
        super().__init__()
        self.dense = keras.layers.Dense(units, use_bias=False)

    def call(self, x):
        ### BEGIN SOLUTION
        return keras.ops.softmax(self.dense(x), axis=-1)
        ### END SOLUTION'''
LAYER_ADAPTER = '''def forward(kernel: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the layer's answer, float32 (n, units), with a kernel, float32 (f, units)."""
    layer = Scores(kernel.shape[1])
    layer(x)
    layer.set_weights([kernel])
    return keras.ops.convert_to_numpy(layer(x))'''
LAYER_TEST = """x = np.array([[0.0, 0.0], [np.log(3.0), 0.0]], "float32")
first = np.array([[0.5, 0.5], [0.75, 0.25]], "float32")
np.testing.assert_allclose(forward(np.eye(2, dtype="float32"), x), first, rtol=1e-5, strict=True)
### BEGIN HIDDEN TESTS
kernel = np.array([[2.0, 0.0], [0.0, 1.0]], "float32")
second = np.array([[0.5, 0.5], [0.9, 0.1]], "float32")
np.testing.assert_allclose(forward(kernel, x), second, rtol=1e-5, strict=True)
### END HIDDEN TESTS"""
QUICK = Limits(
    call_seconds=4.0,
    task_seconds=15.0,
    seconds=120.0,
    patience=20.0,  # by the clock on the wall: a busy machine may be slow to come to a sandbox
    memory=2_000_000_000,
    all_memory=700_000_000,
    processes=48,
    scratch=16_000_000,
    output=1_000_000,
)


def block(name, *, grade=False, solution=False, points=None):
    locked = (grade and not solution) or name.startswith("adapter_")
    metadata = {"grade": grade, "grade_id": name, "locked": locked}
    metadata |= {"schema_version": 3, "solution": solution, "task": False}
    return {"nbgrader": metadata | ({"points": points} if points else {})}


def course():
    """Return the course's notebook: two tasks of 2 and 3 points, an open question of 4."""
    double = f"""assert double(3) == 6
### BEGIN HIDDEN TESTS
assert double(-2.5) == -5.0, "{SECRET}"
np.testing.assert_array_equal(double(np.arange(3)), [0, 2, 4], strict=True)
### END HIDDEN TESTS"""
    centre = """a = np.array([[1.0, 2.0], [3.0, 6.0]])
np.testing.assert_allclose(centre(a), [[-1.0, -2.0], [1.0, 2.0]], strict=True)
### BEGIN HIDDEN TESTS
np.testing.assert_allclose(centre(np.arange(3.0)), np.arange(3.0) - 1, strict=True)
### END HIDDEN TESTS"""
    cells = [
        new_markdown_cell("# Small"),
        new_code_cell("import numpy as np", metadata={"tags": ["imports"]}),
        new_code_cell(DOUBLE, metadata=block("double", solution=True)),
        new_code_cell(double, metadata=block("test_double", grade=True, points=2)),
        new_code_cell(CENTRE, metadata=block("centre", solution=True)),
        new_code_cell(centre, metadata=block("test_centre", grade=True, points=3)),
        new_markdown_cell(
            "Because the mean is 0.", metadata=block("a_why", grade=True, solution=True, points=4)
        ),
    ]
    return new_notebook(cells=cells)


def course_with_adapter(name, solution, adapter, test, imports="import numpy as np"):
    """Return a notebook of one task of 3 points, whose test asks an adapter, beside ``double``."""
    small = course().cells
    cells = [
        new_markdown_cell("# Small"),
        new_code_cell(imports, metadata={"tags": ["imports"]}),
        new_code_cell(solution, metadata=block(name, solution=True)),
        new_code_cell(adapter, metadata=block(f"adapter_{name}") | {"tags": ["adapter"]}),
        new_code_cell(test, metadata=block(f"test_{name}", grade=True, points=3)),
        *(c for c in small if "double" in c.metadata.get("nbgrader", {}).get("grade_id", "")),
    ]
    return new_notebook(cells=cells)


@functools.cache
def course_text():
    """Return the course's notebook as JSON, the same each time."""
    return nbformat.writes(course())


def locked():
    """Return the SHA-256 of the locked cells."""
    return {
        name: fingerprint(c.source)
        for c in course().cells
        if (name := c.metadata.get("nbgrader", {}).get("grade_id", "")).startswith("test_")
    }


def handed_in(**sources):
    """Return a student's file: the course's notebook with other sources in named cells."""
    content = json.loads(course_text())
    for cell in content["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell["source"] = sources[name]
    return json.dumps(content).encode()


def job(content=None, student="ada", **options):
    """Return the work for one student's file."""
    content = handed_in() if content is None else content
    options = {"limits": QUICK, "locked": locked()} | options
    return Job(student, "01_small", "01_small", content, course_text(), **options)


def by_task(outcome):
    """Return the tasks of an outcome by name."""
    return {t["task"]: t for t in outcome["tasks"]}


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    """Return a zip of (name, content) or (name, content, time in seconds)."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as archive:
        for name, content, *when in members:
            if when:
                name = zipfile.ZipInfo(name, datetime.fromtimestamp(*when).timetuple()[:6])
            archive.writestr(name, content, method)
    return memory.getvalue()

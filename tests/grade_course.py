"""A course of one small notebook, for the tests of the grader."""

import functools
import json

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.cells import fingerprint
from tools.grade.examine import Job
from tools.grade.sandbox import Limits

SECRET = "hidden-7f3a91"  # stands in the hidden test alone
DOUBLE = "def double(x):\n    return 2 * x"
CENTRE = "def centre(a):\n    return a - a.mean(axis=0)"
QUICK = Limits(
    call_seconds=4.0,
    task_seconds=15.0,
    seconds=40.0,
    memory=2_000_000_000,
    all_memory=700_000_000,
    processes=48,
    scratch=16_000_000,
    output=1_000_000,
)


def block(name, *, grade=False, solution=False, points=None):
    found = {"grade": grade, "grade_id": name, "locked": grade and not solution}
    found |= {"schema_version": 3, "solution": solution, "task": False}
    return {"nbgrader": found | ({"points": points} if points else {})}


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

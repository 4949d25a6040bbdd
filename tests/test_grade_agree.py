"""A notebook, check and grade judge alike; what a hidden test asks stays with the grader."""

import os
from dataclasses import replace
from pathlib import Path

import grade_agree as agree
import nbformat
import pytest
from grade_course import QUICK, block, by_task, course, handed_in, job
from grade_sandboxed import in_sandbox
from nbformat.v4 import new_code_cell, new_notebook

from tools.notebook import tasks
from tools.notebook.common import Notebook
from tools.notebook.processes import run_in_process
from tools.teach.grade import run_tasks, submission
from tools.teach.grade.submission import examine

# Tests that meet what differs between processes: arguments used again, errstate, kinds of errors.
SHARE = '''def share(counts):
    """Return the parts of a whole, float64; ValueError for none."""
    ### BEGIN SOLUTION
    if not len(counts):
        raise ValueError("no counts")
    total = np.sum(counts)
    return counts / total if total else np.zeros(len(counts))
    ### END SOLUTION'''
SHARE_TEST = """counts = np.array([1.0, 3.0])
np.testing.assert_allclose(share(counts), [0.25, 0.75], strict=True)
np.testing.assert_allclose(share(counts).sum(), 1.0)
### BEGIN HIDDEN TESTS
with np.errstate(all="raise"):
    np.testing.assert_array_equal(share(np.zeros(2)), np.zeros(2), strict=True)
try:
    share(np.zeros(0))
except ValueError:
    pass
else:
    raise AssertionError("no counts must raise ValueError")
### END HIDDEN TESTS"""


def lesson():
    """Return a notebook of a task whose tests are hard to hold across processes."""
    cells = [
        new_code_cell("import numpy as np", metadata={"tags": ["imports"]}),
        new_code_cell(SHARE, metadata=block("share", solution=True)),
        new_code_cell(SHARE_TEST, metadata=block("test_share", grade=True, points=2)),
    ]
    return new_notebook(cells=cells)


@in_sandbox
def test_a_notebook_check_and_grade_agree_on_a_course_in_small(tmp_path, monkeypatch):
    path = tmp_path / "01_small" / "01_small.ipynb"
    path.parent.mkdir()
    nbformat.write(lesson(), path)
    # A process of its own imports ``grade_agree``.
    folders = (str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, folders)))
    (known,) = tasks.tasks_of(Notebook(path))
    work = submission.unanswered(known)
    graded = {change: work | {"answer": source} for change, source in agree.changes(known).items()}
    run_tasks.run(list(graded.values()), replace(QUICK, seconds=10_000.0))
    differ = {}
    for change, errors in run_in_process(agree.in_process, path).items():
        signs = "".join("-" if error else "+" for error in errors)
        signs += "+" if graded[change]["verdict"] == "pass" else "-"
        if signs != change[0]:
            differ[change] = *errors, graded[change]["reason"]
    assert differ == {}
    reason = graded["---", "zeroes arguments after"]["reason"]
    assert reason.splitlines()[-1].startswith("share ")


def test_check_says_who_changes_an_argument():
    task = tasks.tasks_among(lesson().cells, "u/n")[0]
    messages = []
    spoils = task.solution.replace("total = np", "counts[:] = 0\n    total = np")
    assert tasks.outcome(task, spoils, task.visible, explained=messages).startswith(
        "AssertionError"
    )
    assert any(message.startswith("share ") for message in messages)


KEEPS = {
    "in a module": ("import sys\nsys.kept = []\n", "sys.kept.append({x})", "sys.kept"),
    "in a file": (
        "import pathlib\nkept = pathlib.Path('/tmp/kept')\nkept.touch()\n",
        "kept.write_text(kept.read_text() + repr({x}))",
        "kept.read_text()",
    ),
}


@in_sandbox
@pytest.mark.parametrize("name", KEEPS)
@pytest.mark.parametrize("has_hidden", [True, False], ids=["hidden", "all visible"])
def test_what_a_hidden_test_asks_is_told_nobody(name, has_hidden, monkeypatch):
    first, keep, read = KEEPS[name]
    double = f"{first}def double(x):\n    {keep.format(x='x')}\n    return 2 * x"
    later = first.replace("sys.kept = []", "").replace("kept.touch()", "")
    centre = f"{later}def centre(a):\n    if '-2.5' in str({read}):\n"
    centre += f"        raise LookupError(str({read}))\n    return a - a.mean(axis=0)"
    known = course()
    if not has_hidden:  # then all of it runs again once the first task's hidden test has run
        known.cells[5].source = tasks.without_hidden(known.cells[5].source)
    work = job(handed_in(double=double, centre=centre))
    work = replace(work, course=nbformat.writes(known))
    # In a fresh sandbox, there is nothing to tell; here, the second task meets what was kept.
    monkeypatch.setattr(run_tasks, "AGAIN", set())
    graded = by_task(examine(work))
    assert graded["double"]["points"] == 2
    assert graded["centre"]["verdict"] == "fail" and "-2.5" in graded["centre"]["detail"]
    assert graded["centre"]["reason"] == (run_tasks.FAILS if has_hidden else run_tasks.FAILS_AGAIN)

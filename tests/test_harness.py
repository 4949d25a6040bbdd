"""A task whose student writes a class: a harness cell turns it into functions that are graded."""

import json
import os
import textwrap

import nbformat
import pytest
from grade_course import (
    COUNTED,
    COUNTER,
    HARNESS,
    LAYER,
    LAYER_HARNESS,
    LAYER_TEST,
    QUICK,
    by_task,
    course_with_harness,
)

from tools.learn import check
from tools.notebook import tasks
from tools.notebook.common import Notebook
from tools.teach import generate
from tools.teach.grade import sandbox
from tools.teach.grade.sandbox import Limits
from tools.teach.grade.submission import Job, examine

UNIT, NAME = "01_small", "01_small"
WHY_NOT = sandbox.why_not()
sandboxed = pytest.mark.skipif(bool(WHY_NOT), reason=f"no sandbox here: {WHY_NOT}")
# CI has bubblewrap: there, these tests may not be skipped in silence.
if os.environ.get("CI") and WHY_NOT:
    pytest.fail(f"the tests of the sandbox must run in CI: {WHY_NOT}", pytrace=False)
WRONG = {
    "forgets": """
        class Counter:
            def __init__(self, start):
                self.start = start
            def __call__(self, step):
                return self.start + step
        """,
    "visible_answer": """
        class Counter:
            def __init__(self, start):
                self.answers = iter([3, 6, 6])
            def __call__(self, step):
                return next(self.answers)
        """,
}
HOSTILE = {
    # What the harness defines takes the place of a function of the same name.
    "own harness": """
        class Counter: pass
        def totals(start, steps):
            return [start + sum(steps[: i + 1]) for i in range(len(steps))]
        """,
    "harness patched later": """
        import threading, time
        def patch():
            while True:
                globals()["totals"] = lambda start, steps: [3, 6]
        threading.Thread(target=patch, daemon=True).start()
        class Counter: pass
        """,
    "exec patched": """
        import builtins
        builtins.exec = lambda *args: None
        totals = lambda start, steps: [3, 6]
        """,
    "equal to all": """
        class Every(int):
            def __eq__(self, other): return True
        class Counter:
            def __init__(self, start): pass
            def __call__(self, step): return Every()
        """,
    "the harness's text": """
        import pathlib, sys
        text = " ".join(str(getattr(m, "__dict__", "")) for m in list(sys.modules.values()))
        frame = sys._getframe()
        while frame:
            text += str(frame.f_locals)
            frame = frame.f_back
        assert "-4" + ", [1, 1, 1]" not in text  # the hidden test is not in this process
        raise NameError("not there")
        """,
}


@pytest.fixture
def notebook(tmp_path):
    """Return the course's notebook with a harness, in a folder of units."""
    path = tmp_path / "notebooks" / UNIT / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(course_with_harness("counter", COUNTER, HARNESS, COUNTED), path)
    return Notebook(path)


def job(content, **sources):
    """Return the work for a student's file: the course's notebook with other cells; None drops."""
    course, handed_in = nbformat.writes(content), json.loads(nbformat.writes(content))
    for cell in list(handed_in["cells"]):
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell["source"] = sources[name]
            if sources[name] is None:
                handed_in["cells"].remove(cell)
    described = tasks.describe(content.cells)["locked"]
    return Job("ada", UNIT, NAME, json.dumps(handed_in).encode(), course, described, limits=QUICK)


def graded(**sources):
    """Return the outcome of a submission to the course with the counter."""
    return examine(job(course_with_harness("counter", COUNTER, HARNESS, COUNTED), **sources))


def test_a_task_has_its_harness_wherever_a_student_moves_it(notebook):
    counter, double = tasks.tasks_of(notebook)
    assert (counter.name, counter.harness, counter.points) == ("counter", HARNESS, 3)
    assert (double.name, double.harness) == ("double", "")
    notebook.content.cells.reverse()
    assert tasks.tasks_among(notebook.content.cells, "x")[1].harness == HARNESS


def test_check_runs_the_harness(notebook, capsys):
    check.check_notebook(notebook)
    text = capsys.readouterr().out
    assert "passes    counter (3 points)" in text and "2 of 2 tasks pass" in text
    notebook.content.cells[2].source = tasks.empty(COUNTER)
    nbformat.write(notebook.content, notebook.path)
    check.check_notebook(Notebook(notebook.path))
    assert "unsolved  counter (3 points)" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.xdist_group("nbgrader")
def test_release_keeps_the_harness_and_lists_it_as_locked(notebook, tmp_path):
    folder = generate.student_version(UNIT, tmp_path / "course", tmp_path / "notebooks")
    released = Notebook(folder / f"{NAME}.ipynb")
    (counter, _), described = tasks.tasks_of(released), tasks.describe(released.content.cells)
    assert counter.harness == HARNESS and tasks.STUB in counter.solution
    assert set(described["locked"]) == {"harness_counter", "test_counter", "test_double"}


@pytest.mark.slow
@sandboxed
@pytest.mark.parametrize("name", [*WRONG, *HOSTILE])
def test_wrong_and_hostile_classes_get_no_points(name):
    source = textwrap.dedent((WRONG | HOSTILE)[name])
    outcome = by_task(graded(counter=source))
    assert outcome["counter"]["points"] == 0, outcome["counter"]
    assert outcome["counter"]["verdict"] in ("fail", "died", "timeout", "unreadable")
    assert outcome["double"]["points"] == 2


LAYER_ATTACKS = {
    "wrong axis": LAYER.replace("axis=-1", "axis=0"),
    "visible answer by patched ops": LAYER
    + """
keras.ops.convert_to_numpy = lambda x: np.array([[0.5, 0.5], [0.75, 0.25]], "float32")
""",
    "patched comparison": LAYER.replace("axis=-1", "axis=0")
    + "\nnp.testing.assert_allclose = lambda *args, **more: None\n",
}


@pytest.mark.slow
@sandboxed
def test_a_keras_layer_runs_and_learns_in_the_sandbox():
    content = course_with_harness(
        "scores", LAYER, LAYER_HARNESS, LAYER_TEST, "import keras\nimport numpy as np"
    )
    for name, source in {"right": LAYER, "empty": tasks.empty(LAYER), **LAYER_ATTACKS}.items():
        work = job(content, scores=source)
        outcome = examine(Job(**{**vars(work), "limits": Limits()}))
        verdict = {"right": "pass", "empty": "unsolved"}.get(name, "fail")
        task = by_task(outcome)["scores"]
        assert task["verdict"] == verdict, (name, task)
        assert task["points"] == (3 if name == "right" else 0)

"""A task whose student writes a class: an adapter cell turns it into functions that are graded."""

import copy
import textwrap

import grade_course as small
import nbformat
import pytest
from grade_sandboxed import in_sandbox

from tools.learn import check
from tools.notebook import tasks
from tools.notebook.cells import grading
from tools.notebook.common import Notebook
from tools.teach.grade.sandbox import Limits
from tools.teach.grade.submission import Job, examine
from tools.write import graded_rules

ATTACKS = {
    # What the adapter defines takes the place of a function of the same name.
    "own adapter": """
        class Counter: pass
        def totals(start, steps):
            return [start + sum(steps[: i + 1]) for i in range(len(steps))]
        """,
    "adapter patched later": """
        import threading, time
        def patch():
            while True:
                globals()["totals"] = lambda start, steps: [3, 6]
        threading.Thread(target=patch, daemon=True).start()
        class Counter: pass
        """,
    "the adapter's text": """
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


COURSE = small.course_with_adapter("counter", small.COUNTER, small.ADAPTER, small.COUNTED)


@pytest.fixture
def notebook(tmp_path):
    """Return the course's notebook with an adapter, in a folder of units."""
    path = tmp_path / "01_small" / "01_small.ipynb"
    path.parent.mkdir()
    nbformat.write(COURSE, path)
    return Notebook(path)


def outcome_of(content, limits, **sources):
    """Return the tasks of a student's file: the course's notebook with other cells."""
    handed_in = copy.deepcopy(content)
    for cell in handed_in.cells:
        cell.source = sources.get(grading(cell).get("grade_id"), cell.source)
    locked = tasks.describe(content.cells)["locked"]
    files = (nbformat.writes(handed_in).encode(), nbformat.writes(content))
    job = Job("ada", "01_small", "01_small", *files, locked, limits=limits)
    return small.by_task(examine(job))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda cells: cells[3].metadata.nbgrader.update(grade_id="x"), "id 'adapter_counter'"),
        (lambda cells: cells[3].metadata.nbgrader.update(locked=False), "'adapter_counter'"),
        (lambda cells: cells[3].update(source="assert totals(1, [])"), "assert"),
        (lambda cells: cells.insert(1, cells.pop(3)), "adapter"),
    ],
)
def test_an_adapter_cell_is_locked_and_stands_behind_its_class(notebook, change, fault):
    assert "adapter" not in "\n".join(graded_rules.graded(notebook))
    change(notebook.content.cells)
    assert fault in "\n".join(graded_rules.graded(notebook))


def test_check_runs_the_adapter(notebook, capsys):
    check.check_notebook(notebook)
    assert "passes    counter (3 points)" in capsys.readouterr().out
    del notebook.content.cells[3].metadata["tags"]  # as some editors do
    nbformat.write(notebook.content, notebook.path)
    check.check_notebook(Notebook(notebook.path))
    assert "passes    counter (3 points)" in capsys.readouterr().out
    notebook.content.cells[2].source = tasks.empty(small.COUNTER)
    nbformat.write(notebook.content, notebook.path)
    check.check_notebook(Notebook(notebook.path))
    assert "unsolved  counter (3 points)" in capsys.readouterr().out


@in_sandbox
@pytest.mark.parametrize("name", ATTACKS)
def test_wrong_and_hostile_classes_get_no_points(name):
    results = outcome_of(COURSE, small.QUICK, counter=textwrap.dedent(ATTACKS[name]))
    assert results["counter"]["points"] == 0, results["counter"]
    assert results["counter"]["verdict"] in ("fail", "died", "timeout", "unreadable")
    assert results["double"]["points"] == 2


LAYERS = {
    "pass": small.LAYER,
    "fail": small.LAYER.replace("axis=-1", "axis=0")
    + "\nnp.testing.assert_allclose = lambda *args, **more: None\n",
}


@in_sandbox
@pytest.mark.xdist_group("Keras in sandboxes")
@pytest.mark.parametrize("verdict", LAYERS)
def test_a_keras_layer_runs_and_learns_in_the_sandbox(verdict):
    parts = (small.LAYER, small.LAYER_ADAPTER, small.LAYER_TEST, "import keras\nimport numpy as np")
    content = small.course_with_adapter("scores", *parts)
    task = outcome_of(content, Limits(), scores=LAYERS[verdict])["scores"]
    assert (task["verdict"], task["points"]) == (verdict, 3 * (verdict == "pass")), task

"""`course.solution`: a task's solution, printed and defined where someone is stuck."""

import json

import pytest
from IPython.core.interactiveshell import InteractiveShell

import utils
from utils import solutions

NAME = "98_trial/01_trial"
SOLUTION = '''def double(x):
    """Return 2 x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION'''


def cell(source, **metadata):
    return {"cell_type": "code", "source": source, "metadata": metadata}


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Return a course whose only notebook has one task."""
    graded = {"grade_id": "double", "solution": True, "grade": False}
    path = tmp_path / "notebooks" / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    cells = [cell("x = 1"), cell(SOLUTION, nbgrader=graded)]
    path.write_text(json.dumps({"cells": cells}))
    monkeypatch.setattr(solutions, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(solutions, "RELEASED", tmp_path / "release.json")
    return path


@pytest.fixture
def shell():
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_a_solution_is_printed_and_defined(notebook, shell, capsys):
    course = utils.start(NAME)
    shell.run_cell("def double(x):\n    raise NotImplementedError", silent=True)
    course.solution("double")
    text = capsys.readouterr().out
    assert "return 2 * x" in text and "SOLUTION" not in text
    assert shell.user_ns["double"](4) == 8


def test_a_test_cell_that_passes_says_so(notebook, shell, capsys):
    page = json.loads(notebook.read_text())
    graded = {"grade_id": "test_double", "solution": False, "grade": True, "points": 1}
    page["cells"].append(cell("assert True", nbgrader=graded) | {"id": "a"})
    notebook.write_text(json.dumps(page))
    utils.start(NAME)
    utils.start(NAME)  # a person runs the cell again
    for source, cell_id in [("assert True", "a"), ("assert False", "a"), ("assert True", "b")]:
        shell.run_cell(source, cell_id=cell_id)
    assert capsys.readouterr().out.count("double passes") == 1


def test_a_name_that_a_cell_above_defines_is_told_with_that_cell(notebook, shell, capsys):
    utils.start(NAME)
    shell.run_cell("print(x)")
    shell.run_cell("print(y)")
    text = capsys.readouterr().out
    assert "x is defined in the cell that begins `x = 1`" in text and "y is defined" not in text


def test_what_cannot_be_solved_here_says_so(notebook, shell):
    with pytest.raises(ValueError, match="'triple'.*'double'"):
        utils.start(NAME).solution("triple")
    solutions.RELEASED.write_text("{}")
    with pytest.raises(RuntimeError):
        utils.start(NAME).solution("double")


def test_outside_a_notebook_nothing_is_defined(notebook):
    with pytest.raises(RuntimeError):
        utils.start(NAME).solution("double")

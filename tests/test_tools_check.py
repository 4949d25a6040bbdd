"""What a student is told of their own copy: solved, edited, missing, doubled, without an end."""

import json
import os
import zipfile

import nbformat
import pytest

from tools.learn import check, work
from tools.notebook import common, matching, tasks
from tools.notebook.cells import grading
from tools.notebook.common import Notebook, Problem, select


@pytest.fixture
def student(template, monkeypatch, tmp_path):
    """Return a released notebook, and let this folder know what it was released with."""
    for cell in template.content.cells:
        cell.source = tasks.without_hidden(tasks.empty(cell.source))
        if grading(cell).get("grade_id", "").startswith("a_"):
            cell.source = "YOUR ANSWER HERE"
    nbformat.write(template.content, template.path)
    record = tmp_path / "release.json"
    record.write_text(
        json.dumps({"notebooks": {template.name: tasks.describe(template.content.cells)}})
    )
    for module in (check, work):
        monkeypatch.setattr(module, "RELEASED", record)
    for module in (common, work):
        monkeypatch.setattr(module, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(common, "ROOT", tmp_path)
    monkeypatch.setattr(check, "BUILD", tmp_path / "build")
    return template


def index(notebook, grade_id):
    return [grading(c).get("grade_id") for c in notebook.content.cells].index(grade_id)


def change(notebook, grade_id, source):
    """Write the notebook with one graded cell changed, and return it as read again."""
    notebook.content.cells[index(notebook, grade_id)].source = source
    nbformat.write(notebook.content, notebook.path)
    return Notebook(notebook.path)


def test_a_missing_cell_is_told_with_the_remedy(student, capsys):
    del student.content.cells[index(student, "powers")]
    nbformat.write(student.content, student.path)
    assert check.main([str(student.path)]) == 1
    text = capsys.readouterr().out
    assert f"powers: {matching.MISSING}" in text and "from the zip that you were given" in text


def test_a_cell_of_ones_own_between_a_task_and_its_test_is_allowed(student):
    own = nbformat.v4.new_code_cell("print('trying')")
    student.content.cells.insert(index(student, "test_powers"), own)
    nbformat.write(student.content, student.path)
    copy = Notebook(student.path)
    assert check.compare(copy, check.given(copy), [])["mend"] == []
    assert [t.name for t in tasks.tasks_of(copy)] == ["powers", "mean_squared_error"]


def test_a_split_cell_is_told_once(student, capsys):
    own = nbformat.v4.new_code_cell(f"    {RIGHT}")
    student.content.cells.insert(index(student, "powers") + 1, own)
    change(student, "powers", "def powers(x, degree):")
    assert check.main([str(student.path)]) == 1
    text = capsys.readouterr().out
    assert f"powers (2 points): {check.SPLIT}" in text and text.count(check.SPLIT) == 1


def test_a_copy_elsewhere_is_compared_with_what_the_course_gives(tmp_path, capsys):
    given = select(["05/02"])[0]
    content = work.unsolved(given)
    lost = tasks.tasks_of(given)[0].name
    content.cells = [c for c in content.cells if not grading(c).get("grade_id", "").endswith(lost)]
    nbformat.write(content, tmp_path / given.path.name)
    assert check.main([str(tmp_path / given.path.name)]) == 1
    text = capsys.readouterr().out
    assert f"{lost}: {matching.MISSING}" in text
    assert f"0 of {len(tasks.tasks_of(given))} tasks pass" in text


CAUGHT = """while True:
        try:
            1
        except BaseException:
            pass"""
IN_C = "return sum(range(10**18))"  # Python can't interrupt it


def test_a_loop_without_end_costs_its_own_task_alone(student, monkeypatch, capsys):
    monkeypatch.setattr(check, "SECONDS", 1.5)
    change(student, "powers", f"def powers(x, degree):\n    {IN_C}\n")
    copy = change(student, "mean_squared_error", f"def mean_squared_error(a, b):\n    {CAUGHT}\n")
    first, second = check.outcomes(copy, check.given(copy))
    for found in (first, second):
        assert found["error"].startswith("not finished after 1.5 s")
    assert first["told"] == [f"line 2 of your cell: {IN_C}"]
    assert second["told"][0].startswith("line ")


@pytest.mark.parametrize("call", ["raise SystemExit", "import os; os._exit(0)"])
def test_a_call_that_ends_python_is_no_pass(student, call, capsys):
    copy = change(student, "powers", f"def powers(x, degree):\n    {call}\n")
    assert check.check_notebook(copy) == 1
    text = capsys.readouterr().out
    assert "fails     powers" in text and "Python ended here" in text
    assert "unsolved  mean_squared_error" in text  # the task after it is run all the same
    assert "0 of 2 tasks pass" in text


RIGHT = "return x[:, None] ** np.arange(degree + 1.0)"
PRINTS = {
    "no end of line": "print('trying', end='')",
    "other letters": "print('\u03b1 \u2713')",
    "no text at all": "import os; os.write(1, b'\\xff')",
    "another task's outcome": """print('\\n{"task": "mean_squared_error", "error": ""}')""",
}


@pytest.mark.parametrize("name", PRINTS)
def test_what_a_function_prints_changes_no_outcome(student, name, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")  # as a terminal of Windows may have it
    copy = change(student, "powers", f"def powers(x, degree):\n    {PRINTS[name]}\n    {RIGHT}\n")
    first, second = check.outcomes(copy, check.given(copy))
    assert first == {"task": "powers", "points": 2, "error": "", "told": []}
    assert second["task"] == "mean_squared_error"
    assert second["error"].startswith("NotImplementedError")


def test_pack_holds_unit_and_notebook_and_tells_what_is_left(student, capsys):
    os.utime(student.path, (0, 0))  # as a zip from another time zone may leave it
    assert check.main(["--pack", "98", "--name", "Ada Love"]) == 1
    text = capsys.readouterr().out
    assert "0 of 2 tasks pass their visible tests" in text and "has no answer yet" in text
    with zipfile.ZipFile(check.BUILD / "ada_love_98_trial.zip") as archive:
        assert archive.namelist() == ["98_trial/01_trial.ipynb"]
        assert archive.read("98_trial/01_trial.ipynb") == student.path.read_bytes()
    assert [p.name for p in check.BUILD.iterdir()] == ["ada_love_98_trial.zip"]


def test_pack_tells_edited_cells_and_missing_notebooks(student, capsys):
    record = json.loads(check.RELEASED.read_text())
    record["notebooks"]["98_trial/02_gone"] = {"cells": {}, "locked": {}, "given": []}
    check.RELEASED.write_text(json.dumps(record))
    change(student, "test_powers", "assert True")
    assert check.main(["--pack", "98_trial", "--name", "Ada Love"]) == 1
    text = capsys.readouterr().out
    assert f"test_powers: {matching.EDITED}" in text
    assert "notebooks/98_trial/02_gone.ipynb is missing" in text
    assert (check.BUILD / "ada_love_98_trial.zip").is_file()


def test_what_is_no_notebook_is_told_with_the_remedy_and_not_packed(student, capsys):
    student.path.write_text("{ half a notebook")
    message = "is damaged, no notebook any more: move it away, and take it again from the zip"
    with pytest.raises(Problem, match=message):
        check.main(["--pack", "98"])
    assert not check.BUILD.exists()
    assert check.main(["98"]) == 1 and message in capsys.readouterr().out


def test_a_task_whose_test_was_edited_does_not_count(student, capsys):
    change(student, "powers", f"def powers(x, degree):\n    {RIGHT}\n")
    edited = change(Notebook(student.path), "test_powers", "assert True")
    assert check.check_notebook(edited) == 1
    text = capsys.readouterr().out
    assert "fails     powers (2 points): its test was edited" in text
    assert "0 of 2 tasks pass" in text

"""How far a learner is: from what check saved, never from code that changed since."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from tools.learn import check, progress, work
from tools.notebook.cells import grading, is_question
from tools.notebook.common import Notebook, all_notebooks
from tools.notebook.names import STUB
from tools.notebook.tasks import Task, outcome, tasks_of


@pytest.fixture
def copies(tmp_path, monkeypatch):
    """Two notebooks of the course without their solutions, in a folder of their own."""
    chosen = [n for n in all_notebooks() if n.id in ("05/01", "05/02")]
    monkeypatch.setattr(work, "WORK", tmp_path / "work")
    monkeypatch.setattr(progress, "select", lambda names: chosen)
    work.prepare(chosen)
    return chosen


def solve(given: Notebook, names: list[str], more: str = "") -> Notebook:
    """Write an answer, the course's solutions of some tasks and something more into the copy."""
    copy = Notebook(work.folder() / f"{given.name}.ipynb")
    solutions = {t.name: t.solution for t in tasks_of(given)}
    for cell in copy.content.cells:
        if (name := grading(cell).get("grade_id")) in names:
            cell.source = solutions[name] + more
        elif is_question(cell):
            cell.source = "Because."
    nbformat.write(copy.content, copy.path)
    return Notebook(copy.path)


def output(capsys):
    """Return what `progress` prints."""
    capsys.readouterr()
    assert progress.main([]) == 0
    return capsys.readouterr().out


def test_a_task_passes_as_long_as_its_code_is_what_was_checked(copies, capsys):
    own = tasks_of(copies[0])
    every = [task for notebook in copies for task in tasks_of(notebook)]
    fresh = output(capsys)
    assert f"0 of {len(every)} tasks pass" in fresh and "begun:" not in fresh
    assert "next: 05/01 Digits as graphs" in fresh and "lab 05/01" in fresh
    copy = solve(copies[0], [own[0].name])
    assert "1 changed" in output(capsys)
    check.check_notebook(copy)
    checked = output(capsys)
    assert f"1 of {len(own)} tasks pass, " in checked
    assert f"{own[0].points} of {sum(task.points for task in every)} points" in checked
    assert "worth 6 more" in checked
    assert "begun:\n  05/01 " in checked and "next: 05/02 " in checked
    solve(copies[0], [own[0].name], "\n# a remark")
    changed = output(capsys)
    assert f"0 of {len(own)} tasks pass, 1 changed" in changed
    assert "`python course.py check 05/01`" in changed


@pytest.mark.parametrize(
    ("body", "unchecked", "checked"),
    [
        (f"# {STUB}\n    return x", "changed", "passes"),
        (f"return x\n    {STUB}", "empty", "passes"),
        (STUB, "empty", "empty"),
    ],
)
def test_of_one_code_progress_says_what_check_says(body, unchecked, checked):
    task = Task("05_x/01_x", "same", 1, "", f"def same(x):\n    {body}\n", "assert same(1) == 1")
    error = outcome(task, task.solution, task.visible)
    saved = {"code": check.fingerprint_of(task), "state": check.state_of(error)}
    assert [progress.state_of(task, s) for s in ({}, saved)] == [unchecked, checked]


def test_failures_are_counted_and_a_notebook_is_done_without_them(copies, capsys):
    names = [task.name for task in tasks_of(copies[0])]
    copy = solve(copies[0], names)
    results = [{"task": name, "error": ""} for name in names]
    check.save_results(copy, check.given(copy), results)
    assert progress.standing(copies[0], check.saved_results()[copies[0].name]).done
    results[0]["error"] = "AssertionError"
    check.save_results(copy, check.given(copy), results)
    assert re.search("1 fail, 1 of 1 .*`python course.py check 05/01`", output(capsys))


@pytest.mark.parametrize(
    ("begun", "chosen", "then"),
    [
        ([], [], "01/04"),
        (["01/04"], [], "01/05"),  # the sheet's next, before 05/01 of the same week
        (["06/01"], [], "06/07"),
        (["01/04"], ["03/01"], "03/01"),
        (["01/04", "03/01"], ["03/01"], "01/05"),
    ],
)
def test_the_next_notebook_is_of_what_is_chosen_then_of_a_unit_that_is_begun(begun, chosen, then):
    every = [progress.Standing(n, answered=n.id in begun) for n in all_notebooks()]
    shown = [s for s in every if not chosen or s.notebook.id in chosen]
    (line,) = progress.following(shown, every)[1:]
    assert line.startswith(f"next: {then} ") and f"`python course.py lab {then}`" in line


def test_only_units_that_are_begun_have_a_line_and_each_that_is_begun_a_command(copies, capsys):
    assert "05 Graph" not in output(capsys)
    solve(copies[0], [])
    text = output(capsys)
    assert "05 Graph" in text and re.search("1 of 1 questions.*`python course.py lab 05/01`", text)


def test_a_task_whose_cell_is_lost_counts_as_empty(copies):
    first, *others = [task.name for task in tasks_of(copies[0])]
    copy = solve(copies[0], others)
    lost = (first, f"test_{first}")
    copy.content.cells = [c for c in copy.content.cells if grading(c).get("grade_id") not in lost]
    nbformat.write(copy.content, copy.path)
    assert progress.standing(copies[0], {}).tasks == {"empty": 1, "changed": len(others)}


def test_cells_without_metadata_count_as_check_counts_them(copies):
    names = [task.name for task in tasks_of(copies[0])]
    copy = solve(copies[0], names)
    for cell in copy.content.cells:
        cell.metadata = {}
    nbformat.write(copy.content, copy.path)
    check.check_notebook(Notebook(copy.path))
    standing = progress.standing(copies[0], check.saved_results()[copies[0].name])
    assert standing.tasks == {"passes": len(names)}
    assert (standing.answered, standing.questions) == (1, 1)


@pytest.mark.parametrize("content", ["{", "[]", '{"05/01": 3}', '{"05/01": {"a": 3}}', "\xff"])
def test_a_damaged_record_is_said_in_one_line_and_begun_anew(copies, capsys, content):
    record = work.folder() / check.CHECKED
    record.write_bytes(content.encode("latin-1"))
    first, *rest = output(capsys).splitlines()
    assert check.CHECKED in first and check.CHECKED not in "".join(rest)
    copy = solve(copies[0], names := [task.name for task in tasks_of(copies[0])])
    results = [{"task": name, "error": ""} for name in names]
    check.save_results(copy, check.given(copy), results)
    assert check.CHECKED not in "".join(output(capsys).splitlines()[1:])
    assert progress.standing(copies[0], check.saved_results()[copies[0].name]).done


def test_a_damaged_copy_is_named_and_the_others_are_counted(copies, capsys):
    solve(copies[0], [task.name for task in tasks_of(copies[0])])
    broken = work.folder() / f"{copies[1].name}.ipynb"
    broken.write_text("{ half a notebook", encoding="utf-8")
    capsys.readouterr()
    assert progress.main([]) == 1
    printed = capsys.readouterr()
    assert "begun:\n  05/01 " in printed.out and "05/02" not in printed.out
    assert re.search(rf"not counted: \S*{broken.name} is damaged", printed.err)


def test_of_checks_that_end_at_once_each_is_saved(copies, monkeypatch):
    read = check.saved_results
    monkeypatch.setattr(check, "graded", lambda *_: (None, {}))
    monkeypatch.setattr(check, "saved_results", lambda: [read(), time.sleep(0.1)][0])
    here = [Notebook(work.folder() / f"{notebook.name}.ipynb") for notebook in copies]
    with ThreadPoolExecutor(len(here)) as pool:
        list(pool.map(lambda notebook: check.save_results(notebook, {}, []), here))
    assert sorted(read()) == [notebook.name for notebook in here]


def test_results_of_solved_notebooks_are_not_saved(copies):
    check.save_results(copies[0], {}, [{"task": "x", "error": ""}])
    assert check.saved_results() == {}

"""How far a learner is: from what check kept, never from code that changed since."""

import json

import nbformat
import pytest

from tools.learn import check, progress, work
from tools.notebook.cells import grading, is_question
from tools.notebook.common import Notebook, Problem, all_notebooks
from tools.notebook.tasks import tasks_of


@pytest.fixture
def copies(tmp_path, monkeypatch):
    """Two notebooks of the course without their solutions, in a folder of their own."""
    chosen = [n for n in all_notebooks() if n.id in ("05/01", "05/02")]
    monkeypatch.setattr(work, "WORK", tmp_path / "work")
    monkeypatch.setattr(progress, "select", lambda names: chosen)
    work.prepare(chosen)
    return chosen


def solve(given: Notebook, names: list[str], more: str = "") -> Notebook:
    """Write the course's solutions of some tasks, and something more, into the copy."""
    copy = Notebook(work.folder() / f"{given.name}.ipynb")
    solutions = {t.name: t.solution for t in tasks_of(given)}
    for cell in copy.content.cells:
        if (name := grading(cell).get("grade_id")) in names:
            cell.source = solutions[name] + more
    nbformat.write(copy.content, copy.path)
    return Notebook(copy.path)


def standing(given: Notebook) -> progress.Standing:
    return progress.standing(given, check.saved_results().get(given.name, {}))


def test_nothing_is_begun_in_fresh_copies(copies, capsys):
    every = {n.id: [t.name for t in tasks_of(n)] for n in copies}
    assert standing(copies[0]).tasks == {"empty": len(every["05/01"])}
    assert progress.main([]) == 0
    out = capsys.readouterr().out
    count = sum(map(len, every.values()))
    assert f"0 of {count} tasks pass" in out and "begun:" not in out
    assert "next: 05/01 Digits as graphs" in out and "lab 05/01" in out


def test_a_task_passes_as_long_as_its_code_is_what_was_checked(copies, capsys):
    first, *others = [t.name for t in tasks_of(copies[0])]
    copy = solve(copies[0], [first])
    assert standing(copies[0]).tasks == {"changed": 1, "empty": len(others)}
    check.check_notebook(copy)
    assert standing(copies[0]).tasks == {"passes": 1, "empty": len(others)}
    capsys.readouterr()
    progress.main([])
    out = capsys.readouterr().out
    points = next(t.points for t in tasks_of(copies[0]) if t.name == first)
    assert f"1 of {len(others) + 1} tasks pass, " in out
    assert f"{points} of {sum(t.points for n in copies for t in tasks_of(n))} points" in out
    assert "begun:\n  05/01 " in out and "next: 05/02 " in out
    solve(copies[0], [first], "\n# a remark")
    assert standing(copies[0]).tasks == {"changed": 1, "empty": len(others)}
    progress.main([])
    out = capsys.readouterr().out
    assert "1 written since the last check, " in out and "`python course.py check 05/01`" in out


def test_a_task_whose_cell_is_lost_counts_as_empty(copies):
    first, *others = [t.name for t in tasks_of(copies[0])]
    copy = solve(copies[0], others)
    names = (first, f"test_{first}")
    copy.content.cells = [c for c in copy.content.cells if grading(c).get("grade_id") not in names]
    nbformat.write(copy.content, copy.path)
    assert standing(copies[0]).tasks == {"empty": 1, "changed": len(others)}


def test_what_fails_and_what_is_answered_is_told(copies, capsys):
    names = [t.name for t in tasks_of(copies[0])]
    copy = solve(copies[0], names)
    for cell in copy.content.cells:
        if is_question(cell):
            cell.source = "Because."
    nbformat.write(copy.content, copy.path)
    copy = Notebook(copy.path)
    results = [{"task": name, "error": ""} for name in names]
    check.save_results(copy, results)
    assert standing(copies[0]).done
    check.save_results(copy, [results[0] | {"error": "AssertionError"}, *results[1:]])
    assert standing(copies[0]).tasks["fails"] == 1 and not standing(copies[0]).done
    progress.main([])
    out = capsys.readouterr().out
    assert "1 fail" in out and "questions answered: `python course.py check 05/01`" in out


def test_another_notebook_is_not_saved_and_a_damaged_file_is_told(copies):
    check.save_results(copies[0], [{"task": "x", "error": ""}])  # the course's own, solved
    assert check.saved_results() == {}
    path = work.folder() / check.CHECKED
    for damaged in ("{", "[]", json.dumps({"05/01": 3})):
        path.write_text(damaged)
        with pytest.raises(Problem, match=r"checked.json can't be read .*; move it away"):
            check.saved_results()

"""What is not solved, what a hidden test meets, and answers that stand beside their cells."""

import json
from dataclasses import replace
from unittest.mock import Mock

import nbformat
import pytest
from grade_course import DOUBLE, QUICK, by_task, course, handed_in, job
from grade_sandboxed import in_sandbox, one_by_one
from nbformat.v4 import new_code_cell, new_markdown_cell

from tools.learn import check
from tools.notebook import matching
from tools.notebook.common import Notebook
from tools.notebook.tasks import UNSOLVED, describe, outcome, tasks_among
from tools.teach.grade import run_tasks, submission
from tools.teach.grade.submission import examine

TASK = tasks_among(course().cells, "u/n")[0]


# ------------------------------------------------------------------ what is not solved

STUBS = {
    "as given": "def double(x):\n    # YOUR CODE HERE\n"
    '    raise NotImplementedError("replace this line by your solution")',
    "as nbgrader gives it": "def double(x):\n    raise NotImplementedError()",
}
LACKS = {
    "a library's": "def double(x):\n    raise NotImplementedError('there is no kernel for this')",
    "a library's without words": "import asyncio\ndef double(x):\n"
    "    return asyncio.AbstractEventLoop().time()",
}


@pytest.mark.parametrize("name", [*STUBS, *LACKS])
def test_check_tells_a_cell_as_it_was_given_from_an_error_of_a_library(name):
    error = outcome(TASK, (STUBS | LACKS)[name], TASK.test)
    assert error.startswith("NotImplementedError") and (error == UNSOLVED) == (name in STUBS)
    line = {"task": "double", "points": 2, "error": error, "explained": []}
    assert check.verdict(line)[0].split()[0] == ("unsolved" if name in STUBS else "fails")


@in_sandbox
def test_and_so_does_grade_itself():
    tasks = one_by_one(STUBS | LACKS)
    assert {tasks[name]["verdict"] for name in STUBS} == {"unsolved"}
    assert {tasks[name]["verdict"] for name in LACKS} == {"fail"}
    assert "there is no kernel for this" in tasks["a library's"]["reason"]


@in_sandbox
def test_what_one_task_leaves_behind_makes_no_other_unsolved():
    # As TensorFlow does once its eager mode is off.
    spoils = f"import numpy as np\n{DOUBLE}\ndef no(*a, **k): raise NotImplementedError('eager')\n"
    spoils += "np.ptp = no"
    later = "def centre(a):\n    np.ptp(a)\n    return a - a.mean(axis=0)"
    tasks = by_task(examine(job(handed_in(double=spoils, centre=later))))
    assert (tasks["double"]["points"], tasks["centre"]["points"]) == (2, 3), tasks["centre"]


# ------------------------------------------------------------------ what a hidden test meets

PARTIAL = """### PARTIAL CREDIT: 1
assert double(3) == 6
### BEGIN HIDDEN TESTS
assert double(-2.5) == -5.0
### END HIDDEN TESTS"""
HIDDEN = {
    "wrong": ("return 0", "fail", "expected -5.0, got 0"),
    "error": ("raise KeyError('a secret')", "fail", "a secret"),
    "not implemented": ("raise NotImplementedError", "fail", "NotImplementedError"),
    "end": ("os._exit(3)", "died", "the process of the code ended without an answer"),
    "long": ("while True: pass", "timeout", "no answer within"),
    "memory": ("bytearray(10**10)", "memory", "the memory limit is exceeded"),
    "output": ("while True: print('x' * 100_000)", "output", "the code printed too much"),
    "object": ("return object()", "fail", "the answer must be a plain value"),
    "argument": ("time.sleep(1000)", "timeout", "no answer within"),
}


@in_sandbox
def test_whatever_a_hidden_test_meets_students_hear_that_it_fails_and_keep_the_visible_part():
    head = "import os, time\ndef double(x):\n    if x < 0:\n        "
    sources = {name: f"{head}{line}\n    return 2 * x" for name, (line, _, _) in HIDDEN.items()}
    tasks = one_by_one(sources, replace(QUICK, call_seconds=1.0, patience=5.0), test=PARTIAL)
    for name, (_, verdict, detail) in HIDDEN.items():
        task = tasks[name]
        assert (task["points"], task["reason"]) == (1, run_tasks.FAILS), task
        assert task["verdict"] == verdict and detail in task["detail"], task


def test_a_librarys_log_stands_beside_no_wrong_answer():
    log = "2026-01-02 03:04:05.6: I external/tsl.cc:1] no GPU\nW0000 00:00:1 2 cpu.cc:3] AVX2\n"
    printed = Mock(return_value=f"{log}by the student\n")
    worker, judge = Mock(ended="", printed=printed, limits=QUICK), Mock(ended="")
    for verdict, shown in {"fail": "", "died": log}.items():
        (told,) = run_tasks.name_endings([{"verdict": verdict}], 1, worker, judge)
        assert told["detail"] == f"{shown}by the student"


@in_sandbox
def test_a_failed_visible_test_is_told_with_its_comment_and_whole_statement():
    test = "# Twice three.\nimport numpy as np\nnp.testing.assert_allclose(\n    double(3), 6\n)"
    task = one_by_one({"wrong": "def double(x):\n    return 0"}, test=test)["wrong"]
    statement = "in the test: np.testing.assert_allclose( double(3), 6 )"
    assert task["reason"].splitlines()[-2:] == ["# Twice three.", statement]


# ------------------------------------------------------------------ answers beside their cells


def with_cells(after, *added, **sources):
    """Return a student's notebook with cells of their own below one of the course's."""
    content = json.loads(handed_in(**sources))
    names = [c["metadata"].get("nbgrader", {}).get("grade_id") for c in content["cells"]]
    place = names.index(after) + 1
    content["cells"][place:place] = [json.loads(json.dumps(cell)) for cell in added]
    return content


EMPTY = "YOUR ANSWER HERE"
GIVEN_ID = json.loads(job().course)["cells"][0]["id"]
WRITTEN = [new_markdown_cell("Because of"), new_markdown_cell(" "), new_code_cell("1 + 1")]


@pytest.mark.parametrize(
    ("own", "added", "answer", "notes"),
    [
        (EMPTY, WRITTEN, "Because of\n\n1 + 1", 1),
        ("The mean", WRITTEN, "The mean\n\nBecause of\n\n1 + 1", 0),
        (EMPTY, [], "", 0),
        (EMPTY, [new_markdown_cell("# Small")], "", 0),  # a cell of the course
        (EMPTY, [new_markdown_cell("# Other", id=GIVEN_ID)], "", 0),  # of an earlier release
    ],
)
def test_an_answer_below_its_cell_is_marked(own, added, answer, notes, monkeypatch):
    monkeypatch.setattr(submission, "why_not", lambda: "")
    monkeypatch.setattr(submission, "run", lambda tasks, limits: None)
    outcome = examine(job(json.dumps(with_cells("a_why", *added, a_why=own)).encode()))
    (question,) = outcome["questions"]
    assert (question["answer"], question["review"]) == (answer, bool(answer))
    assert outcome["notes"] == [f"a_why: {matching.Finding.BELOW}"] * notes


@pytest.mark.parametrize(
    ("own", "after", "added", "notes"),
    [
        (EMPTY, "test_centre", WRITTEN, 1),  # above its cell
        (EMPTY, "double", WRITTEN, 1),
        ("The mean", "test_centre", WRITTEN, 0),
        (EMPTY, "test_centre", WRITTEN[1:], 0),  # code alone
        (EMPTY, "test_centre", [new_markdown_cell("# Small")], 0),  # a cell of the course
    ],
)
def test_text_elsewhere_is_named_where_a_question_has_no_answer(
    own, after, added, notes, monkeypatch
):
    monkeypatch.setattr(submission, "why_not", lambda: "")
    monkeypatch.setattr(submission, "run", lambda tasks, limits: None)
    outcome = examine(job(json.dumps(with_cells(after, *added, a_why=own)).encode()))
    assert outcome["notes"] == [f"a_why: {matching.Finding.BESIDE}"] * notes


@in_sandbox
def test_a_solution_in_another_cell_does_not_count_and_its_author_is_told_once():
    content = with_cells("test_double", new_code_cell(DOUBLE), double=STUBS["as given"])
    work = job(json.dumps(content).encode())
    first = examine(work)
    double, centre = first["tasks"]
    assert (double["verdict"], double["points"], centre["points"]) == ("unsolved", 0, 3)
    assert double["reason"] == f"the task is not solved; {matching.Finding.ELSEWHERE}"
    centre["verdict"] = "timeout"  # so that the notebook is tried once more
    assert examine(work, json.loads(json.dumps(first)))["tasks"][0] == double


def test_check_says_where_answers_stand(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(check, "given", lambda _: describe(released))
    released = nbformat.reads(job().course, as_version=4).cells
    path = tmp_path / "01_small.ipynb"
    mine = with_cells("test_double", new_code_cell(DOUBLE), double=STUBS["as given"], a_why=EMPTY)
    written, remarks = (
        json.loads(json.dumps(WRITTEN[0])),
        [matching.Finding.BELOW, matching.Finding.BESIDE],
    )
    for place, said in ((99, [matching.Finding.BELOW]), (2, [matching.Finding.BESIDE]), (99, [])):
        cells = [*mine["cells"]]
        cells[place:place] = [written] if said else []
        path.write_text(json.dumps(mine | {"cells": cells}))
        check.check_notebook(Notebook(path))
        text = capsys.readouterr().out
        assert "unsolved  double" in text and f"double: {matching.Finding.ELSEWHERE}" in text
        assert [f"a_why: {remark}" in text for remark in remarks] == [r in said for r in remarks]
        assert ("has no answer yet" in text) == (matching.Finding.BELOW not in said)

"""One notebook of one student: what in a file counts, and what is refused or noted."""

import json
import sys

import pytest
from grade_course import block, by_task, course, handed_in, job, locked

from tools.notebook.cells import is_question
from tools.notebook.tasks import tasks_among
from tools.teach.grade import examine

TASKS = tasks_among(course().cells, "01_small/01_small")
NO_CELLS = json.dumps({"nbformat": 4, "metadata": {}}).encode()
OTHER = json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": "1"}]}).encode()
REFUSED = {
    "empty": (b"  \n", "empty"),
    "no JSON": (b"PK\x03\x04", "no JSON"),
    "UTF-16": ('{"cells": []}'.encode("utf-16"), "no JSON"),
    "deep JSON": (b'{"cells": ' + b"[" * 200_000, "no JSON"),
    "JSON that is no notebook": (NO_CELLS, "no list of cells"),
    "a list": (b"[1, 2]", "no list of cells"),
    "another notebook": (OTHER, "another notebook"),
    "odd cells": (b'{"cells": [1, null, {"metadata": 3}, {}]}', "another notebook"),
    "very many cells": (b'{"cells": [' + b"{}," * 3000 + b"{}]}", "2,000 cells"),
    "very many lists": (b'{"cells": [' + b"[]," * 1_000_001, "1,000,000 brackets"),
    "large": (b" " * 26_000_000, "25 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_no_submission_are_refused_with_a_reason(name):
    content, reason = REFUSED[name]
    outcome = examine.examine(job(content, unsafe=True))
    assert reason in outcome["refused"]
    assert [(t["points"], t["verdict"]) for t in outcome["tasks"]] == [(0, "refused")] * 2
    assert [q["review"] for q in outcome["questions"]] == [False]


def test_a_byte_order_mark_before_a_notebook_is_read():
    content = b"\xef\xbb\xbf" + handed_in()
    assert examine.raw_cells(content) == examine.raw_cells(handed_in())


def changed(change):
    content = json.loads(handed_in())
    change(content["cells"])
    return json.dumps(content).encode()


def find(cells, name):
    return next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def test_missing_and_doubled_cells_cost_their_own_task_alone():
    double, centre = TASKS
    for change in ("remove", "append"):
        content = changed(lambda cells, c=change: getattr(cells, c)(find(cells, "double")))
        cells = examine.graded_cells(content, course())
        assert examine.task_of(double, cells, False)["verdict"] == "cells"
        assert "verdict" not in examine.task_of(centre, cells, False)


def test_edited_and_missing_locked_cells_are_noted_and_not_used():
    def edit(cells):
        find(cells, "test_double")["source"] = "assert True"
        cells.remove(find(cells, "test_centre"))

    notes = examine.oddities(examine.graded_cells(changed(edit), course()), locked())
    assert ["test_centre" in note for note in notes] == [True, False]
    assert ["test_double" in note for note in notes] == [False, True]
    assert examine.oddities(examine.graded_cells(handed_in(), course()), locked()) == []


def test_a_kind_of_cell_that_is_no_text_is_no_kind():
    deep = "[" * 900 + "]" * 900
    content = handed_in().replace(b'"cell_type": "code"', f'"cell_type": {deep}'.encode())
    cells = examine.graded_cells(content, course())
    assert examine.task_of(TASKS[0], cells, False)["verdict"] == "cells"


def test_metadata_claims_no_points():
    def claim(cells):
        find(cells, "double")["metadata"] = block("double", grade=True, solution=True, points=100)
        find(cells, "test_double")["metadata"] = block("test_double", grade=True, points=100)

    cells = examine.graded_cells(changed(claim), course())
    assert [examine.task_of(t, cells, False)["of"] for t in TASKS] == [2, 3]


def test_source_as_a_list_of_lines_is_read_and_other_kinds_are_not():
    cell = {"metadata": block("double"), "cell_type": "code", "source": ["a\n", "b"]}
    assert examine.plain_cell(cell)["source"] == "a\nb"
    for odd in (3, ["a", 3], {"a": "b"}, None):
        assert examine.plain_cell(cell | {"source": odd}) is None


@pytest.mark.parametrize(
    ("answer", "review"),
    [("", False), ("  \n", False), ("YOUR ANSWER HERE", False), ("Because.", True)],
)
def test_open_question_needs_review_if_there_is_an_answer(answer, review):
    cells = examine.graded_cells(handed_in(a_why=answer), course())
    (question,) = [examine.question_of(c, cells) for c in course().cells if is_question(c)]
    assert (question["review"], question["of"]) == (review, 4)


def test_work_has_another_key_when_anything_that_counts_changes():
    other = handed_in(double="def double(x): return 3")
    changes = [{"student": "bob"}, {"locked": {}}, {"unsafe": True}, {"problem": "a link"}]
    keys = {job().key, job(other).key, *(job(**change).key for change in changes)}
    assert len(keys) == 6 and job().key in keys


@pytest.mark.skipif(sys.platform == "win32", reason="graded on Linux and macOS alone")
def test_without_a_sandbox_the_limits_and_the_judge_still_hold():
    """What ``--unsafe`` does: the same two processes, without bubblewrap around them."""
    for code, verdict in ((None, "pass"), ("import os\nos._exit(1)", "died")):
        content = handed_in(double=code) if code else None
        tasks = by_task(examine.examine(job(content, unsafe=True)))
        found = {name: task["verdict"] for name, task in tasks.items()}
        assert found == {"double": verdict, "centre": "pass"}

"""What of a student's file is read, and what is refused."""

import json
import sys

import pytest
from grade_course import by_task, handed_in, job

from tools.teach.grade.submission import examine

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
    outcome = examine(job(content, unsafe=True))
    assert reason in outcome["refused"]
    assert [(t["points"], t["verdict"]) for t in outcome["tasks"]] == [(0, "refused")] * 2
    assert [q["review"] for q in outcome["questions"]] == [False]


def test_metadata_claims_no_points():
    content = json.loads(handed_in())
    for cell in content["cells"]:
        for name in ("points", "grade"):
            cell["metadata"].setdefault("nbgrader", {"grade_id": "more"})[name] = 100
    outcome = examine(job(json.dumps(content).encode(), unsafe=True))
    assert [task["of"] for task in outcome["tasks"]] == [2, 3]
    assert [task["points"] for task in outcome["tasks"]] == [2, 3]


def test_work_has_another_key_when_anything_that_counts_changes():
    other = handed_in(double="def double(x): return 3")
    changes = [{"student": "bob"}, {"locked": {}}, {"unsafe": True}, {"problem": "a link"}]
    keys = {job().key, job(other).key, *(job(**change).key for change in changes)}
    assert len(keys) == 6 and job().key in keys


@pytest.mark.skipif(sys.platform == "win32", reason="graded on Linux and macOS alone")
def test_without_a_sandbox_the_limits_and_the_judge_still_hold():
    """What ``--unsafe`` does: the same two processes, without bubblewrap around them."""
    ends = handed_in(double="import os\nos._exit(1)")
    with_mark = b"\xef\xbb\xbf" + handed_in()  # a byte-order mark, as Windows's editors write it
    for content, verdict in ((with_mark, "pass"), (ends, "died")):
        tasks = by_task(examine(job(content, unsafe=True)))
        found = {name: task["verdict"] for name, task in tasks.items()}
        assert found == {"double": verdict, "centre": "pass"}

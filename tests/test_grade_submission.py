"""What of a student's file is read, and what is refused."""

import json
import sys

import pytest
from grade_course import by_task, handed_in, job

from tools.teach.grade.submission import examine

OTHER = json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": "1"}]}).encode()
REFUSED = {
    "empty": b"  \n",
    "no JSON": b"PK\x03\x04",
    "deep JSON": b'{"cells": ' + b"[" * 200_000,
    "JSON that is no notebook": b"[1, 2]",
    "another notebook": OTHER,
    "odd cells": b'{"cells": [1, null, {"metadata": 3}, {}]}',
    "very many cells": b'{"cells": [' + b"{}," * 3000 + b"{}]}",
    "very many lists": b'{"cells": [' + b"[]," * 1_000_001,
    "large": b" " * 26_000_000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_no_submission_are_refused_with_a_reason(name):
    outcome = examine(job(REFUSED[name], unsafe=True))
    assert outcome["refused"]
    assert [(t["points"], t["verdict"]) for t in outcome["tasks"]] == [(0, "refused")] * 2
    assert [q["review"] for q in outcome["questions"]] == [False]


def test_work_has_another_key_when_anything_that_counts_changes():
    other = handed_in(double="def double(x): return 3")
    changes = [{"student": "bob"}, {"locked": {}}, {"unsafe": True}, {"problem": "a link"}]
    keys = {job().key, job(other).key, *(job(**change).key for change in changes)}
    assert len(keys) == 6 and job().key in keys


@pytest.mark.skipif(sys.platform == "win32", reason="graded on Linux and macOS alone")
def test_without_a_sandbox_the_limits_and_the_judge_still_hold():
    """What ``--unsafe`` does: the same two processes, without bubblewrap around them."""
    ends = handed_in(double="import os\nos._exit(1)")
    for content, verdict in ((handed_in(), "pass"), (ends, "died")):
        tasks = by_task(examine(job(content, unsafe=True)))
        verdicts = {name: task["verdict"] for name, task in tasks.items()}
        assert verdicts == {"double": verdict, "centre": "pass"}

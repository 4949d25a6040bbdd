"""Grading in sandboxes: private tests, crowds, accidents."""

import os
import signal
from types import SimpleNamespace
from unittest import mock

import nbformat
import pytest
from grade_class import table
from grade_course import course, handed_in, job
from grade_sandboxed import SANDBOXED

from tools.notebook.common import Problem
from tools.teach.grade import assignments, cli, sandbox, scheduler

pytestmark = SANDBOXED


def test_private_tests_are_proved_and_then_decide(tmp_path):
    source, students, out = (tmp_path / name for name in ("notebooks", "students", "out"))
    (source / "01_own").mkdir(parents=True)
    nbformat.write(course(), source / "01_own" / "01_small.ipynb")
    for student, body in {"ada": "2 * x", "bob": "2 * x if x < 5 else 0"}.items():
        path = students / student / "01_own" / "01_small.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(handed_in(double=f"def double(x):\n    return {body}"))
    file = tmp_path / "tests" / "01_own" / "01_small" / "double.py"
    file.parent.mkdir(parents=True)
    words = [str(students), "--out", str(out), "--jobs", "2"]
    words += ["--notebooks", str(source), "--tests", str(tmp_path / "tests")]
    file.write_text("assert double(7) == 14\n", encoding="utf-8")
    assert cli.main(words) == 0
    assert [table(out, who)["double"]["points"] for who in ("ada", "bob")] == ["2", "0"]
    file.write_text("assert double(7) == 15\n", encoding="utf-8")  # which the solution fails
    with pytest.raises(Problem, match="01_own/01_small"):
        cli.main(words)
    failing = job(handed_in(double="def double(x):\n    return x"))
    with pytest.raises(Problem, match="01_small/01_small.*nothing is graded"):
        assignments.prove(failing)


# ------------------------------------------------------------------ crowds and accidents


def test_killed_workers_lose_no_submission():
    slow = "import time\ndef double(x):\n    time.sleep(0.3)\n    return 2 * x"
    jobs = [lambda n=n: job(handed_in(double=slow), student=f"s{n}") for n in range(8)]
    with scheduler.cluster(2, None) as client:
        killed, outcomes = 0, []
        for outcome in scheduler.run(client, jobs):
            outcomes.append(outcome)
            if killed < 2:
                os.kill(client.run(os.getpid, on_error="ignore").popitem()[1], signal.SIGKILL)
                killed += 1
    assert sorted(o["student"] for o in outcomes) == [f"s{n}" for n in range(8)]
    for outcome in outcomes:
        assert {t["points"] for t in outcome["tasks"]} == {2, 3}


class OddCluster:
    """A scheduler that has no workers, or is lost while it works."""

    scheduler = SimpleNamespace(address="tcp://there:8786")

    def wait_for_workers(self, number, timeout):
        raise TimeoutError

    def scheduler_info(self):
        return {"workers": {"w": {"nthreads": 1}}}

    def submit(self, *_, **__):
        return mock.Mock()


def test_a_scheduler_that_is_not_there_or_lost_is_named(monkeypatch):
    from distributed import CancelledError

    monkeypatch.setattr(scheduler, "ANSWER", 0.5)
    nobody = scheduler.cluster(1, "tcp://127.0.0.1:9")
    with pytest.raises(Problem, match="no Dask scheduler answers"), nobody:
        pass
    with pytest.raises(Problem, match="tcp://there:8786 has no workers.*start `dask worker tcp"):
        scheduler.see_workers(OddCluster())
    for fault, text in ((TimeoutError, "has no workers"), (CancelledError, "is gone")):
        monkeypatch.setattr("distributed.wait", mock.Mock(side_effect=fault))
        with pytest.raises(Problem, match=f"tcp://there:8786 {text}. What was graded is kept"):
            list(scheduler.run(OddCluster(), [job]))


def test_without_a_sandbox_grading_refuses(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "why_not", lambda: "bubblewrap is not installed")
    with pytest.raises(Problem, match="no sandbox: bubblewrap is not installed"):
        cli.main([str(tmp_path)])

"""Grading in sandboxes from end to end: evil texts, crowds, accidents, private tests, self-test."""

import csv
import html
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from types import SimpleNamespace
from unittest import mock

import nbformat
import pytest
from grade_course import course, handed_in, job
from grade_sandboxed import SANDBOXED

from tools.notebook.common import ROOT, Notebook, Problem
from tools.notebook.tasks import tasks_of
from tools.teach.grade import assignments, cli, pages, sandbox, scheduler

LESSONS = ROOT / "tests" / "lesson"  # a lesson that does not change when the course does
UNIT, NAME = "03_plain", "01_windows"
TASKS = tasks_of(Notebook(LESSONS / UNIT / f"{NAME}.ipynb"))
pytestmark = [*SANDBOXED, pytest.mark.xdist_group("grade")]  # one class is graded once
EVIL = '<script>alert(1)</script><img src="http://example.org/x.png" onerror="alert(2)">'
NO_LETTERS = "\ud800\0 is no letter"


def run(folder, out, *more):
    own = [] if "--notebooks" in more else ["--notebooks", str(LESSONS)]
    return cli.main([str(folder), "--out", str(out), "--jobs", "2", *own, *more])


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """Return a graded class: its submissions, the output folder."""
    folder, out = tmp_path_factory.mktemp("submissions"), tmp_path_factory.mktemp("class") / "out"
    assignments.prepare([UNIT], out, None, LESSONS)
    released = (out / "nbgrader" / "release" / UNIT / f"{NAME}.ipynb").read_bytes()
    task = TASKS[0].name
    raising = 'def {}(*args):\n    raise ValueError("""{}""")  # {}'
    answers = {
        "ada": ({t.name: t.solution for t in TASKS}, f"Because windows overlap. {EVIL}"),
        "bob": ({}, "YOUR ANSWER HERE"),
        f"dora {EVIL[:8]}": ({task: raising.format(task, EVIL, EVIL)}, "=cmd()"),
        "fritz": ({task: raising.format(task, r"\ud800\x00", "")}, NO_LETTERS),
    }
    for student, (code, text) in answers.items():
        content = json.loads(assignments.filled(released, code))
        for cell in content["cells"]:
            if "".join(cell["source"]) == "YOUR ANSWER HERE":
                cell["source"] = text
        path = folder / student / UNIT / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(content))
    assert run(folder, out) == 0
    return folder, out


def table(out):
    rows = csv.DictReader(io.StringIO((out / "grades.csv").read_text(encoding="utf-8")))
    return {(row["student"], row["unit"], row["task"]): row for row in rows}


def test_pages_show_what_was_written_as_text_and_load_nothing(school):
    _, out = school
    found = [out / "overview.html", *out.glob("feedback/*.html"), *out.glob("instructor/*.html")]
    assert len(found) == 9
    for path in found:
        text = path.read_text(encoding="utf-8")
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; ")
        inner = text.replace(re.search(r"<style>.*?</style>", text, re.S)[0], "")
        for tag in ("<script", "<img", "<iframe", "<link", "<object", "javascript:", "<svg"):
            assert tag not in inner, (path.name, tag)
        assert not re.search(r"<[^>]*\son\w+\s*=", inner) and "url(" not in inner
        assert not re.search(r'<[^>]*(?:src|href)\s*=\s*"(?!instructor/)', inner)
    ada = (out / "feedback" / pages.page_name("ada")).read_text(encoding="utf-8")
    assert html.escape(EVIL, quote=False) in ada.replace("&#34;", '"')


def test_texts_that_no_file_takes_are_written_out(school):
    reason = table(school[1])["fritz", UNIT, TASKS[0].name]["reason"]
    assert reason.startswith("ValueError: \\ud800\\x00")
    fritz = (school[1] / "feedback" / pages.page_name("fritz")).read_text(encoding="utf-8")
    assert "\\ud800\\x00 is no letter" in fritz


def test_an_interrupted_run_goes_on_to_the_same_marks(school, tmp_path):
    folder, out = school
    words = [str(folder), "--out", str(tmp_path), "--jobs", "2", "--notebooks", str(LESSONS)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    grade = [sys.executable, "-m", "tools", "grade", *words]
    process = subprocess.Popen(grade, cwd=ROOT, start_new_session=True, **quiet)
    end = time.monotonic() + 600
    while not list(tmp_path.glob("outcomes/*/*.json")) and time.monotonic() < end:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert run(folder, tmp_path) == 0
    assert table(tmp_path) == table(out)


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
    words = ["--notebooks", str(source), "--tests", str(tmp_path / "tests")]
    file.write_text("assert double(7) == 14\n", encoding="utf-8")
    assert run(students, out, *words) == 0
    marks = {key[0]: row["points"] for key, row in table(out).items() if key[2] == "double"}
    assert marks == {"ada": "2", "bob": "0"}
    file.write_text("assert double(7) == 15\n", encoding="utf-8")  # which the solution fails
    with pytest.raises(Problem, match="01_own/01_small"):
        run(students, out, *words)
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

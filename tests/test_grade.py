"""Grading from end to end: a class hands in, the gradebook, the tables and the pages come out."""

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
from dataclasses import replace
from types import SimpleNamespace
from unittest import mock

import nbformat
import pytest
from grade_class import merged
from grade_course import QUICK, by_task, course, handed_in, job

from tools.notebook.common import ROOT, Notebook, Problem
from tools.notebook.tasks import BEGIN_HIDDEN, tasks_of
from tools.teach import private
from tools.teach.grade import (
    assignments,
    cli,
    gradebook,
    pages,
    run_tasks,
    sandbox,
    scheduler,
    store,
)

LESSONS = ROOT / "tests" / "lesson"  # a lesson that does not change when the course does
UNIT, NAME = "03_plain", "01_windows"
NOTEBOOK = Notebook(LESSONS / UNIT / f"{NAME}.ipynb")
TASKS = tasks_of(NOTEBOOK)
WRONG = """\
def segment(recording, length, hop):
    windows, begin = [], 0
    while begin + length < len(recording):  # the last window is forgotten where it just fits
        windows.append(recording[begin : begin + length])
        begin += hop
    return np.array(windows)"""
WHY_NOT = sandbox.why_not()
pytestmark = [
    pytest.mark.skipif(bool(WHY_NOT), reason=f"no sandbox here: {WHY_NOT}"),
    pytest.mark.slow,
    pytest.mark.xdist_group("grade"),  # one process shares the class that is graded once
]
EVIL = '<script>alert(1)</script><img src="http://example.org/x.png" onerror="alert(2)">'


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """Return a folder in which the unit is released, and its notebook as a student gets it."""
    out = tmp_path_factory.mktemp("class") / "out"
    assignments.prepare([UNIT], out, None, LESSONS)
    path = out / "nbgrader" / "release" / UNIT / f"{NAME}.ipynb"
    return out, path.read_bytes()


def hand_in(folder, student, content):
    path = folder / student / UNIT / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def answered(content, text):
    """Return a notebook whose open question has an answer."""
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        if "".join(cell["source"]) == "YOUR ANSWER HERE":
            cell["source"] = text
    return json.dumps(notebook).encode()


def run(folder, out, *more):
    own = [] if "--notebooks" in more else ["--notebooks", str(LESSONS)]
    return cli.main([str(folder), "--out", str(out), "--jobs", "2", *own, *more])


@pytest.fixture(scope="module")
def school(released, tmp_path_factory):
    """Return a graded class: its submissions, the output folder."""
    out, notebook = released
    folder = tmp_path_factory.mktemp("submissions")
    solved = assignments.filled(notebook, {t.name: t.solution for t in TASKS})
    wrong = {t.name: t.solution for t in TASKS} | {TASKS[0].name: WRONG}
    hand_in(folder, "ada", answered(solved, f"Because windows overlap. {EVIL}"))
    hand_in(folder, "bob", notebook)
    hand_in(folder, "carl", answered(assignments.filled(notebook, wrong), "=cmd()"))
    evil = f'def {TASKS[0].name}(*args):\n    raise ValueError("""{EVIL}""")  # {EVIL}'
    hand_in(folder, f"dora {EVIL[:8]}", assignments.filled(notebook, {TASKS[0].name: evil}))
    hand_in(folder, "emil", b"no notebook")
    odd = f'def {TASKS[0].name}(*args):\n    raise ValueError("\\ud800\\x00")'
    odd = assignments.filled(notebook, {TASKS[0].name: odd})
    hand_in(folder, "fritz", answered(odd, "\ud800\0 is no letter"))
    assert run(folder, out) == 0
    return folder, out


def table(out):
    rows = csv.DictReader(io.StringIO((out / "grades.csv").read_text(encoding="utf-8")))
    return {(row["student"], row["task"]): row for row in rows}


def test_marks_are_those_that_were_earned(school):
    marks = table(school[1])
    for task in TASKS:
        assert marks["ada", task.name]["points"] == str(task.points)
        bob = ["bob", UNIT, NAME, task.name, "0", str(task.points), ""]
        told = marks["bob", task.name].items()
        assert [v for k, v in told if k != "reason"] == bob
        expected = 0 if task is TASKS[0] else task.points
        assert marks["carl", task.name]["points"] == str(expected)
        assert marks["emil", task.name]["points"] == "0"
    assert marks["bob", TASKS[0].name]["reason"] == "the task is not solved"
    assert marks["emil", TASKS[0].name]["reason"] == "the file could not be graded"


def test_open_questions_wait_for_a_person_if_they_are_answered(school):
    waiting = {s for (s, _), row in table(school[1]).items() if row["needs review"]}
    assert waiting == {"ada", "carl", "fritz"}


def test_nbgraders_own_gradebook_says_the_same(school):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{school[1] / 'nbgrader' / 'gradebook.db'}") as opened:
        ada = opened.find_submission(UNIT, "ada")
        assert ada.score == sum(t.points for t in TASKS) and ada.needs_manual_grade
        assert ada.max_score == NOTEBOOK.points
        assert not opened.find_submission(UNIT, "bob").needs_manual_grade


def test_pages_run_and_load_nothing(school):
    _, out = school
    found = [out / "overview.html", *out.glob("feedback/*.html"), *out.glob("instructor/*.html")]
    assert len(found) == 13
    for path in found:
        text = path.read_text(encoding="utf-8")
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; ")
        inner = text.replace(re.search(r"<style>.*?</style>", text, re.S)[0], "")
        assert "script-src" not in policy and "<svg" not in inner
        for tag in ("<script", "<img", "<iframe", "<link", "<object", "javascript:", "<image"):
            assert tag not in inner, (path.name, tag)
        assert not re.search(r"<[^>]*\son\w+\s*=", inner) and "url(" not in inner
        assert not re.search(r'<[^>]*(?:src|href)\s*=\s*"(?!instructor/)', inner)


def test_pages_show_what_was_written_as_text(school):
    _, out = school
    ada = (out / "feedback" / pages.page_name("ada")).read_text(encoding="utf-8")
    assert html.escape(EVIL, quote=False) in ada.replace("&#34;", '"').replace("&quot;", '"')
    assert "waits for a mark" in ada and f"of {NOTEBOOK.points} points" in ada
    bob = (out / "feedback" / pages.page_name("bob")).read_text(encoding="utf-8")
    assert "the task is not solved" in bob and "no answer" in bob
    overview = (out / "overview.html").read_text(encoding="utf-8")
    assert "6 students" in overview and re.search("1 refused.*emil", overview, re.S)
    for task in TASKS:
        assert f"<td>{task.name}</td>" in overview


def test_texts_that_no_file_takes_are_written_out(school):
    reason = table(school[1])["fritz", TASKS[0].name]["reason"]
    assert reason.startswith("ValueError: \\ud800\\x00")
    fritz = (school[1] / "feedback" / pages.page_name("fritz")).read_text(encoding="utf-8")
    assert "\\ud800\\x00 is no letter" in fritz


def test_hidden_tests_stay_hidden_in_feedback(school):
    carl = (school[1] / "feedback" / pages.page_name("carl")).read_text(encoding="utf-8")
    visible, _, hidden = TASKS[0].test.partition(BEGIN_HIDDEN)
    secret = [line.strip() for line in hidden.splitlines() if line.strip() not in visible]
    assert len(secret) > 1
    for line in secret:
        assert html.escape(line) not in carl


def test_second_call_grades_nothing_again_and_marks_given_by_hand_stay(school, capsys):
    folder, out = school
    question = next(task for (_, task), row in table(out).items() if row["needs review"])
    marks = [
        f"ada,{UNIT},{NAME},{question},2,Good",
        f"carl,{UNIT},{NAME},{TASKS[0].name},1.5,Nearly",
    ]
    merged(out, "\n".join(["student,unit,notebook,task,points,comment", *marks]))
    capsys.readouterr()
    outcomes = {p: p.stat().st_mtime_ns for p in (out / "outcomes").rglob("*.json")}
    assert run(folder, out) == 0
    assert "6 of 6 notebooks were graded before" in capsys.readouterr().out
    assert outcomes == {p: p.stat().st_mtime_ns for p in (out / "outcomes").rglob("*.json")}
    found = table(out)
    assert found["ada", question]["points"] == "2" and not found["ada", question]["needs review"]
    assert found["carl", question]["needs review"] == "yes"
    assert found["carl", TASKS[0].name]["points"] == "1.5"
    assert "Comment: Good" in (out / "feedback" / pages.page_name("ada")).read_text("utf-8")


def test_spreadsheets_run_nothing():
    assert pages.defused("=cmd()") == "'=cmd()" and pages.defused("-1+2") == "'-1+2"
    assert pages.defused("plain") == "plain"
    row = gradebook.Row("@ada", "u", "n", "t", 1.0, 2.0, '+1\n"x"', True)
    assert (
        pages.as_csv([], [pages.cells_of(row)]).splitlines()[1]
        == '\'@ada,u,n,t,,2,"\'+1 ""x""",yes'
    )


def test_notebooks_of_one_name_in_two_units_keep_their_own_tests_and_marks(tmp_path):
    source, students = tmp_path / "notebooks", tmp_path / "students"
    right = {"07_first": 2, "08_second": 3}  # the task has one name and asks for two things
    for unit, factor in right.items():
        content = course()
        for cell in content.cells:
            cell.source = cell.source.replace("return 2 * x", f"return {factor} * x")
            cell.source = cell.source.replace("(3) == 6", f"(3) == {3 * factor}")
            cell.source = cell.source.replace("-5.0", str(-2.5 * factor))
            cell.source = cell.source.replace("[0, 2, 4]", str([0, factor, 2 * factor]))
        (source / unit).mkdir(parents=True)
        nbformat.write(content, source / unit / "01_small.ipynb")
        answer = handed_in(double=f"def double(x):\n    return {factor} * x")
        for student in ("ada", "bob") if factor == 2 else ("ada",):
            path = students / student / unit / "01_small.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(answer)
    out, tests = tmp_path / "out", tmp_path / "tests"
    file = tests / "08_second" / "01_small" / "double.py"
    file.parent.mkdir(parents=True)
    file.write_text("assert double(7) == 21\n", encoding="utf-8")
    assert run(students, out, "--notebooks", str(source), "--tests", str(tests)) == 0
    rows = csv.DictReader(io.StringIO((out / "grades.csv").read_text(encoding="utf-8")))
    marks = {(r["student"], r["unit"]): r["points"] for r in rows if r["task"] == "double"}
    both = [("ada", "07_first"), ("ada", "08_second"), ("bob", "07_first")]
    assert marks == dict.fromkeys(both, "2")
    file.write_text("assert double(7) == 22\n", encoding="utf-8")
    lesson = Notebook(source / "08_second" / "01_small.ipynb")
    course_text = nbformat.writes(private.copy_with(lesson, tests))
    wrong = {
        ("08_second", "01_small"): assignments.Assignment("08_second", "01_small", course_text, {})
    }
    words = ["--tests", str(tests), "--out", str(out), "--notebooks", str(source)]
    with pytest.raises(Problem, match=r"(?s)08_second/01_small: the solution itself.*nothing is g"):
        assignments.prove(wrong, cli.parser().parse_args(words))


# ------------------------------------------------------------------ crowds and accidents


def test_hostile_among_honest_change_nobodys_marks():
    attacks = [
        "def double(x):\n    while True: pass",
        "import os\ndef double(x):\n    os.kill(-1, 9)",
        "def double(x):\n    return bytearray(10**10)",
        "def double(x):\n    while True: print('x' * 10_000)",
        "import os\ndef double(x):\n    while True: os.fork()",
    ]
    jobs = []
    few = {"limits": replace(QUICK, call_seconds=0.5, patience=100.0)}
    for number in range(3 * len(attacks)):
        jobs.append(lambda n=number: job(student=f"honest-{n:02}", **few))
        attack = handed_in(double=attacks[number % len(attacks)])
        jobs.append(lambda n=number, a=attack: job(a, student=f"hostile-{n:02}", **few))
    with scheduler.cluster(2, None) as client:
        outcomes = {o["student"]: by_task(o) for o in scheduler.run(client, jobs)}
    assert len(outcomes) == 6 * len(attacks)
    for student, tasks in outcomes.items():
        assert tasks["centre"]["points"] == 3, (student, tasks)
        assert tasks["double"]["points"] == (2 if student.startswith("honest") else 0)
        assert tasks["double"]["reason"] or student.startswith("honest")


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


def test_interrupted_run_goes_on_to_the_same_gradebook(school, released, tmp_path):
    folder, out = school
    again = tmp_path / "again"
    words = [str(folder), "--out", str(again), "--jobs", "2", "--notebooks", str(LESSONS)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    grade = [sys.executable, "-m", "tools", "grade", *words]
    process = subprocess.Popen(grade, cwd=ROOT, start_new_session=True, **quiet)
    end = time.monotonic() + 600
    while not list(again.glob("outcomes/*/*.json")) and time.monotonic() < end:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert run(folder, again) == 0
    most, expected = ({k: row["of"] for k, row in table(o).items()} for o in (again, out))
    assert most == expected
    for key, row in table(again).items():
        if key != ("carl", TASKS[0].name) and not row["needs review"] and key[0] != "ada":
            assert row["points"] == table(out)[key]["points"]


def test_two_calls_do_not_write_one_gradebook(tmp_path):
    held = store.only_one(tmp_path)
    with held, pytest.raises(Problem, match="another call is grading"):
        store.only_one(tmp_path)
    with store.only_one(tmp_path):  # the block has let go of it, though `held` is still there
        pass


def test_no_scheduler_is_told(monkeypatch):
    monkeypatch.setattr(scheduler, "ANSWER", 0.5)
    nobody = scheduler.cluster(1, "tcp://127.0.0.1:9")
    with pytest.raises(Problem, match="no Dask scheduler answers"), nobody:
        pass


class OddCluster:
    """A scheduler that has no workers, or is lost while it works."""

    scheduler = SimpleNamespace(address="tcp://there:8786")

    def wait_for_workers(self, number, timeout):
        raise TimeoutError

    def scheduler_info(self):
        return {"workers": {"w": {"nthreads": 1}}}

    def submit(self, *_, **__):
        return mock.Mock()


def test_a_scheduler_without_workers_is_told(monkeypatch):
    with pytest.raises(Problem, match="tcp://there:8786 has no workers.*start `dask worker tcp"):
        scheduler.see_workers(OddCluster())
    monkeypatch.setattr("distributed.wait", mock.Mock(side_effect=TimeoutError))
    with pytest.raises(Problem, match="has no workers"):  # they have gone since
        list(scheduler.run(OddCluster(), [job]))


def test_a_scheduler_that_is_lost_is_told(monkeypatch):
    from distributed import CancelledError

    monkeypatch.setattr("distributed.wait", mock.Mock(side_effect=CancelledError))
    with pytest.raises(Problem, match="tcp://there:8786 is gone. What was graded is kept"):
        list(scheduler.run(OddCluster(), [job]))


def test_without_a_sandbox_grading_refuses(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "why_not", lambda: "bubblewrap is not installed")
    with pytest.raises(Problem, match="no sandbox: bubblewrap is not installed"):
        cli.main([str(tmp_path)])


def test_limits_are_the_ones_that_were_asked_for():
    assert json.loads(run_tasks.worker_limits(job()))["memory"] == QUICK.memory


def test_self_test_proves_solutions_and_wrong_ones(capsys):
    assert cli.main(["--self-test", "--only", "07/07", "--jobs", "2"]) == 0
    assert "1 notebooks, 2 tasks" in capsys.readouterr().out

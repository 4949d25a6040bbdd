"""A golden class, from the zip of its submissions to the gradebook: every mark and page."""

import html
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest import mock

import grade_golden as golden
import pytest
from grade_class import HEAD, merged
from grade_course import QUICK, SECRET, handed_in, job
from grade_sandboxed import SANDBOXED

from data.core.files import write_text
from tools.notebook.assignment import every
from tools.notebook.common import ROOT, Problem
from tools.teach import showcase
from tools.teach.grade import assignments, cli, gradebook, pages, run_tasks, scheduler
from tools.teach.grade.submission import examine

pytestmark = [*SANDBOXED, pytest.mark.xdist_group("nbgrader")]
LIMITS = replace(QUICK, all_memory=2_000_000_000)


def grade(words):
    """Call ``course.py grade`` with the limits of a test."""
    with mock.patch.object(assignments, "Job", partial(assignments.Job, limits=LIMITS)):
        return cli.main([*words, "--jobs", "2"])


def killed(words, out):
    """Grade in another process, and kill all of it once a few outcomes are there."""
    code = "import sys, test_grade_golden as test; test.grade(sys.argv[1:])"
    folders = os.pathsep.join([str(Path(__file__).parent), str(ROOT)])
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env=os.environ | {"PYTHONPATH": folders},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while len(list(out.glob("outcomes/*/*.json"))) < 5 and process.poll() is None:
        time.sleep(0.05)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def assert_nothing_runs_or_loads(path):
    """Assert that a page shows what was written as text."""
    text = path.read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; ")
    inner = text.replace(re.search(r"<style>.*?</style>", text, re.S)[0], "")
    for tag in ("<script", "<img", "<iframe", "<link", "<object", "javascript:", "<svg", "url("):
        assert tag not in inner, (path.name, tag)
    assert not re.search(r"<[^>]*\son\w+\s*=", inner)
    assert not re.search(r'<[^>]*(?:src|href)\s*=\s*"(?!instructor/)', inner)


def marks_in(database):
    """Return points and what waits from nbgrader's gradebook, by student, notebook and task."""
    with gradebook.opened(database) as opened:
        rows = gradebook.rows(opened)
    return {(r.student, r.notebook, r.task): None if r.review else r.points for r in rows}


def test_every_mark_of_the_golden_class(tmp_path, capsys):
    source, out, class_ = tmp_path / "units", tmp_path / "out", golden.students()
    golden.write_unit(source)
    tests = tmp_path / "tests"  # a hidden test that the course does not have
    private = f'assert double(7) == 14, "{SECRET}"\n'
    write_text(tests / golden.UNIT / golden.SMALL / "double.py", private)
    unit = every(source)[golden.UNIT]
    assignments.prepare([unit], out, tests)
    with pytest.raises(Problem, match="--tests"):
        assignments.prepare([unit], out, None)
    folder = out / "nbgrader" / "release" / golden.UNIT
    release = {path.stem: path.read_bytes() for path in folder.glob("*.ipynb")}
    upload = tmp_path / "moodle.zip"
    upload.write_bytes(golden.moodle_zip(class_, release))
    listed = golden.write_class(tmp_path, class_)
    words = [str(upload), "--students", str(listed), "--out", str(out)]
    words += ["--notebooks", str(source), "--tests", str(tests)]

    killed(words, out)
    assert grade(words) == 0  # it goes on where the call before was killed
    assert "notebooks graded before" in capsys.readouterr().out
    expected = {(s.id, *place): points for s in class_ for place, points in s.marks.items()}
    notebooks = len(expected) * 2 // 5
    database = out / "nbgrader" / "gradebook.db"
    graded = {place: mark for place, mark in marks_in(database).items() if place in expected}
    assert graded == expected
    overview = (out / "overview.html").read_text("utf-8")
    assert "Nobody Unlisted" in overview

    for student in class_:  # feedback: the points, and no line of a hidden test
        page = (out / "feedback" / pages.page_name(student.id)).read_text("utf-8")
        assert student.name.replace("'", "&#39;") in page or html.escape(student.name) in page
        assert not any(secret in html.unescape(page) for secret in golden.SECRETS)
        if student.kind == "a hidden test fails":
            assert run_tasks.FAILS in page and "1 of 3" in page
        if student.kind == "an error":
            assert html.escape(golden.EVIL) in page.replace("&#34;", "&quot;")
            assert "\\ud800" in page
    for path in out.glob("**/*.html"):
        assert_nothing_runs_or_loads(path)

    waiting = [place for place, mark in graded.items() if mark is None]
    assert len(waiting) > 8
    lines = [f"{student},{golden.UNIT},{name},{task},2.5" for student, name, task in waiting]
    merged(out, "\n".join([HEAD, *lines]))
    graded |= dict.fromkeys(waiting, 2.5)
    capsys.readouterr()  # a second call grades nothing again, and changes nothing
    assert grade(words) == 0
    assert f"{notebooks} of {notebooks}\n" in capsys.readouterr().out
    assert {p: m for p, m in marks_in(database).items() if p in expected} == graded


def test_the_site_shows_the_pages_that_the_grader_writes(tmp_path, monkeypatch):
    shown = {name: (showcase.FOLDER / name).read_text("utf-8") for name in showcase.PAGES}
    monkeypatch.setattr(showcase, "FOLDER", tmp_path)
    monkeypatch.setattr(scheduler, "cluster", lambda *_: nullcontext())  # in this process: quicker
    monkeypatch.setattr(scheduler, "run", lambda _, jobs: (examine(make()) for make in jobs))
    showcase.main()
    written = {name: (tmp_path / name).read_text("utf-8") for name in showcase.PAGES}
    assert written == shown, "write docs/showcase anew: python -m tools.teach.showcase"


def test_a_test_that_the_solution_fails_grades_nobody():
    failing = job(handed_in(double="def double(x):\n    return x"))
    with pytest.raises(Problem, match="01_small/01_small"):
        assignments.prove(failing)

"""A graded class without a sandbox: the tiny course's gradebook, and outcomes as workers send."""

import csv
import functools
import io
import json
import sqlite3
import tempfile
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from grade_course import DOUBLE, course_text, zipped

from data.core.files import write_text
from tools.teach.grade import (
    cli,
    collect,
    gradebook,
    pages,
    scheduler,
    store,
    students,
    submission,
    term,
)

UNIT, NAME = "01_small", "01_small"
HEAD = "student,unit,notebook,task,points"


def outcome(student, double=2, why="Because.", *, answer=DOUBLE, key="1", **more):
    """Return what a worker says of a notebook: tasks of 2 and 3 points, a question of 4."""
    reason = {"verdict": "pass", "reason": ""} if double else {
        "verdict": "fail",
        "reason": "a hidden test fails",
        "detail": "AssertionError: 7\nin the test: assert double(-2.5) == -5.0",
    }  # fmt: skip
    tasks = [
        {"task": "double", "of": 2, "points": double, "answer": answer} | reason,
        {"task": "centre", "of": 3, "points": 3, "answer": "x", "verdict": "pass", "reason": ""},
    ]
    questions = [{"task": "a_why", "of": 4, "answer": why, "review": bool(why)}]
    result = {"student": student, "unit": UNIT, "notebook": NAME, "key": f"{student}-{key}"}
    result |= {"refused": "", "notes": [], "tasks": tasks, "questions": questions}
    return result | more


@functools.cache
def empty_gradebook(*more_units):
    """Return a gradebook that knows the tiny course, as nbgrader's own commands make it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gradebook.db")
        with closing(sqlite3.connect(path)) as tables:  # else nbgrader asks alembic, which is slow
            tables.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        with gradebook.opened(path) as opened:
            for unit in (UNIT, *more_units):
                opened.add_assignment(unit)
                opened.add_notebook(NAME, unit)
                cells = (
                    ("test_double", 2, "code"),
                    ("test_centre", 3, "code"),
                    ("a_why", 4, "markdown"),
                )
                for name, most, kind in cells:
                    opened.add_grade_cell(name, NAME, unit, max_score=most, cell_type=kind)
                    opened.add_solution_cell(name.removeprefix("test_"), NAME, unit)
        return path.read_bytes()


def folder_with_gradebook(folder):
    """Return an output folder with an empty gradebook."""
    path = folder / store.GRADEBOOK
    path.parent.mkdir()
    path.write_bytes(empty_gradebook())
    return folder


@pytest.fixture
def out(tmp_path):
    """Return an output folder with an empty gradebook."""
    return folder_with_gradebook(tmp_path)


def graded(out, *outcomes, **state):
    """Do what a call does after its workers: keep outcomes, write gradebook, tables and pages."""
    for graded_notebook in outcomes:
        store.write_outcome(out, graded_notebook)
    write_text(out / "nbgrader" / "release" / UNIT / f"{NAME}.ipynb", course_text())
    submissions = [
        collect.Submission(*where, handed_in=when or 0.0) for *where, when in state.pop("times", [])
    ]
    files = [collect.LeftOut("", path, "no notebook") for path in state.pop("left_out", [])]
    upload = collect.Upload(left_out=files)
    people = {line["id"]: students.Student(**line) for line in state.pop("people", [])}
    term.Term(submissions, [upload], people=people, **state).write(out)
    return pages.write(out, *gradebook.update(out))[1]


def table(out, student="ada"):
    """Return what grades.csv says of a student, by task."""
    lines = csv.DictReader(io.StringIO((out / "grades.csv").read_text("utf-8")))
    return {line["task"]: line for line in lines if line["student"] == student}


def merged(out, text):
    """Give marks by hand, a line each, as nbgrader's formgrader does; write tables and pages."""
    with gradebook.opened(out / store.GRADEBOOK) as opened:
        for line in csv.DictReader(io.StringIO(text)):
            submission = opened.update_or_create_submission(line["unit"], line["student"])
            (entry,) = (n for n in submission.notebooks if n.name == line["notebook"])
            names = (line["task"], f"test_{line['task']}")
            (grade,) = (g for g in entry.grades if g.name in names)
            if line["points"]:
                grade.manual_score, grade.needs_manual_grade = float(line["points"]), False
            for comment in (c for c in entry.comments if c.name == line["task"]):
                comment.manual_comment = line.get("comment") or None
        opened.db.commit()
    assert cli.main(["--feedback", "--out", str(out)]) == 0


# ------------------------------------------------------------------ calls without workers

UNITS = (UNIT, "02_other")


class Grader:
    """Calls of ``course.py grade`` whose examiner reads the points off the file.

    A file holds what ``outcome`` takes, as JSON: ``{"double": 0, "why": "Because."}``.
    """

    def __init__(self, folder, monkeypatch):
        self.out, self.notebooks = folder / "out", folder / "notebooks"
        self.graded = []  # (student, unit) of what was examined
        self.tests = "first"  # another text is a test that was mended
        for unit in UNITS:
            write_text(self.notebooks / unit / f"{NAME}.ipynb", course_text())
        monkeypatch.setattr(cli, "prepare", self.prepare)
        monkeypatch.setattr(cli.sandbox, "why_not", lambda: "")
        monkeypatch.setattr(scheduler, "cluster", lambda *_: nullcontext())
        monkeypatch.setattr(scheduler, "run", self.examine)

    def prepare(self, chosen, out, tests):
        """Stand for nbgrader's release."""
        units = [assignment.name for assignment in chosen]
        if not (out / store.GRADEBOOK).is_file():
            (out / "nbgrader").mkdir(parents=True, exist_ok=True)
            (out / store.GRADEBOOK).write_bytes(empty_gradebook(*UNITS[1:]))
        for unit in units:
            write_text(out / "nbgrader" / "release" / unit / f"{NAME}.ipynb", course_text())
        course = json.dumps(json.loads(course_text()) | {"tests": self.tests})
        return {(unit, NAME): submission.Job("", unit, NAME, b"", course) for unit in units}

    def examine(self, client, jobs):
        """Stand for the workers."""
        for make in jobs:
            job = make()
            self.graded.append((job.student, job.unit))
            content = {} if job.problem else json.loads(job.content)
            if "broke" in content:
                yield job.head | {"failed": content["broke"]}
                continue
            whose = {"unit": job.unit, "key": job.key, "refused": job.problem}
            whose |= {"file": collect.sha256(job.content)}
            whose |= {"tests": collect.sha256(job.course.encode())}
            yield outcome(job.student, **(content | {"refused": job.problem})) | whose

    def __call__(self, path, *words):
        """Grade an upload; returns the exit code."""
        own = [str(path), "--out", str(self.out), "--notebooks", str(self.notebooks)]
        return cli.main([*own, *map(str, words)])


@pytest.fixture
def grader(tmp_path, monkeypatch):
    """Return a grader without workers."""
    return Grader(tmp_path, monkeypatch)


def upload(path, *members):
    """Write a zip of (place, what ``outcome`` takes, time in seconds) as a class's upload."""
    path.write_bytes(zipped(*((place, json.dumps(c), when) for place, c, when in members)))
    return path


def moodle(name, number, unit=UNIT):
    """Return a place in Moodle's zip."""
    return f"{name}_{number}_assignsubmission_file_/{unit}/{NAME}.ipynb"

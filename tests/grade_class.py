"""A graded class without a sandbox: a book of the tiny course, and outcomes as workers send."""

import csv
import functools
import io
import json
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from grade_course import DOUBLE, course_text

from data.core.files import write_text
from tools.teach.grade import command, gradebook, output

UNIT, NAME = "01_small", "01_small"
HEAD = "student,unit,notebook,task,points"


def outcome(student, double=2, why="Because.", *, answer=DOUBLE, key="1", **more):
    """Return what a worker says of a notebook: tasks of 2 and 3 points, a question of 4."""
    reason = {"verdict": "pass", "reason": ""} if double else {
        "verdict": "fail",
        "reason": "a hidden test fails (AssertionError)",
        "detail": "AssertionError: 7\nin the test: assert double(-2.5) == -5.0",
    }  # fmt: skip
    tasks = [
        {"task": "double", "of": 2, "points": double, "answer": answer} | reason,
        {"task": "centre", "of": 3, "points": 3, "answer": "x", "verdict": "pass", "reason": ""},
    ]
    questions = [{"task": "a_why", "of": 4, "answer": why, "review": bool(why)}]
    found = {"student": student, "unit": UNIT, "notebook": NAME, "key": f"{student}-{key}"}
    found |= {"refused": "", "notes": [], "tasks": tasks, "questions": questions, "seconds": 1.0}
    return found | more


@functools.cache
def empty_book():
    """Return a book that knows the tiny course, as nbgrader's own commands make it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gradebook.db")
        with closing(sqlite3.connect(path)) as tables:  # else nbgrader asks alembic, which is slow
            tables.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        with gradebook.opened(path) as opened:
            opened.add_assignment(UNIT)
            opened.add_notebook(NAME, UNIT)
            cells = (
                ("test_double", 2, "code"),
                ("test_centre", 3, "code"),
                ("a_why", 4, "markdown"),
            )
            for name, most, kind in cells:
                opened.add_grade_cell(name, NAME, UNIT, max_score=most, cell_type=kind)
                opened.add_solution_cell(name.removeprefix("test_"), NAME, UNIT)
        return path.read_bytes()


def folder_with_book(folder):
    """Return an output folder with an empty gradebook."""
    path = folder / output.GRADEBOOK
    path.parent.mkdir()
    path.write_bytes(empty_book())
    return folder


def graded(out, *outcomes, **state):
    """Do what a call does after its workers: keep outcomes, write book, tables and pages."""
    for one in outcomes:
        where = (one["student"], one["unit"], one["notebook"])
        write_text(output.outcome_path(out, *where), json.dumps(one))
    write_text(out / "nbgrader" / "release" / UNIT / f"{NAME}.ipynb", course_text())
    kept = replace(output.State(), **state)
    write_text(out / output.STATE, json.dumps(vars(kept)))
    output.write_gradebook(out, kept)
    return output.write_pages(out, kept)[1]


def table(out, student="ada"):
    """Return what grades.csv says of a student, by task."""
    lines = csv.DictReader(io.StringIO((out / "grades.csv").read_text("utf-8")))
    return {line["task"]: line for line in lines if line["student"] == student}


def merged(out, text):
    """Merge a table of marks."""
    path = out / "marks.csv"
    path.write_text(text, encoding="utf-8", newline="")
    assert command.main(["--manual", str(path), "--out", str(out)]) == 0

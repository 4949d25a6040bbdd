"""A graded class without a sandbox: a book of the tiny course, and outcomes as workers send."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

from grade_course import DOUBLE, course_text

from tools.grade import book, command
from utils._files import write_text

UNIT, NAME = "01_small", "01_small"


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


def empty_book(path):
    """Make a book that knows the tiny course, as nbgrader's own commands do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as tables:  # else nbgrader asks alembic, which takes long
        tables.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    with book.opened(path) as opened:
        opened.add_assignment(UNIT)
        opened.add_notebook(NAME, UNIT)
        for name, most, kind in (
            ("test_double", 2, "code"),
            ("test_centre", 3, "code"),
            ("a_why", 4, "markdown"),
        ):
            opened.add_grade_cell(name, NAME, UNIT, max_score=most, cell_type=kind)
        for name in ("double", "centre", "a_why"):
            opened.add_solution_cell(name, NAME, UNIT)


def graded(out, *outcomes, **state):
    """Do what a call does after its workers: keep outcomes, write book, tables and pages."""
    for one in outcomes:
        where = (one["student"], one["unit"], one["notebook"])
        write_text(command.outcome_path(out, *where), json.dumps(one))
    write_text(out / "nbgrader" / "release" / UNIT / f"{NAME}.ipynb", course_text())
    kept = replace(command.State(), **state)
    write_text(out / command.STATE, json.dumps(vars(kept)))
    command.write_book(out, kept)
    return command.write_pages(out, kept)

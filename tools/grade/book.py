"""The gradebook, which is nbgrader's, and the tables made from it.

One process writes. Outcomes are kept beside the book as files, so the book can be written anew
from them at any time; marks given by hand live in the book alone and are never touched.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.cells import task_of, test_of
from tools.common import Problem

COLUMNS = ("student", "unit", "notebook", "task", "points", "of", "reason", "needs review")
MANUAL = {"student", "unit", "notebook", "task", "points"}


@dataclass(frozen=True)
class Row:
    """One task or question of one student, as the book has it."""

    student: str
    unit: str
    notebook: str
    task: str
    points: float
    of: float
    reason: str
    review: bool
    comment: str = ""
    by_hand: bool = False


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open nbgrader's gradebook."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy's, about relations inside nbgrader
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{path}") as book:
            yield book


def write(book: Any, outcomes: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Write outcomes into the book, one after the other; yields each that is in it.

    Writing one a second time changes nothing.
    """
    for outcome in outcomes:
        student, unit = outcome["student"], outcome["unit"]
        book.update_or_create_student(student)
        submission = book.update_or_create_submission(unit, student)
        notebook = next(n for n in submission.notebooks if n.name == outcome["notebook"])
        grades = {grade.name: grade for grade in notebook.grades}
        comments = {comment.name: comment for comment in notebook.comments}
        for task in outcome["tasks"]:
            grade = grades[test_of(task["task"])]
            grade.auto_score, grade.needs_manual_grade = float(task["points"]), False
            if task["task"] in comments:
                comments[task["task"]].auto_comment = task["reason"] or None
        for question in outcome["questions"]:
            grade = grades[question["task"]]
            grade.auto_score = None if question["review"] else 0.0
            grade.needs_manual_grade = question["review"] and grade.manual_score is None
        book.db.commit()
        yield outcome


def settle_absent(book: Any, outcomes: Iterable[dict[str, Any]]) -> None:
    """Give no points, and ask nobody to look, where a student did not hand in a notebook."""
    there = {(o["student"], o["unit"], o["notebook"]) for o in outcomes}
    for unit in sorted({unit for _, unit, _ in there}):
        for submission in book.assignment_submissions(unit):
            for notebook in submission.notebooks:
                if (submission.student.id, unit, notebook.name) in there:
                    continue
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = 0.0, False
    book.db.commit()


def rows(book: Any, units: Iterable[str]) -> list[Row]:
    """Return all marks of units in order."""
    found = []
    for unit in sorted(units):
        for submission in book.assignment_submissions(unit):
            for notebook in submission.notebooks:
                found += _rows_of(submission.student.id, unit, notebook)
    return sorted(found, key=lambda r: (r.student, r.unit, r.notebook, r.task))


def _rows_of(student: str, unit: str, notebook: Any) -> Iterator[Row]:
    comments = {comment.name: comment for comment in notebook.comments}
    for grade in notebook.grades:
        task = task_of(grade.name)
        comment = comments.get(task)
        yield Row(
            student,
            unit,
            notebook.name,
            task,
            grade.score,
            grade.max_score,
            (comment.auto_comment or "") if comment else "",
            bool(grade.needs_manual_grade),
            (comment.manual_comment or "") if comment else "",
            grade.manual_score is not None,
        )


def grades_csv(table: Iterable[Row]) -> str:
    """Return the marks as CSV."""
    lines = []
    for row in table:
        reason = " ".join((row.comment or row.reason).split())
        review = "yes" if row.review else ""
        where = (row.student, row.unit, row.notebook, row.task)
        lines.append((*where, f"{row.points:g}", f"{row.of:g}", reason, review))
    return as_csv(COLUMNS, lines)


def as_csv(columns: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV; a text that a spreadsheet would run as a formula is defused."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([defused(str(cell)) for cell in line] for line in lines)
    return text.getvalue()


def defused(text: str) -> str:
    """Put an apostrophe before what Excel and others would take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


# ------------------------------------------------------------------ marks given by hand


def merge(book: Any, path: Path) -> int:
    """Put marks and comments from a CSV into the book; nothing is changed if a line is wrong.

    Returns
    -------
    int
        Marks written.
    """
    found = []
    for number, line in enumerate(read_manual(path), start=2):
        place = f"{path.name}, line {number}"
        found.append((*_find(book, line, place), line.get("comment") or ""))
    for grade, comment, points, text in found:
        grade.manual_score, grade.needs_manual_grade = points, False
        if comment is not None and text:
            comment.manual_comment = text
    book.db.commit()
    return len(found)


def read_manual(path: Path) -> list[dict[str, str]]:
    """Return the lines of a CSV that give points."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read: {error}") from None
    reader = csv.DictReader(io.StringIO(text))
    if missing := MANUAL - set(reader.fieldnames or ()):
        raise Problem(
            f"{path.name} lacks the columns {', '.join(sorted(missing))}; it needs "
            f"{', '.join(sorted(MANUAL))}, and may have comment"
        )
    return [line for line in reader if (line["points"] or "").strip()]


def _find(book: Any, line: dict[str, str], place: str) -> tuple[Any, Any, float]:
    from nbgrader.api import MissingEntry

    where = (line["notebook"], line["unit"], line["student"].removeprefix("'"))
    try:
        notebook = book.find_submission_notebook(*where)
    except MissingEntry:
        raise Problem(
            f"{place}: nothing of {where[2]!r} in {where[1]}/{where[0]} is in the book"
        ) from None
    grades = {task_of(g.name): g for g in notebook.grades}
    if line["task"] not in grades:
        raise Problem(f"{place}: no task {line['task']!r}; there are {', '.join(sorted(grades))}")
    grade = grades[line["task"]]
    try:
        points = float(line["points"])
    except ValueError:
        points = -1.0
    if not 0 <= points <= grade.max_score:
        raise Problem(f"{place}: {line['points']!r} is no mark from 0 to {grade.max_score:g}")
    comment = next((c for c in notebook.comments if c.name == line["task"]), None)
    return grade, comment, points

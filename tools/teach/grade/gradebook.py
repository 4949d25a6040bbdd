"""The gradebook, which is nbgrader's.

One process writes. Outcomes are kept beside it as files, and dated copies of the gradebook in
``backups/``. Grading never touches a mark given by hand.

A table of its own in the file, which nbgrader leaves alone, says which outcomes are in it: so a
copy that is put back gets all that it lacks.
"""

from __future__ import annotations

import json
import sqlite3
import warnings
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.core.files import write_bytes
from tools.notebook.cells import fingerprint, task_of, test_of
from tools.notebook.common import Problem, shown
from tools.teach.grade.rows import Row, visible

if TYPE_CHECKING:
    from tools.teach.grade.students import Student


BACKUPS, KEPT = "backups", 20  # the folder of copies, and how many are kept
OUTCOMES = "course_outcomes"  # the table of what is in the gradebook

# ------------------------------------------------------------------ the gradebook


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open nbgrader's gradebook.

    Raises Problem if it can't be read or written, here or anywhere within the ``with`` block.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy's, about relations inside nbgrader
        from nbgrader.api import Gradebook
        from sqlalchemy.exc import DatabaseError

        try:
            with Gradebook(f"sqlite:///{path}") as gradebook:
                yield gradebook
        except DatabaseError as error:
            raise unusable(path, error.orig) from None


def refuse_damaged(path: Path) -> None:
    """See that a gradebook is whole, before anything is graded into it.

    Raises Problem if the file is no gradebook, or is damaged.
    """
    try:
        with closing(sqlite3.connect(path)) as found:
            (state,) = found.execute("PRAGMA quick_check(1)").fetchone()
            tables = {name for (name,) in found.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error as error:
        raise unusable(path, error) from None
    if state != "ok" or not {"assignment", "grade", "student"} <= tables:
        raise damaged(path, state if state != "ok" else "it holds no marks of nbgrader")


def units(path: Path) -> set[str]:
    """Return the units that a gradebook knows; none if there is no gradebook."""
    if not path.is_file():
        return set()
    with closing(sqlite3.connect(path)) as found:
        return {name for (name,) in found.execute("SELECT name FROM assignment")}


def refuse_other_tasks(path: Path, unit: str, wanted: Mapping[str, set[str]]) -> None:
    """See that a unit has the cells that it was graded with: nbgrader takes in no others.

    ``wanted`` are the names of its graded and locked cells, by notebook. Raises Problem where
    somebody has marks with others.
    """
    if unit not in units(path):
        return
    with closing(sqlite3.connect(path)) as found:
        handed_in = found.execute(
            "SELECT 1 FROM submitted_assignment JOIN assignment "
            "ON assignment_id = assignment.id WHERE name = ?",
            [unit],
        ).fetchone()
        cells = found.execute(
            "SELECT notebook.name, base_cell.name FROM base_cell "
            "JOIN notebook ON base_cell.notebook_id = notebook.id "
            "JOIN assignment ON notebook.assignment_id = assignment.id WHERE assignment.name = ?",
            [unit],
        ).fetchall()
    before = {f"{notebook}/{cell}" for notebook, cell in cells}
    after = {f"{notebook}/{cell}" for notebook, names in wanted.items() for cell in names}
    if not handed_in or before == after:
        return
    changes = [
        (", ".join(sorted(after - before)), "new"),
        (", ".join(sorted(before - after)), "gone"),
    ]
    told = "; ".join(f"{what}: {names}" for names, what in changes if names)
    raise Problem(
        f"{unit} has other graded cells than when it was graded ({told}), and nbgrader's gradebook "
        f"takes that in for nobody who has marks. Move {shown(path)} away and grade each upload of "
        "this unit again: the new gradebook gets the marks given by hand from the newest copy"
    )


# What to do where nothing is damaged, by what SQLite calls the reason.
WAYS = {
    "BUSY": "another program has it open: close that (nbgrader's formgrader, a viewer of "
    "databases), and call again",
    "FULL": "free some space, and call again",
    "READONLY": "see that you may write to it and to its folder, and call again",
    "CANTOPEN": "see that you may write to it and to its folder, and call again",
}
WAYS["LOCKED"] = WAYS["BUSY"]


def unusable(path: Path, error: BaseException | None) -> Problem:
    """Return what to say of a gradebook that SQLite has a complaint about."""
    kind = str(getattr(error, "sqlite_errorname", "")).split("_")[1:2]
    if not kind or kind[0] not in WAYS:
        return damaged(path, str(error))
    return Problem(
        f"the gradebook {shown(path)} can't be used ({error}): {WAYS[kind[0]]}. It is whole, and "
        "what was graded is kept"
    )


def damaged(path: Path, reason: str) -> Problem:
    """Return what to say of a gradebook that is damaged."""
    return Problem(
        f"the gradebook {shown(path)} can't be used: {' '.join(reason.split())}. Move it "
        "away and grade again: it is written anew from outcomes/, with the marks given by hand "
        f"from the newest copy in {shown(path.parent / BACKUPS)}"
    )


def back_up(path: Path) -> None:
    """Copy a gradebook into ``backups/`` beside it if it has changed since; keep the latest ones.

    Raises Problem if it can't be read.
    """
    if not path.is_file():
        return
    folder = path.parent / BACKUPS
    copies = sorted(folder.glob("gradebook-*.db"))
    if copies and copies[-1].stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return
    try:
        with closing(sqlite3.connect(path)) as found:
            content = found.serialize()  # whole, while another program writes into it
    except sqlite3.Error as error:
        raise unusable(path, error) from None
    write_bytes(folder / f"gradebook-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.db", content)
    for old in copies[: max(0, len(copies) + 1 - KEPT)]:
        old.unlink()


def newest_copy(path: Path) -> Path | None:
    """Return the newest copy of a gradebook; None if there is none."""
    return max((path.parent / BACKUPS).glob("gradebook-*.db"), default=None)


def carry_over(before: Any, gradebook: Any) -> int:
    """Take marks given by hand over from a copy into a new gradebook; returns how many.

    The answers that they were given for come with them, so that ``write`` sees which have changed.
    All of it is one change of the file: a call that ends early has taken nothing over.
    """
    pairs = []
    for place, known in written(before).items():
        student, unit, notebook = json.loads(place)
        where = {"student": student, "unit": unit, "notebook": notebook, "key": ""}
        with suppress(Problem):  # a notebook that is there no more
            pairs.append((where, known["answers"], _entry(before, where), _entry(gradebook, where)))
    number = 0
    for where, answers, old, new in pairs:
        grades = {grade.name: grade for grade in new.grades}
        comments = {comment.name: comment for comment in new.comments}
        for mark in (m for m in old.grades if m.manual_score is not None and m.name in grades):
            grade, number = grades[mark.name], number + 1
            grade.manual_score, grade.extra_credit = mark.manual_score, mark.extra_credit
            grade.needs_manual_grade = mark.needs_manual_grade
        for comment in (c for c in old.comments if c.manual_comment and c.name in comments):
            comments[comment.name].manual_comment = comment.manual_comment
        _note(gradebook, where, answers)
    gradebook.db.commit()
    return number


def written(gradebook: Any) -> dict[str, dict[str, Any]]:
    """Return the key and the answers of each outcome that is in the gradebook, by ``place_of``.

    One whose student was removed since is in it no more.
    """
    from nbgrader.api import Assignment, Notebook, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import text

    found = (
        gradebook.db.query(SubmittedAssignment.student_id, Assignment.name, Notebook.name)
        .select_from(SubmittedNotebook)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    )
    there = {json.dumps(list(where)) for where in found}
    gradebook.db.execute(text(f"CREATE TABLE IF NOT EXISTS {OUTCOMES} (place PRIMARY KEY, said)"))
    noted = gradebook.db.execute(text(f"SELECT place, said FROM {OUTCOMES}"))
    return {place: json.loads(said) for place, said in noted if place in there}


def place_of(outcome: Mapping[str, Any]) -> str:
    """Return a name for whose an outcome is, and of what."""
    return json.dumps([outcome["student"], outcome["unit"], outcome["notebook"]])


def write(gradebook: Any, outcomes: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Write the outcomes that are not in the gradebook yet; yields each as it is in it.

    Marks given by hand stay. Where an answer has changed since, a person is asked to look again.
    """
    before = written(gradebook)
    for outcome in outcomes:
        known = before.get(place_of(outcome), {})
        if known.get("key") == outcome["key"]:
            continue
        now = answers_of(outcome)
        changed = {task for task, then in known.get("answers", {}).items()
                   if now.get(task, then) != then}  # fmt: skip
        _enter(gradebook, outcome, changed)
        _note(gradebook, outcome, now)
        gradebook.db.commit()
        yield outcome


def _note(gradebook: Any, outcome: Mapping[str, Any], answers: Mapping[str, str]) -> None:
    from sqlalchemy import text

    said = json.dumps({"key": outcome["key"], "answers": answers})
    gradebook.db.execute(
        text(f"INSERT OR REPLACE INTO {OUTCOMES} VALUES (:place, :said)"),
        {"place": place_of(outcome), "said": said},
    )


def _enter(gradebook: Any, outcome: Mapping[str, Any], changed: Container[str]) -> None:
    """Enter points and reasons of one outcome; ``changed`` are tasks with another answer now."""
    notebook = _entry(gradebook, outcome)
    comments = {comment.name: comment for comment in notebook.comments}
    told = {test_of(task["task"]): (task, task["points"], False) for task in outcome["tasks"]}
    for question in outcome["questions"]:
        review = question["review"]
        told[question["task"]] = (question, None if review else 0, review)
    # A task that is gone has no place here; one that is new is in no outcome of before.
    for grade in notebook.grades:
        task, points, review = told.get(grade.name, ({"reason": NEW}, 0, False))
        grade.auto_score = None if points is None else float(points)
        if grade.manual_score is None:
            grade.needs_manual_grade = review
        elif task_of(grade.name) in changed:
            grade.needs_manual_grade = True
        if task_of(grade.name) in comments and "reason" in task:
            comments[task_of(grade.name)].auto_comment = task["reason"] or None


def _entry(gradebook: Any, outcome: Mapping[str, Any]) -> Any:
    """Return the gradebook's entry for a notebook of a student; it is made if there is none."""
    from nbgrader.api import MissingEntry

    student, unit = outcome["student"], outcome["unit"]
    gradebook.update_or_create_student(student)
    try:
        submission = gradebook.update_or_create_submission(unit, student)
        return next(n for n in submission.notebooks if n.name == outcome["notebook"])
    except (MissingEntry, StopIteration):
        raise Problem(
            f"the gradebook knows no {unit}/{outcome['notebook']}, of which {visible(student)} has "
            "results; grade the submissions again, with the folder of units that has it "
            "(--notebooks)"
        ) from None


NEW = "the task was not there yet when this was graded"


def answers_of(outcome: dict[str, Any]) -> dict[str, str]:
    """Return a fingerprint of each answer of an outcome, by task."""
    return {t["task"]: answer_of(t) for t in (*outcome["tasks"], *outcome["questions"])}


def answer_of(task: Mapping[str, Any]) -> str:
    """Return a fingerprint of one answer of an outcome, with the pictures that it carries."""
    pictures = task.get("pictures")
    return fingerprint(task["answer"] + (json.dumps(pictures) if pictures else ""))


def settle_absent(gradebook: Any, outcomes: Iterable[dict[str, Any]]) -> None:
    """Give no points, and ask nobody to look, where a student did not hand in a notebook."""
    from nbgrader.api import Assignment, Grade, Notebook, SubmittedAssignment, SubmittedNotebook

    there = {(o["student"], o["unit"], o["notebook"]) for o in outcomes}
    found = (
        gradebook.db.query(Grade, SubmittedAssignment.student_id, Assignment.name, Notebook.name)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name.in_({unit for _, unit, _ in there}))
        .filter((Grade.auto_score.is_(None)) | Grade.needs_manual_grade)
    )
    for grade, *where in found:
        if tuple(where) not in there:
            grade.auto_score, grade.needs_manual_grade = 0.0, False
    gradebook.db.commit()


def rows(gradebook: Any, units: Iterable[str] | None = None) -> list[Row]:
    """Return all marks of units, or of all there are, in order."""
    from nbgrader.api import (
        Assignment,
        Grade,
        GradeCell,
        Notebook,
        SubmittedAssignment,
        SubmittedNotebook,
    )

    comments = _comments(gradebook)
    found = (
        gradebook.db.query(
            SubmittedAssignment.student_id,
            Assignment.name,
            Notebook.name,
            GradeCell.name,
            Grade.score,
            GradeCell.max_score,
            Grade.needs_manual_grade,
            Grade.manual_score,
            SubmittedNotebook.id,
        )
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(GradeCell, Grade.cell_id == GradeCell.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    )
    if units is not None:
        found = found.filter(Assignment.name.in_(list(units)))
    table = []
    for student, unit, notebook, cell, score, most, review, manual, entry in found:
        task = task_of(cell)
        reason, comment = comments.get((entry, task), ("", ""))
        by_hand = manual is not None
        row = (student, unit, notebook, task, score, most, reason, bool(review), comment, by_hand)
        table.append(Row(*row))
    return sorted(table, key=lambda r: r.place)


def with_absent(gradebook: Any, table: list[Row], expected: Iterable[tuple[str, str]]) -> list[Row]:
    """Return the rows in order, with rows of no points for students who have none in a unit."""
    from nbgrader.api import Assignment, GradeCell, Notebook

    have = {(row.student, row.unit) for row in table}
    cells = (
        gradebook.db.query(Assignment.name, Notebook.name, GradeCell.name, GradeCell.max_score)
        .join(Notebook, GradeCell.notebook_id == Notebook.id)
        .join(Assignment, Notebook.assignment_id == Assignment.id)
    ).all()
    absent = [
        Row(student, unit, notebook, task_of(cell), 0.0, most, "", False)
        for student, unit in set(expected) - have
        for where, notebook, cell, most in cells
        if where == unit
    ]
    return sorted([*table, *absent], key=lambda row: row.place)


def enrol(gradebook: Any, people: Iterable[Student]) -> None:
    """Give the gradebook names and e-mail addresses, which nbgrader's exports show."""
    from nbgrader.api import Student as Record

    known = {record.id: record for record in gradebook.db.query(Record)}
    for person in people:
        record = known.get(person.id)
        if record is None:
            record = Record(id=person.id)
            gradebook.db.add(record)
        for name in ("first_name", "last_name", "email", "lms_user_id"):
            setattr(record, name, getattr(person, name) or None)
    gradebook.db.commit()


def set_times(gradebook: Any, times: Mapping[tuple[str, str, str], float]) -> None:
    """Tell the gradebook when units were handed in, as far as files tell it."""
    from nbgrader.api import Assignment, SubmittedAssignment

    latest: dict[tuple[str, str], float] = {}
    for (student, unit, _), when in times.items():
        latest[student, unit] = max(when, latest.get((student, unit), when))
    found = gradebook.db.query(SubmittedAssignment, Assignment.name).join(
        Assignment, SubmittedAssignment.assignment_id == Assignment.id
    )
    for submission, unit in found:
        if (submission.student_id, unit) in latest:
            submission.timestamp = utc(latest[submission.student_id, unit])
    gradebook.db.commit()


def utc(seconds: float) -> datetime:
    """Return a moment as nbgrader keeps it: in UTC, without saying so."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _comments(gradebook: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the automatic and the manual comment, by submitted notebook and task."""
    from nbgrader.api import BaseCell, Comment

    found = gradebook.db.query(
        Comment.notebook_id, BaseCell.name, Comment.auto_comment, Comment.manual_comment
    ).join(BaseCell, Comment.cell_id == BaseCell.id)
    return {(entry, name): (auto or "", manual or "") for entry, name, auto, manual in found}


def timestamps(gradebook: Any) -> dict[tuple[str, str], datetime]:
    """Return when units were handed in, by student and unit, as far as that is known; in UTC."""
    from nbgrader.api import Assignment, SubmittedAssignment

    found = gradebook.db.query(
        SubmittedAssignment.student_id, Assignment.name, SubmittedAssignment.timestamp
    ).join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    return {(student, unit): when for student, unit, when in found if when is not None}

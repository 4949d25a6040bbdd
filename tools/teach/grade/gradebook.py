"""The gradebook, which is nbgrader's: outcomes go in, marks come out.

One process writes, and never touches a mark that was given by hand. A table of its own in the file,
which nbgrader leaves alone, notes which outcome of each submitted notebook is in it, and with which
answers: so it is known which answers have changed, and a copy that is put back gets what it lacks.
"""

import json
import warnings
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text
from tqdm import tqdm

from tools.notebook.cells import fingerprint, task_name, test_of
from tools.notebook.common import Problem, shown
from tools.teach.grade import store
from tools.teach.grade.store import GRADEBOOK, SubmissionKey, key_of
from tools.teach.grade.term import State, Term

OUTCOMES = "graded_outcomes"  # the table of what is in the gradebook
NEW = "the task did not exist yet when this was graded"


@dataclass(frozen=True, order=True)
class Row:
    """The mark of one task or question of one student."""

    student: str
    unit: str
    notebook: str
    task: str
    points: float
    of: float
    reason: str  # Why the automatic mark is what it is
    # A person has to look: an answer has no mark yet, or has changed since it was marked
    review: bool
    comment: str = ""  # Of the person who marked it
    by_hand: bool = False  # The mark is a person's

    @property
    def submission(self) -> SubmissionKey:
        """The student, the unit and the notebook."""
        return self.student, self.unit, self.notebook

    @property
    def unmarked(self) -> bool:
        """Whether there is no mark yet, so that the points mean nothing."""
        return self.review and not self.by_hand

    @property
    def changed(self) -> bool:
        """Whether the answer has changed since a person marked it."""
        return self.review and self.by_hand


# ------------------------------------------------------------------ the file


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
            raise store.unusable(path, error.orig) from None


def require(out: Path) -> None:
    """Raise Problem if there is no gradebook, or it is damaged."""
    if not (out / GRADEBOOK).is_file():
        raise Problem(
            f"there is no gradebook in {shown(out)}; grade submissions first, or correct --out"
        )
    store.refuse_damaged(out)


def is_lost(out: Path) -> bool:
    """Say whether the gradebook of earlier outcomes is gone; one that is there gets a copy.

    Raises Problem if it is damaged.
    """
    if (out / GRADEBOOK).is_file():
        store.refuse_damaged(out)
        store.back_up(out)
        return False
    return any((out / "outcomes").glob("*/*.json"))


def units(out: Path) -> set[str]:
    """Return the units that the gradebook has; none if there is no gradebook."""
    if not (out / GRADEBOOK).is_file():
        return set()
    with opened(out / GRADEBOOK) as gradebook:
        return {assignment.name for assignment in gradebook.assignments}


def refuse_other_tasks(out: Path, unit: str, wanted: set[str]) -> None:
    """Raise Problem if a unit that somebody has marks in gets other cells.

    nbgrader adds a row for each cell when a submission is made, and none later. ``wanted`` are the
    cells with points or answers of the unit now, as ``NOTEBOOK/CELL``.
    """
    if unit not in units(out):
        return
    with opened(out / GRADEBOOK) as gradebook:
        assignment = gradebook.find_assignment(unit)
        before = {
            f"{notebook.name}/{cell.name}"
            for notebook in assignment.notebooks
            for cell in (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells)
        }
        if not assignment.submissions or before == wanted:
            return
    changes = {"new": sorted(wanted - before), "gone": sorted(before - wanted)}
    lines = "; ".join(f"{kind}: {', '.join(cells)}" for kind, cells in changes.items() if cells)
    raise Problem(
        f"the graded cells of {unit} have changed since it was graded ({lines}), but nbgrader adds "
        f"none for students who have points. Move {shown(out / GRADEBOOK)} away and grade each "
        "upload of this unit again: the new gradebook gets the marks given by hand from the newest "
        "copy"
    )


# ------------------------------------------------------------------ what goes in


def update(out: Path) -> tuple[list[dict[str, Any]], State]:
    """Write what the gradebook lacks into it; return all outcomes, and what is known beside them.

    A copy of it is kept first. Into one that is new, marks given by hand come from the newest copy.
    """
    outcomes, copies = store.all_outcomes(out), store.copies(out)
    state = Term.read(out).state(outcomes)
    with opened(out / GRADEBOOK) as gradebook:
        if copies and not noted(gradebook):
            with opened(copies[-1]) as before:
                if number := restore(before, gradebook):
                    print(f"{number} marks given by hand were restored from {shown(copies[-1])}")
        store.back_up(out)
        for person in state.people.values():  # as ``nbgrader db student import`` does
            names = ("first_name", "last_name", "email", "lms_user_id")
            known = {name: getattr(person, name) or None for name in names}
            gradebook.update_or_create_student(person.id, **known)
        write(gradebook, outcomes)
        zero_missing(gradebook, {key_of(outcome) for outcome in outcomes}, state.times)
    return outcomes, state


def noted(gradebook: Any) -> dict[SubmissionKey, dict[str, Any]]:
    """Return the key and the answers of each outcome that is in the gradebook.

    An outcome of a student who was removed since is in it no more.
    """
    create = f"CREATE TABLE IF NOT EXISTS {OUTCOMES} (entry PRIMARY KEY, note)"
    gradebook.db.execute(text(create))
    gradebook.db.commit()
    rows = gradebook.db.execute(text(f"SELECT entry, note FROM {OUTCOMES}"))
    notes = {row.entry: json.loads(row.note) for row in rows}
    return {s: notes[entry.id] for s, entry in entries(gradebook) if entry.id in notes}


def note(gradebook: Any, entry: Any, key: str, answers: Mapping[str, str]) -> None:
    """Note which outcome is in the gradebook for a submitted notebook."""
    values = {"entry": entry.id, "note": json.dumps({"key": key, "answers": answers})}
    gradebook.db.execute(text(f"INSERT OR REPLACE INTO {OUTCOMES} VALUES (:entry, :note)"), values)


def write(gradebook: Any, outcomes: Iterable[dict[str, Any]]) -> None:
    """Write the outcomes that are not in the gradebook yet, each in one change of the file."""
    notes = noted(gradebook)
    for outcome in tqdm(outcomes, desc="gradebook", unit="notebook", disable=None):
        before = notes.get(key_of(outcome), {"key": "", "answers": {}})
        if before["key"] == outcome["key"]:
            continue
        answers = {
            task["task"]: fingerprint(task["answer"])
            for task in (*outcome["tasks"], *outcome["questions"])
        }
        same = before["answers"] | answers
        changed = {task for task, answer in before["answers"].items() if same[task] != answer}
        entry = entry_of(gradebook, key_of(outcome))
        enter(entry, outcome, changed)
        note(gradebook, entry, outcome["key"], answers)
        gradebook.db.commit()


def enter(entry: Any, outcome: Mapping[str, Any], changed: Container[str]) -> None:
    """Enter points and reasons of one outcome; ``changed`` are tasks with another answer now.

    A mark given by hand stays; if its answer has changed, a person is asked to look again.
    """
    comments = {comment.name: comment for comment in entry.comments}
    results = {test_of(task["task"]): (task, task["points"], False) for task in outcome["tasks"]}
    for question in outcome["questions"]:
        review = question["review"]
        results[question["task"]] = (question, None if review else 0, review)
    # A task that is gone has no grade here; one that is new is in no earlier outcome.
    for grade in entry.grades:
        result, points, review = results.get(grade.name, ({"reason": NEW}, 0, False))
        grade.auto_score = None if points is None else float(points)
        if grade.manual_score is None:
            grade.needs_manual_grade = review
        elif task_name(grade.name) in changed:
            grade.needs_manual_grade = True
        if task_name(grade.name) in comments and "reason" in result:
            comments[task_name(grade.name)].auto_comment = result["reason"] or None


def entry_of(gradebook: Any, submission: SubmissionKey) -> Any:
    """Return nbgrader's entry for a notebook of a student; it is made if there is none."""
    from nbgrader.api import MissingEntry

    student, unit, notebook = submission
    gradebook.update_or_create_student(student)
    try:
        gradebook.update_or_create_submission(unit, student)
        return gradebook.find_submission_notebook(notebook, unit, student)
    except MissingEntry:
        raise Problem(
            f"{student!r} has results for {unit}/{notebook}, which the gradebook lacks; "
            "grade the submissions again, with the folder of units that contains it (--notebooks)"
        ) from None


def restore(before: Any, gradebook: Any) -> int:
    """Take marks given by hand from a copy into a new gradebook; return how many.

    The answers that they were given for come with them, so that ``write`` knows which have changed.
    All of it is one change of the file: a call that ends early has restored nothing.
    """
    notes, pairs, number = noted(before), [], 0
    for submission, old in entries(before):
        if submission in notes:
            with suppress(Problem):  # a notebook that is there no more
                pairs.append((submission, old, entry_of(gradebook, submission)))
    for submission, old, new in pairs:
        grades = {grade.name: grade for grade in new.grades}
        comments = {comment.name: comment for comment in new.comments}
        for mark in (m for m in old.grades if m.manual_score is not None and m.name in grades):
            for name in ("manual_score", "extra_credit", "needs_manual_grade"):
                setattr(grades[mark.name], name, getattr(mark, name))
            number += 1
        for comment in (c for c in old.comments if c.manual_comment and c.name in comments):
            comments[comment.name].manual_comment = comment.manual_comment
        note(gradebook, new, "", notes[submission]["answers"])
    gradebook.db.commit()
    return number


def zero_missing(
    gradebook: Any, there: Container[SubmissionKey], times: Mapping[tuple[str, str], float]
) -> None:
    """Write when units were handed in, and zero points for notebooks that were not.

    nbgrader adds all notebooks of a unit with the first one, as if each waited for a mark. Its
    times are in UTC, without a time zone.
    """
    for submission, entry in entries(gradebook):
        if when := times.get(submission[:2]):
            entry.assignment.timestamp = datetime.fromtimestamp(when, UTC).replace(tzinfo=None)
        for grade in () if submission in there else entry.grades:
            if grade.auto_score is None:
                grade.auto_score, grade.needs_manual_grade = 0.0, False
    gradebook.db.commit()


# ------------------------------------------------------------------ what comes out


def entries(gradebook: Any) -> Iterator[tuple[SubmissionKey, Any]]:
    """Yield the submitted notebooks in the gradebook, as nbgrader's objects."""
    from nbgrader.api import SubmittedNotebook
    from sqlalchemy.orm import selectinload

    parts = (SubmittedNotebook.assignment, SubmittedNotebook.grades, SubmittedNotebook.comments)
    query = gradebook.db.query(SubmittedNotebook).options(*map(selectinload, parts))
    for entry in query:
        yield (entry.assignment.student_id, entry.assignment.name, entry.name), entry


def rows(gradebook: Any) -> list[Row]:
    """Return all marks in order."""
    table = []
    for submission, entry in entries(gradebook):
        comments = {c.name: (c.auto_comment or "", c.manual_comment or "") for c in entry.comments}
        for grade in entry.grades:
            task, by_hand = task_name(grade.name), grade.manual_score is not None
            reason, comment = comments.get(task, ("", ""))
            points, of = grade.score, grade.cell.max_score
            review = bool(grade.needs_manual_grade)
            table.append(Row(*submission, task, points, of, reason, review, comment, by_hand))
    return sorted(table)


def all_rows(gradebook: Any, outcomes: Iterable[Mapping[str, Any]], state: State) -> list[Row]:
    """Return all marks in order, with rows of no points for what was not handed in.

    These are the notebooks of the students who handed in another one of the unit, or none.
    """
    there = {key_of(outcome) for outcome in outcomes}
    failed = {key_of(outcome): outcome["failed"] for outcome in state.failed}
    unclear = {
        student: f"nothing graded; left out: {line}" for student, line in state.unclear.items()
    }
    names = {unit for _, unit, _ in (*there, *failed)}
    table = [row for row in rows(gradebook) if row.unit in names]
    expected = {(student, unit) for student in state.people for unit in names}
    expected |= {submission[:2] for submission in failed}
    for student, unit in expected - {row.submission[:2] for row in table}:
        for notebook in gradebook.find_assignment(unit).notebooks:
            for cell in notebook.grade_cells:
                key = (student, unit, notebook.name, task_name(cell.name))
                table.append(Row(*key, 0.0, cell.max_score, "", review=False))

    def explained(row: Row) -> Row:
        if row.submission in there:
            return row
        if row.submission in failed:
            return replace(row, reason=f"not graded: {failed[row.submission]}", review=True)
        return replace(row, reason=unclear.get(row.student, "not handed in"))

    return sorted(map(explained, table))

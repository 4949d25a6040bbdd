"""What a person does to a book: marks are merged, a student is taken out, a history is read."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import AcquireReturnProxy, FileLock, Timeout

from data.core.files import write_text
from tools.notebook.common import MOST_SUGGESTED, Problem, shown
from tools.teach.grade import gradebook, history, marks, output
from tools.teach.grade.roster import Roster
from tools.teach.grade.rows import FINGERPRINT, Place, Row, as_cell, visible
from tools.teach.grade.term import State

LISTED = 10  # lines of a table that are told


def only_one(out: Path, seconds: float = 0) -> AcquireReturnProxy:
    """Hold an output folder until the ``with`` block ends: one process writes a gradebook.

    Waits ``seconds`` for another one. Raises Problem if that one still holds it.
    """
    lock = FileLock(out / "grade.lock")
    try:
        return lock.acquire(timeout=seconds)
    except Timeout:
        raise Problem(f"another call is grading into {shown(out)}; wait for it") from None


@dataclass(frozen=True)
class Book:
    """A gradebook at hand."""

    out: Path
    state: State
    outcomes: list[dict[str, Any]]

    def table(self, opened: Any) -> list[Row]:
        """Return all marks."""
        return output.table_of(opened, self.outcomes, self.state)


@contextmanager
def at_hand(out: Path, seconds: float = 0) -> Iterator[Book]:
    """Hold a book until the ``with`` block ends, after ``seconds`` of waiting for it at most.

    Raises Problem if there is none, or it is damaged.
    """
    path = see_it(out)
    with only_one(out, seconds):
        gradebook.refuse_damaged(path)
        if lost := output.damaged(out):  # its marks would be taken from the pages
            raise Problem(f"{lost[0]}; nothing was changed")
        book = Book(out, output.read_state(out), output.all_outcomes(out))
        output.write_gradebook(out, book.state)  # the gradebook may be a backup
        yield book


def see_it(out: Path) -> Path:
    """Return where a gradebook is; raises Problem if there is none."""
    path = out / output.GRADEBOOK
    if not path.is_file():
        raise Problem(f"there is no gradebook in {shown(out)}; grade submissions first, or --out")
    return path


# ------------------------------------------------------------------ marks


def merge(options: argparse.Namespace) -> int:
    """Merge marks given by hand into the gradebook, and write tables and pages anew."""
    out = options.out.absolute()
    who, name = options.by or history.login(), options.manual.name
    with at_hand(out) as book:
        codes = {code: student for student, code in output.codes_of(out, [], make=False).items()}
        lines = marks.read(options.manual)
        with gradebook.opened(out / output.GRADEBOOK) as opened:
            own = own_lines(history.read(out), who, name)
            found = marks.compare(book.table(opened), lines, codes, own)
            enter(book, opened, found.changes)
            by = {c.row.place: (c.line.place, c.line.cell(FINGERPRINT)) for c in found.changes}
            history.note(out, book.table(opened), who, f"with {name}", lines=by)
        output.write_pages(out, book.state)
    tell(found, options.manual, out)
    return 1 if found.moved else 0


def enter(
    book: Book, opened: Any, changes: Iterable[marks.Change], again: Iterable[Place] = ()
) -> None:
    """Enter what a person decided into the open gradebook of a book at hand, and keep a copy.

    Somebody has still to look at the marks of ``again``.
    """
    marks.apply(opened, changes)
    gradebook.ask_again(opened, again)
    # who got an entry for a mark has no others
    gradebook.settle_absent(opened, book.outcomes)
    # Before the seal: a gradebook that is newer than that takes its marks from the copy.
    write_text(book.out / output.BY_HAND, marks.by_hand_as_json(gradebook.rows(opened)))
    output.Written.read(book.out).seal(book.out, opened)


def own_lines(entries: list[history.Entry], who: str, name: str) -> dict[Place, str]:
    """Return the fingerprints of lines by which this person last changed marks with this table.

    Who marks on in a table that was merged before has seen what it has changed.
    """
    return {
        place: entry.said
        for place, entry in history.last(entries).items()
        if entry.said and entry.who == who and entry.how.startswith(f"{name}, line ")
    }


def tell(found: marks.Compared, table: Path, out: Path) -> None:
    """Say what was merged, and what was not."""
    number = sum(change.points is not None for change in found.changes)
    comments = sum(bool(change.comment) for change in found.changes)
    back = sum(len(change.back) for change in found.changes)
    print(
        f"{number} marks merged from {table}, {comments} comments"
        f"{f', {back} taken back' if back else ''}; {shown(out)}/grades.csv is written anew"
    )
    if found.old:
        places = ", ".join(visible("/".join(c.row.place)) for c in found.old[:3])
        print(
            f"{len(found.old)} lines that you did not change are older than the gradebook, which "
            f"stays as it is: {places}{', ...' if found.old[3:] else ''}"
        )
    if found.moved:
        print(
            f"NOT MERGED: {len(found.moved)} lines that you changed, of which the gradebook has "
            "changed, too, since the table was written:"
        )
        for change in found.moved[:LISTED]:
            print(f"  {visible(told(change))}")
        if found.moved[LISTED:]:
            print(f"  and {len(found.moved) - LISTED} more")
        print(
            f"Give these in the new grades.csv; or empty their cells {FINGERPRINT}, and they count"
        )


def told(change: marks.Change) -> str:
    """Return what a line says and what the gradebook says."""
    wanted, row = change.line.cell("points") or "no mark", change.row
    comment = f", {change.comment!r}" if change.comment else ""
    now = f"{row.points:g}, {'by hand' if row.by_hand else 'automatic'}"
    if row.unmarked:
        now = "no mark, since the answer is another one or its mark was taken back"
    return (
        f"{change.line.place}: {'/'.join(row.place)}: the line says {wanted}{comment}; the "
        f"gradebook says {now}"
    )


# ------------------------------------------------------------------ students


def take_out(options: argparse.Namespace) -> int:
    """Take students out of a book, and write tables and pages anew."""
    out = options.out.absolute()
    who = options.by or history.login()
    with at_hand(out) as book:
        students = [student_of(text, book) for text in options.take_out]
        for student in dict.fromkeys(students):
            output.take_out(out, student)
            history.note(out, [], who, "taken out", gone=student)
        output.write_pages(out, output.read_state(out))
    for student in dict.fromkeys(students):
        work = {o["unit"]: o for o in book.outcomes if o["student"] == student}
        notebooks = sum(o["student"] == student for o in book.outcomes)
        print(
            f"{visible(student)} is taken out, with {notebooks} notebooks of {len(work)} units; "
            "who is still in a roster or a folder comes back when that is graded again"
        )
    print(f"`--history` says what the marks were; {shown(out)}/ is written anew")
    return 0


def tell_history(options: argparse.Namespace) -> int:
    """Print what became of the marks of students."""
    out = options.out.absolute()
    gradebook.refuse_damaged(see_it(out))
    book, entries = Book(out, output.read_state(out), output.all_outcomes(out)), history.read(out)
    students = [student_of(text, book, entries) for text in options.history]
    for student in students:
        mine = [entry for entry in entries if entry.place[0] == student]
        print(f"{visible(str(book.state.roster.get(student, student)))}: {len(mine)} changes")
        for line in history.told(mine):
            print(f"  {line}")
    return 0


def student_of(text: str, book: Book, entries: list[history.Entry] | None = None) -> str:
    """Return the id of the student whom a text means, as tables or the roster have it.

    Raises Problem if it means nobody, or several.
    """
    with gradebook.opened(book.out / output.GRADEBOOK) as opened:
        known = {row.student for row in book.table(opened)}
        known |= {student.id for student in opened.students}
    known |= {student for student, *_ in book.state.times} | set(book.state.roster)
    known |= {entry.place[0] for entry in entries or () if entry.place != history.DECIDED}
    fitting = {s for s in known if text in (s, as_cell(s))}
    if not fitting and (person := Roster(book.state.roster.values()).find(text)):
        fitting = {person.id}
    if len(fitting) == 1:
        return fitting.pop()
    near = difflib.get_close_matches(text, sorted(known), MOST_SUGGESTED, 0.4)
    told = f"; there is {', '.join(map(visible, near))}" if near else ""
    raise Problem(
        f"there is no student {visible(text)!r} in {shown(book.out)}{told}. students.csv has them "
        "all in its first column"
    )

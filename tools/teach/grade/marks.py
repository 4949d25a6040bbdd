"""Marks given by hand: the table that came out goes back in, and only what changed in it counts."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.notebook.cells import task_of
from tools.notebook.common import Problem
from tools.teach.grade import rows
from tools.teach.grade.gradebook import ask_again
from tools.teach.grade.rows import FINGERPRINT, HALF, Place, Row, as_cell, cells_of, visible

NEEDED = ("student", "unit", "notebook", "task", "points")
ALSO = ("comment", "needs review", FINGERPRINT)
SEPARATORS = ",;\t|"
TAKE_BACK = ("-", "\u2013", "\u2212", "take back")  # editors make the second and third of the first


@dataclass(frozen=True)
class Line:
    """A line of a table: where it begins in its file, and its cells by column."""

    place: str
    cells: dict[str, str]

    def cell(self, column: str) -> str:
        """Return what a cell says; "" where the table has no such column."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True)
class Change:
    """What a person decided on one task of one student."""

    row: Row  # As the gradebook has it
    points: float | None = None  # The mark; None leaves it as it is, and waiting if it waits
    comment: str = ""  # "" leaves it as it is
    back: frozenset[str] = frozenset()  # Which of "points" and "comment" a person takes back
    line: Line = Line("", {})  # That says so

    def __bool__(self) -> bool:
        return self.points is not None or bool(self.comment or self.back)


@dataclass(frozen=True)
class Compared:
    """What a table says other than the gradebook."""

    changes: list[Change]  # What a person changed in it
    # What a person changed while the gradebook changed, too, so that neither is the other's news
    moved: list[Change]
    old: list[Change]  # What nobody changed in it: the gradebook has changed since


# ------------------------------------------------------------------ reading


def read(path: Path) -> list[Line]:
    """Return the lines of a table, whatever separates its cells.

    Raises Problem if it is no such table; the text names the line.
    """
    text = text_of(path)
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found, columns = [], []
    while True:
        place = f"{path.name}, line {reader.line_num + 1}"
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise Problem(
                f"{place}: {error}; is a quotation mark missing there? Save it as CSV anew"
            ) from None
        if not any(cell.strip() for cell in cells):
            continue
        if columns:
            found.append(Line(place, _by_column(columns, cells, place)))
        else:
            columns = _columns(cells, path.name)
    if not columns:
        raise Problem(f"{path.name} is empty; it needs the columns {', '.join(NEEDED)}")
    return found


def text_of(path: Path) -> str:
    """Return a table's text: UTF-8, or what a byte-order mark says."""
    try:
        content = path.read_bytes()
        wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return content.decode("utf-16" if wide else "utf-8-sig")
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Problem(
            f"{path.name}, line {line}: {content[error.start : error.end]!r} is not UTF-8; save it "
            "as 'CSV UTF-8'"
        ) from None


def _columns(cells: list[str], name: str) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    if missing := [c for c in NEEDED if c not in columns]:
        raise Problem(
            f"{name} lacks the columns {', '.join(missing)}; it needs {', '.join(NEEDED)}, and "
            f"may have comment. Its first line is {visible(', '.join(cells))[:200]!r}"
        )
    if FINGERPRINT not in columns and {"of", "reason"} <= set(columns):
        raise Problem(
            f"{name} lacks the column {FINGERPRINT}, by which it is known what was changed in it "
            "and what has changed in the gradebook since. Take a new grades.csv; or delete the "
            "column reason, and all lines but those that you mean, to have each count"
        )
    if double := [c for c in (*NEEDED, *ALSO) if columns.count(c) > 1]:
        raise Problem(f"{name} has the column {double[0]} twice; which one counts?")
    return columns


def _by_column(columns: list[str], cells: list[str], place: str) -> dict[str, str]:
    """Return a line's cells by column.

    Cells that nobody needs may be absent at its end: Excel leaves out empty ones there.
    """
    found = dict(zip(columns, cells, strict=False))
    if missing := [c for c in NEEDED if c not in found]:
        raise Problem(
            f"{place}: it has {len(cells)} cells, and none for {', '.join(missing)}; the first "
            f"line has {len(columns)}"
        )
    if any(cell.strip() for cell in cells[len(columns) :]):
        raise Problem(
            f"{place}: it has {len(cells)} cells, and the first line {len(columns)}; a text with "
            "a separator in it needs quotation marks around it"
        )
    return found


# ------------------------------------------------------------------ comparing


def compare(
    table: Iterable[Row],
    lines: Iterable[Line],
    codes: Mapping[str, str] | None = None,
    own: Mapping[Place, str] | None = None,
) -> Compared:
    """Return what lines say other than the gradebook: marks, comments, reviews that are done.

    ``codes`` are students by the codes that stand for them in a table without names. A line with a
    fingerprint counts for what was changed in it since it was written; one whose row has moved
    meanwhile does not, unless the person only goes on: ``own`` are the fingerprints of the lines of
    this table by which rows were last changed. A line without one counts as it stands. Raises
    Problem if a line fits nothing, says what is no mark, or is the second one on its task.
    """
    by_cells = _known(table)
    seen: dict[Place, str] = {}
    found = Compared([], [], [])
    for line in lines:
        row = _row_of(line, by_cells, codes or {})
        if row.place in seen:
            first = seen[row.place].rpartition(" ")[2]
            raise Problem(
                f"{line.place}: line {first} is on the same task, {_named(row)}; delete one of them"
            )
        seen[row.place] = line.place
        edited, moved = _since(line, row, codes or {})
        if not edited:
            if moved:
                found.old.append(Change(row, line=line))
        elif change := _change_of(line, row):
            goes_on = (own or {}).get(row.place, "") == line.cell(FINGERPRINT)
            (found.moved if moved and not goes_on else found.changes).append(change)
    return found


def _since(line: Line, row: Row, codes: Mapping[str, str]) -> tuple[bool, bool]:
    """Say whether a line was changed since it was written, and whether its row has moved."""
    said = line.cell(FINGERPRINT)
    if not said:
        return True, False
    if not rows.is_fingerprint(said):
        raise Problem(
            f"{line.place}: {visible(said)[:40]!r} is no fingerprint of ours; copy it from the "
            "table, or empty the cell to have the line count as it stands"
        )
    called = line.cells["student"]
    called = called if codes.get(called) == row.student else row.student
    cells = [line.cell(name) for name in ("points", "needs review", "comment")]
    edited = rows.written(row, called, *cells) != said[:HALF]
    return edited, rows.held(row, called) != said[HALF:]


def _change_of(line: Line, row: Row) -> Change:
    """Return what a line says other than the gradebook."""
    comment, back = line.cell("comment"), set()
    if line.cell("points").lower() in TAKE_BACK:
        points = None
        back |= {"points"} if row.by_hand else set()
    else:
        points = _points_of(line, row)
    if comment.lower() in TAKE_BACK:
        comment = ""
        back |= {"comment"} if row.comment else set()
    comment = "" if comment in (row.comment, as_cell(row.comment)) else comment
    return Change(row, points, comment, frozenset(back), line)


def _known(table: Iterable[Row]) -> dict[tuple[str, ...], Row]:
    """Return rows by what a table calls them; by their own names too, which people type."""
    rows = list(table)
    in_table = {tuple(map(as_cell, row.place)): row for row in rows}
    return {row.place: row for row in rows} | in_table


def _row_of(line: Line, by_cells: dict[tuple[str, ...], Row], codes: Mapping[str, str]) -> Row:
    student, unit, notebook, task = (line.cells[name] for name in NEEDED[:4])
    students = [student, codes.get(student, student)]
    for name in students:
        if row := by_cells.get((name, unit, notebook, task)):
            return row
    tasks = sorted({p[3] for p in by_cells if p[0] in students and p[1:3] == (unit, notebook)})
    if tasks:
        raise Problem(f"{line.place}: no task {task!r}; there are {', '.join(tasks)}")
    raise Problem(f"{line.place}: nothing of {student!r} in {unit}/{notebook} is in the gradebook")


def _named(row: Row) -> str:
    return visible("/".join(row.place))


def _points_of(line: Line, row: Row) -> float | None:
    """Return the mark that a line gives; None if the gradebook says just that."""
    written, before = line.cells["points"].strip(), cells_of(row)[4]
    if not written:
        return None
    points = rows.number(written)
    if before and points == float(before):
        # Unchanged; but who empties `needs review` has looked, and the mark is to stay.
        looked = row.review and not line.cells.get("needs review", "").strip()
        return row.points if looked else None
    if not 0 <= points <= row.of:
        raise Problem(
            f"{line.place}: {written!r} is no mark from 0 to {row.of:g}, nor '-', which takes one "
            "back"
        )
    return points


# ------------------------------------------------------------------ keeping


def apply(gradebook: Any, found: Iterable[Change]) -> None:
    """Write what a person decided into the gradebook, all of it or nothing.

    A student who handed in nothing of a unit gets an entry there.
    """
    from nbgrader.api import MissingEntry

    found = list(found)
    for student, unit in sorted({change.row.place[:2] for change in found}):
        gradebook.update_or_create_student(student)
        try:
            gradebook.find_submission(unit, student)
        except MissingEntry:
            gradebook.add_submission(unit, student)
    for change in found:
        student, unit, notebook, task = change.row.place
        entry = gradebook.find_submission_notebook(notebook, unit, student)
        grade = next(g for g in entry.grades if task_of(g.name) == task)
        if change.points is not None:
            grade.manual_score, grade.needs_manual_grade = change.points, False
        elif "points" in change.back:  # an answer without an automatic mark waits again
            grade.manual_score, grade.needs_manual_grade = None, grade.auto_score is None
        if change.comment or "comment" in change.back:
            comment = next(c for c in entry.comments if c.name == task)
            comment.manual_comment = change.comment or None
    gradebook.db.commit()


def by_hand_as_json(table: Iterable[Row]) -> str:
    """Return all that was decided by hand, as JSON for ``restore``."""
    found = [
        {
            "place": row.place,
            "points": row.points if row.by_hand else None,
            "comment": row.comment,
            "review": row.review,
        }
        for row in table
        if row.by_hand or row.comment
    ]
    return json.dumps(found, indent=1)


def restore(gradebook: Any, table: Iterable[Row], text: str, *, older: bool = True) -> int:
    """Give another gradebook the marks and comments of the text; return how many marks.

    One that is ``older`` than the text loses those that were taken back since.
    """
    kept = {tuple(item["place"]): item for item in json.loads(text)}
    nothing = {"points": None, "comment": "", "review": False}
    found = []
    for row in table:
        if row.place not in kept and not older:
            continue
        item = kept.get(row.place, nothing)
        points, comment = row.points if row.by_hand else None, row.comment
        if (points, comment) != (item["points"], item["comment"]):
            gone = {"points": item["points"] is None, "comment": not item["comment"]}
            back = frozenset(name for name, is_gone in gone.items() if is_gone)
            found.append((Change(row, item["points"], item["comment"], back), item["review"]))
    apply(gradebook, [change for change, _ in found])
    ask_again(gradebook, [change.row.place for change, review in found if review])
    return sum(change.points is not None for change, _ in found)

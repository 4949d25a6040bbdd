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
from tools.teach.grade.gradebook import ask_again
from tools.teach.grade.rows import Row, as_cell, cells_of, visible

NEEDED = ("student", "unit", "notebook", "task", "points")
ALSO = ("comment", "needs review")
SEPARATORS = ",;\t|"


@dataclass(frozen=True)
class Line:
    """A line of a table: where it begins in its file, and its cells by column."""

    place: str
    cells: dict[str, str]


@dataclass(frozen=True)
class Change:
    """What a person decided on one task of one student."""

    row: Row  # As the gradebook has it
    points: float | None  # The mark; None leaves it as it is, and waiting if it waits
    comment: str  # "" leaves it as it is


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


def changes(
    table: Iterable[Row], lines: Iterable[Line], codes: Mapping[str, str] | None = None
) -> list[Change]:
    """Return what lines say other than the gradebook: marks, comments, reviews that are done.

    ``codes`` are students by the codes that stand for them in a table without names. Raises Problem
    if a line fits nothing, says what is no mark, or is the second one on its task.
    """
    by_cells = _known(table)
    seen: dict[tuple[str, ...], str] = {}
    found = []
    for line in lines:
        row = _row_of(line, by_cells, codes or {})
        if row.place in seen:
            first = seen[row.place].rpartition(" ")[2]
            raise Problem(
                f"{line.place}: line {first} is on the same task, {_named(row)}; delete one of them"
            )
        seen[row.place] = line.place
        points = _points_of(line, row)
        comment = line.cells.get("comment", "").strip()
        comment = "" if comment in (row.comment, as_cell(row.comment)) else comment
        if points is not None or comment:
            found.append(Change(row, points, comment))
    return found


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
    points = _number(written)
    if before and points == float(before):
        # Unchanged; but who empties `needs review` has looked, and the mark is to stay.
        looked = row.review and not line.cells.get("needs review", "").strip()
        return row.points if looked else None
    if not 0 <= points <= row.of:
        raise Problem(f"{line.place}: {written!r} is no mark from 0 to {row.of:g}")
    return points


def _number(text: str) -> float:
    """Return a number, with a point or a comma as the spreadsheet has it; NaN for anything else."""
    try:
        return float("nan") if "_" in text else float(text.replace(",", "."))
    except ValueError:
        return float("nan")


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
        if change.points is not None:
            grade = next(g for g in entry.grades if task_of(g.name) == task)
            grade.manual_score, grade.needs_manual_grade = change.points, False
        if change.comment:
            comment = next(c for c in entry.comments if c.name == task)
            comment.manual_comment = change.comment
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


def restore(gradebook: Any, table: Iterable[Row], text: str) -> int:
    """Give an earlier gradebook the marks and comments of the text; return how many marks."""
    rows = {row.place: row for row in table}
    found = []
    for item in json.loads(text):
        row = rows.get(tuple(item["place"]))
        now = row and (row.points if row.by_hand else None, row.comment)
        if row is not None and now != (item["points"], item["comment"]):
            found.append((Change(row, item["points"], item["comment"]), item["review"]))
    apply(gradebook, [change for change, _ in found])
    ask_again(gradebook, [change.row.place for change, review in found if review])
    return sum(change.points is not None for change, _ in found)

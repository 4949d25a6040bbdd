"""One mark as tables, totals and pages show it, in texts that neither run nor hide anything."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

COLUMNS = ("student", "unit", "notebook", "task", "points", "of", "reason", "needs review")
Place = tuple[str, str, str, str]  # student, unit, notebook, task


@dataclass(frozen=True)
class Row:
    """One task or question of one student, as the gradebook has it."""

    # Which it is
    student: str
    unit: str
    notebook: str
    task: str
    # The mark that counts, and the best one
    points: float
    of: float
    reason: str  # Why the automatic mark is what it is
    # A person has to look: an answer has no mark yet, or has changed since it was marked
    review: bool
    comment: str = ""  # Of the person who marked it
    by_hand: bool = False  # The mark is a person's

    @property
    def place(self) -> Place:
        """Which task of which student it is."""
        return self.student, self.unit, self.notebook, self.task

    @property
    def unmarked(self) -> bool:
        """Say whether there is no mark yet, so that the points mean nothing."""
        return self.review and not self.by_hand


@dataclass(frozen=True)
class Total:
    """Points of several tasks together."""

    points: float
    of: float
    waiting: int  # Answers that wait for a person: the points are not all there yet

    @classmethod
    def of_rows(cls, rows: Iterable[Row]) -> Total:
        """Return the sum of marks; one that is still to be given counts nothing yet."""
        rows = list(rows)
        points = sum(0.0 if row.unmarked else row.points for row in rows)
        return cls(points, sum(row.of for row in rows), sum(row.review for row in rows))

    def __str__(self) -> str:
        return f"{'at least ' if self.waiting else ''}{self.points:.10g}"


def grades_csv(table: Iterable[Row]) -> str:
    """Return the marks as CSV; where one is still to be given, the points are blank."""
    return as_csv(COLUMNS, [cells_of(row) for row in table])


def cells_of(row: Row) -> tuple[str, ...]:
    """Return what the table says of a row."""
    return (
        *row.place,
        "" if row.unmarked else f"{row.points:g}",
        f"{row.of:g}",
        " ".join(reason_of(row).split()),
        "yes" if row.review else "",
    )


# ------------------------------------------------------------------ texts


def reason_of(row: Row) -> str:
    """Return why a mark is what it is, in the words of whoever gave it."""
    if row.review and row.by_hand:
        again = f"the answer has changed since it was marked: {row.points:g} points are kept"
        return f"{again}; {row.comment}" if row.comment else again
    return row.comment or row.reason


def as_csv(columns: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV, in which no text runs as a formula or hides what it is."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([as_cell(column) for column in columns])
    writer.writerows([as_cell(cell) for cell in line] for line in lines)
    return text.getvalue()


def as_cell(value: object) -> str:
    """Return a value as a table has it."""
    return defused(visible(str(value)))


# A formula begins a cell, and a cell may begin behind whatever the reader's settings take for a
# separator. There, a plain number (an array in a message) is left alone.
NUMBER = r"(?:\d[\d.]*(?:e[+-]?\d+)?|inf|nan)(?=$|[\s\])},;:|\"'])"
FORMULA = re.compile(
    r"(?P<before>\A\s*)(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])"
    r"|(?P<behind>[,;:|\t\r\n\"]\s*)"
    rf"(?='*(?:[=@\uff1d\uff20]|[+\-\uff0b\uff0d](?!{NUMBER})))"
)


def defused(text: str) -> str:
    """Put an apostrophe before what Excel and others would take for a formula.

    Apostrophes that stand there already get one more, so that no two texts become one.
    """
    return FORMULA.sub(lambda found: f"{found[0]}'", text)


# Escape codes, and characters that turn the order of writing around: a terminal, a spreadsheet or
# a browser would show something other than what is there.
HIDING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


def visible(text: str) -> str:
    r"""Write out characters that hide or act, as ``\x1b`` or ``\u202e``."""
    text = text.replace("\r\n", "\n")
    return HIDING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)

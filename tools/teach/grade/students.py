"""Who is in the class: the table that nbgrader imports students from.

``read(path)`` returns the students of a CSV by their id, in its order. ``Students(people)`` finds
the one whom a name of a file or folder means; it guesses nothing: what fits two fits none.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.notebook.common import Problem

COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id")


@dataclass(frozen=True)
class Student:
    """One person of the class, as nbgrader's gradebook has it."""

    id: str  # No two students have one
    # As the table says; "" where it says nothing
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""  # The platform's number

    @property
    def name(self) -> str:
        """The name as people write it."""
        return f"{self.first_name} {self.last_name}".strip()

    def __str__(self) -> str:
        return f"{self.name} ({self.id})" if self.name else self.id


def read(path: Path) -> dict[str, Student]:
    """Return the students of a table by id, in the order of the file.

    It is CSV in UTF-8 with a column ``id`` and, as far as wanted, the others of ``COLUMNS``, as
    ``nbgrader db student import`` takes it. Raises Problem if it cannot be read, or an id is not
    one person's.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        heads, *lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except (OSError, ValueError, csv.Error) as error:
        told = f"{path} can't be read as a class list ({error})"
        raise Problem(f"{told}; save it as CSV in UTF-8") from None
    heads = [head.strip().lower() for head in heads]
    if "id" not in heads or not any(lines):
        raise Problem(
            f"{path.name} has no students, or no column id (its first line is "
            f"{delimiter.join(heads)[:200]!r}); it may have {', '.join(COLUMNS)}"
        )
    found: dict[str, Student] = {}
    for number, line in enumerate(lines, start=2):
        cells = {head: cell.strip() for head, cell in zip(heads, line, strict=False)}
        student = Student(**{name: cells.get(name, "") for name in COLUMNS})
        if not any(line):
            continue
        if fault := fault_of(student.id, found):
            raise Problem(f"{path.name}, line {number} ({student.name or 'no name'}): {fault}")
        found[student.id] = student
    return found


def fault_of(student: str, known: Container[str]) -> str:
    """Return why a text is no id of one person more; "" if it is."""
    if not student:
        return "there is no id"
    if re.fullmatch(r"\d+(?:[.,]\d+)?e\+?\d+", student, re.IGNORECASE):
        return (
            f"{student!r} is what a spreadsheet makes of a long number, and its last digits are "
            "gone: take the file as it was downloaded"
        )
    return f"the id {student!r} is there twice" if student in known else ""


class Students:
    """Finds the student whom a text means.

    Parameters
    ----------
    people : iterable of Student
    """

    def __init__(self, people: Iterable[Student]) -> None:
        self.by_id = {student.id: student for student in people}
        numbered = (student for student in self.by_id.values() if student.lms_user_id)
        self.by_number = self.by_id | {student.lms_user_id: student for student in numbered}
        self.by_text: dict[str, set[Student]] = defaultdict(set)
        for student in self.by_id.values():
            for text in (student.id, *spellings(student)):
                self.by_text[folded(text)].add(student)
        self.by_text.pop("", None)

    def find(self, text: str) -> Student | None:
        """Return the one student with this id, e-mail, login or name; None for none or several."""
        fitting = self.by_id.get(text) or self.by_text.get(folded(text), set())
        if isinstance(fitting, Student):
            return fitting
        return next(iter(fitting)) if len(fitting) == 1 else None


def spellings(student: Student) -> list[str]:
    """Return how a student may be written in a file's name: ``Ada Love``, ``Love, Ada``, ``ada``.

    Canvas puts the family name first and leaves the spaces out.
    """
    words = student.name.replace(",", " ").split()
    turned = [" ".join(words[n:] + words[:n]) for n in range(len(words))]
    return [*turned, student.email, student.email.partition("@")[0]]


def folded(text: str) -> str:
    """Return a text without what differs between spellings: case, accents, signs and spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())

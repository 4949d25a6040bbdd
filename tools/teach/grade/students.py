"""The class: a table of students, as nbgrader imports it, and whom a name or number means.

``read(path)`` returns the students of a CSV by id. ``Students(people)`` finds those whom a text
means.
"""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.notebook.common import Problem

CUT = re.compile(r"\d+(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)  # a spreadsheet's long number
BOM = "\ufeff"  # Windows's mark in front of a text
COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id")
MOODLES = {  # headings, and what they are here
    **{"id number": "id", "email address": "email"},
    **{"first name": "first_name", "last name": "last_name", "surname": "last_name"},
}


@dataclass(frozen=True)
class Student:
    """One person of the class, as nbgrader's gradebook has it; "" where the table says nothing."""

    id: str  # No two students have the same
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


def read_csv(path: Path) -> tuple[str, str, list[list[str]]]:
    """Return the text of a CSV in UTF-8, its delimiter and its rows; Problem if it is none."""
    try:
        text = path.read_bytes().decode("utf-8")
        delimiter = max(",;\t", key=text.partition("\n")[0].count)
        lines = io.StringIO(text.removeprefix(BOM), newline="")
        return text, delimiter, list(csv.reader(lines, delimiter=delimiter))
    except (OSError, ValueError, csv.Error) as error:
        raise Problem(f"{path.name} can't be read ({error}); save it as CSV in UTF-8") from None


def read(path: Path) -> dict[str, Student]:
    """Return the students of a table by id, in the order of the file.

    It has a column ``id`` and, if wanted, the others of ``COLUMNS``, by these names or by those of
    Moodle. Raises Problem if it cannot be read, or an id is not one person's.
    """
    _, delimiter, lines = read_csv(path)
    heads, *rows = lines or [[]]
    heads = [head.strip().lower() for head in heads]
    heads = [head if MOODLES.get(head) in heads else MOODLES.get(head, head) for head in heads]
    if "id" not in heads:
        raise Problem(
            f"{path.name} has no column `id`: rename the column of e-mail addresses, or of what "
            f"else no two students share, to it. Its columns are {', '.join(map(repr, heads[:9]))}"
        )
    if not any(rows):
        raise Problem(f"{path.name} has no students")
    students: dict[str, Student] = {}
    for number, row in enumerate(rows, start=2):
        if not any(row):
            continue
        cells = {head: cell.strip() for head, cell in zip(heads, row, strict=False)}
        student = Student(**{name: cells.get(name, "") for name in COLUMNS})
        if not student.id or student.id in students or CUT.fullmatch(student.id):
            raise Problem(
                f"{path.name}, line {number}: the id {student.id!r} is empty, occurs "
                "twice, or was shortened by a spreadsheet: correct it"
            )
        if len(row) > len(heads) or (student.email and "@" not in student.email):
            raise Problem(
                f"{path.name}, line {number}: it has more than {len(heads)} cells, or the e-mail "
                f"address {student.email!r}: put a text that holds {delimiter!r} into quotation "
                "marks"
            )
        students[student.id] = student
    return students


class Students:
    """Finds the students whom a text means."""

    def __init__(self, people: Iterable[Student]) -> None:
        people = list(people)
        self.by_number = {s.lms_user_id: s for s in people if s.lms_user_id}
        self.by_text: dict[str, set[Student]] = defaultdict(set)
        for student in people:
            for text in spellings(student):
                self.by_text[text].add(student)

    def called(self, text: str) -> set[Student]:
        """Return the students with this id, e-mail address, login or name."""
        return self.by_text.get(folded(text), set())

    def meant_by(self, owners: Sequence[tuple[str, str]]) -> set[Student]:
        """Return whom a platform's number and the name before it mean, or a name alone.

        Where a path can be read in several ways, the number that is on the list counts. Before a
        name Moodle may write that of a group, and either may have hyphens.
        """
        owners = [owner for owner in owners if owner[0] in self.by_number] or owners
        if len(owners) != 1:
            return set()
        number, name = owners[0]
        words = name.rsplit("-", 9)
        names = ["-".join(words[n:]) for n in range(len(words) if number else 1)]
        by_name = next(filter(None, map(self.called, names)), set())
        by_number = {self.by_number[number]} if number in self.by_number else set()
        return by_number if by_number and len(by_name) > 1 else by_number | by_name


def spellings(student: Student) -> set[str]:
    """Return how a student may be written: id, e-mail address, login, ``Ada Love``, ``Love, Ada``.

    They are folded: Canvas leaves the spaces out.
    """
    words = student.name.replace(",", " ").split()
    names = [" ".join(words[n:] + words[:n]) for n in range(len(words))]
    texts = (student.id, student.email, student.email.partition("@")[0], *names)
    return {folded(text) for text in texts} - {""}


def folded(text: str) -> str:
    """Return a text without what differs between spellings: case, accents, signs and spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())

"""Who is in the class: a table of id, name, e-mail and group.

``read(path)`` returns the students of a CSV by their id, in its order; each is a ``Student`` with
``id``, ``name``, ``email`` and ``group``, all texts. The id is the one that the student has in the
gradebook and in every table. ``Roster(students)`` finds the student whom a name of a file or
folder means; it guesses nothing: what fits two students fits none.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.notebook.common import Problem

MAX_BYTES = 5_000_000
# What Moodle's grading worksheet and Canvas's gradebook call the columns.
COLUMNS = {
    "id": ("id", "identifier"),
    "name": ("name", "full name", "student"),
    "email": ("email", "e-mail", "email address", "e-mail address", "sis login id"),
    "group": ("group", "groups", "section"),
}


@dataclass(frozen=True)
class Student:
    """One person of the class."""

    id: str  # The platform's number, where there is a platform; no two students have one
    # As the roster says; "" where it says nothing
    name: str = ""
    email: str = ""
    group: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.id})" if self.name else self.id


def read(path: Path) -> dict[str, Student]:
    """Return the students of a roster by id, in the order of the file.

    It is CSV with a column ``id`` and, as far as wanted, ``name``, ``email`` and ``group``; commas,
    semicolons or tabs between them. Raises Problem if it cannot be read, lacks the column ``id``,
    or gives one id to two people.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Problem(f"{path} is larger than {MAX_BYTES // 1_000_000} MB: no roster")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read: {error}; save it as CSV in UTF-8") from None
    heading = text.partition("\n")[0]
    between = max(",;\t", key=heading.count)
    try:
        lines = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=between))
    except csv.Error as error:
        raise Problem(f"{path} is no CSV that can be read: {error}") from None
    columns = {cell.strip().lower(): cell for cell in (lines[0] if lines else {}) if cell}
    taken = {
        field: next((columns[name] for name in names if name in columns), None)
        for field, names in COLUMNS.items()
    }
    if not taken["id"]:
        raise Problem(
            f"{path.name} has no students, or no column 'id' (its first line is "
            f"{heading[:200]!r}); it needs id, and may have name, email, group"
        )
    found: dict[str, Student] = {}
    for number, line in enumerate(lines, start=2):
        values = {f: (line[c] or "").strip() if c else "" for f, c in taken.items()}
        if not any(values.values()):
            continue
        student = Student(**(values | {"id": plain_id(values["id"])}))
        if not student.id or student.id in found:
            fault = f"the id {student.id!r} is there twice" if student.id else "there is no id"
            raise Problem(f"{path.name}, line {number} ({student.name or 'no name'}): {fault}")
        found[student.id] = student
    return found


def plain_id(text: str) -> str:
    """Return an id; of Moodle's ``Participant 123`` the number."""
    match = re.fullmatch(r"\D+ ?(\d+)", text)
    return match[1] if match and (" " in text or "/" in text) else text


class Roster:
    """Finds the student whom a text means.

    Parameters
    ----------
    students : iterable of Student
    """

    def __init__(self, students: Iterable[Student]) -> None:
        self.students = list(students)
        self.by_id = {s.id: s for s in self.students}
        self.by_text: dict[str, set[Student]] = defaultdict(set)
        for student in self.students:
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

"""Who is in the class: a table of id, name, e-mail and group.

``read(path)`` returns the students of a CSV by their id, in its order; each is a ``Student`` with
``id``, ``name``, ``email`` and ``group``, all texts. The id is the one that the student has in the
gradebook and in every table. ``Roster(students)`` finds the student whom a name of a file or
folder means; it guesses nothing: what fits two students fits none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.notebook.common import Problem
from tools.teach.grade import sheets
from tools.teach.grade.platforms import Form, form_of, is_student, words
from tools.teach.grade.rows import undone, visible
from tools.teach.grade.sheets import Sheet
from tools.teach.grade.words import folded


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

    It is CSV with a column ``id`` and, as far as wanted, ``name``, ``email`` and ``group``; or
    Moodle's grading worksheet, or Canvas's gradebook. Raises Problem if it cannot be read, no
    column can be the id, or an id is not one person's.
    """
    sheet = sheets.read(path)
    form = form_of(sheet)
    if form.id < 0 or not sheet.lines:
        raise Problem(
            f"{path.name} has no students, or no column 'id' (its first line is "
            f"{sheet.between.join(sheet.headings)[:200]!r}); it needs id, and may have name, "
            "email, group. Name the column of the students' numbers id; Moodle's worksheet and "
            "Canvas's export are taken as they were downloaded"
        )
    if told := not_understood(sheet, form):
        print(f"course.py grade: {told}")
    return people(sheet, form)


def people(sheet: Sheet, form: Form) -> dict[str, Student]:
    """Return the students of a table by id; raises Problem where an id is not one person's."""
    found: dict[str, Student] = {}
    for line_number, line in enumerate(sheet.lines, start=2):
        if not is_student(sheet, form, line):
            continue
        student = student_of(line, form)
        if fault := fault_of(student.id, found):
            who = student.name or "no name"
            raise Problem(f"{sheet.name}, line {line_number} ({who}): {fault}")
        found[student.id] = student
    return found


def student_of(line: Sequence[str], form: Form) -> Student:
    """Return the student of a line."""
    cells = {
        field: undone(line[place].strip()) if (place := getattr(form, field)) >= 0 else ""
        for field in ("name", "given", "email", "group")
    }
    name = " ".join(filter(None, (cells.pop("given"), cells["name"])))
    return Student(**cells | {"id": plain_id(line[form.id].strip(), form), "name": name})


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


def plain_id(text: str, form: Form | None = None) -> str:
    """Return an id; of Moodle's ``Participant 123`` the number, of ``MAT 123`` all of it.

    In a language whose word is not known, the rest of the table tells that it is Moodle's.
    """
    match = re.fullmatch(r"(\D+?) ?(\d+)", text)
    if not match:
        return text
    moodles = (form and form.platform == "Moodle") or folded(match[1]) in words("participant")
    return match[2] if moodles else text


def not_understood(sheet: Sheet, form: Form) -> str:
    """Return what to say of a table whose names or addresses are in no column that is known."""
    missing = [what for what, at in (("names", form.name), ("e-mails", form.email)) if at < 0]
    others = [h for place, h in enumerate(sheet.headings) if place not in form.taken and h]
    if not missing or not others:
        return ""
    return (
        f"{sheet.name} has no {' and no '.join(missing)} in a column that is known; the others "
        f"are {', '.join(map(visible, others[:12]))}: if it is one of these, name it "
        f"{' or '.join(what.rstrip('s').replace('-', '') for what in missing)}"
    )


class Roster:
    """Finds the student whom a text means.

    Parameters
    ----------
    students : iterable of Student
    numbers : mapping of str to str, optional
        Ids by a platform's numbers, as worksheets tell them.
    """

    def __init__(
        self, students: Iterable[Student], numbers: Mapping[str, str] | None = None
    ) -> None:
        self.students = list(students)
        self.by_id = {s.id: s for s in self.students}
        told = (numbers or {}).items()
        self.by_number = self.by_id | {n: self.by_id[id_] for n, id_ in told if id_ in self.by_id}
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

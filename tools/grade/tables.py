"""Tables for other programs: one row a student, and what Moodle and Canvas import."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime

from tools.grade.book import Row, as_csv, cells_of
from tools.grade.roster import Student
from tools.grade.totals import Total, Where, by_student

DATE = (2020, 1, 1, 0, 0, 0)  # of every file in a zip, so that one state makes one zip
# Moodle's grading worksheet. Without `Feedback comments`, comments that are there stay.
MOODLE = (
    "Identifier",
    "Full name",
    "Email address",
    "Status",
    "Grade",
    "Maximum Grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Last modified (grade)",
)
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def person(student: str, people: Mapping[str, Student]) -> Student:
    """Return who a student is: as the roster says, or as the name of folder or file does.

    Moodle and Canvas put their number behind the name: ``Ada Love_123``, ``loveada_77``.
    """
    if student in people:
        return people[student]
    match = re.fullmatch(r"(.*[^_])_\d+", student)
    return Student(student, name=match[1] if match else "")


def number(student: str) -> str:
    """Return the number by which Moodle or Canvas knows a student; "" if there is none."""
    match = re.fullmatch(r"(?:.*_)?(\d+)", student)
    return match[1] if match else ""


def students_csv(notebooks: Mapping[Where, Total], people: Mapping[str, Student]) -> str:
    """Return one row a student: who it is, points in all, and points of each notebook."""
    places = sorted({where[1:] for where in notebooks})
    columns = ["student", "name", "e-mail", "group", "points", "of", "needs review", "late penalty"]
    lines = []
    for student, total in by_student(notebooks).items():
        who = person(student, people)
        mine = [notebooks.get((student, *place)) for place in places]
        lines.append(
            (
                *(student, who.name, who.email, who.group),
                *(points(total), f"{total.of:g}", total.waiting or ""),
                f"{total.penalty:g}" if total.penalty else "",
                *(points(one) if one else "" for one in mine),
            )
        )
    return as_csv([*columns, *("/".join(place) for place in places)], lines)


def points(total: Total) -> str:
    """Return points; blank while an answer waits for a mark, so that no part passes for all."""
    return "" if total.waiting else f"{total.points:.10g}"


def moodle_csv(
    unit: str, notebooks: Mapping[Where, Total], people: Mapping[str, Student], times: Mapping
) -> str:
    """Return the points of a unit as Moodle's grading worksheet."""
    lines = []
    for student, total in by_student(notebooks, unit).items():
        if not number(student):
            continue
        who = person(student, people)
        when = max((t for (s, u, _), t in times.items() if (s, u) == (student, unit)), default=None)
        lines.append(
            (
                f"Participant {number(student)}",
                *(who.name, who.email, ""),
                *(points(total), f"{total.of:g}", "Yes"),
                f"{datetime.fromtimestamp(when):%A, %d %B %Y, %H:%M}" if when else "",
                "",
            )
        )
    return as_csv(MOODLE, lines)


def canvas_csv(notebooks: Mapping[Where, Total], people: Mapping[str, Student]) -> str:
    """Return the points of each unit as Canvas's gradebook."""
    units = sorted({unit for _, unit, _ in notebooks})
    by_unit = {unit: by_student(notebooks, unit) for unit in units}
    most = [max(total.of for total in by_unit[unit].values()) for unit in units]
    lines = [("    Points Possible", "", "", "", "", *(f"{of:g}" for of in most))]
    for student in by_student(notebooks):
        if not number(student):
            continue
        who = person(student, people)
        mine = [by_unit[unit].get(student) for unit in units]
        cells = [points(total) if total else "" for total in mine]
        lines.append((who.name, number(student), "", "", who.group, *cells))
    return as_csv((*CANVAS, *units), lines)


def moodle_zip(pages: Iterable[tuple[str, str]], people: Mapping[str, Student]) -> bytes:
    """Return feedback pages as the zip that Moodle takes: a folder for each participant.

    Parameters
    ----------
    pages : iterable of (student, page)
        Of one unit.
    people : mapping of str to Student
        The roster, as far as there is one.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, page in pages:
            if number(student):
                # Moodle reads the number behind the first underscore.
                name = re.sub(r"[^\w .'-]|_", " ", person(student, people).name).strip() or "x"
                folder = f"{name}_{number(student)}_assignsubmission_file_"
                info = zipfile.ZipInfo(f"{folder}/feedback.html", DATE)
                archive.writestr(info, page, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def marking_csv(table: Iterable[Row], codes: Mapping[str, str]) -> str:
    """Return the answers that wait for a mark, with codes in place of names, in their order.

    Parameters
    ----------
    table : iterable of Row
        All marks.
    codes : mapping of str to str
        A code for each student.
    """
    columns = ("student", "unit", "notebook", "task", "points", "of", "needs review", "comment")
    open_ones = sorted(
        (r for r in table if r.review), key=lambda r: (r.place[1:], codes[r.student])
    )
    lines = [
        (codes[r.student], *cells_of(r)[1:6], cells_of(r)[7], r.comment if r.by_hand else "")
        for r in open_ones
    ]
    return as_csv(columns, lines)

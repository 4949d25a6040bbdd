"""Tables for other programs: one row a student, and what Moodle and Canvas import."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tools.teach.grade.clock import Zone, on_clock
from tools.teach.grade.roster import Student
from tools.teach.grade.rows import as_csv
from tools.teach.grade.totals import (
    IS_EXCUSED,
    LEFT_OUT,
    NOT_ASSIGNED,
    Total,
    Totals,
    Where,
    by_student,
    told_points,
)

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
EXEMPT = "EX"  # what Canvas calls a student who is excused
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def person(student: str, people: Mapping[str, Student]) -> Student:
    """Return who a student is: as the roster says, or as the name of folder or file does.

    Moodle and Canvas put their number behind the name: ``Ada Love_123``, ``loveada_77``.
    """
    if student in people:
        return people[student]
    match = re.fullmatch(r"(.*[^_])_\d+", student)
    return Student(student, name=match[1] if match else "")


@dataclass(frozen=True)
class Platform:
    """By which number Moodle or Canvas knows a student.

    Moodle gives a student another number in each assignment. Where no file tells it, the roster's
    id is it, if it is a number.
    """

    numbers: Mapping[tuple[str, str], str]  # As the places of files tell it
    people: Mapping[str, Student]  # The roster

    def of(self, students: Iterable[str], unit: str) -> dict[str, str]:
        """Return the numbers of students in a unit; one that two students have is nobody's."""
        found = {}
        for student in students:
            own = student if student in self.people and student.isdecimal() else ""
            found[student] = self.numbers.get((student, unit)) or own
        often = Counter(found.values())
        return {student: n for student, n in found.items() if n and often[n] == 1}


def students_csv(notebooks: Totals, people: Mapping[str, Student]) -> str:
    """Return one row a student: who it is, points in all, and points of each notebook.

    While answers wait, ``points`` is blank, and ``at least`` has what is there without them.
    """
    places = sorted(
        {where[1:] for where, total in notebooks.items() if total.aside != NOT_ASSIGNED}
    )
    columns = ["student", "name", "e-mail", "group", "points", "of", "needs review"]
    columns += ["late penalty", "bonus", "at least"]
    lines = []
    for student, total in by_student(notebooks).items():
        who = person(student, people)
        mine = [notebooks.get((student, *place)) for place in places]
        lines.append(
            (
                *(student, who.name, who.email, who.group),
                *(points(total), f"{total.of:g}", total.waiting or ""),
                f"{total.penalty:g}" if total.penalty else "",
                f"{total.bonus:g}" if total.bonus else "",
                "" if total.aside else f"{total.points:.10g}",
                *(told_points(one) if one else "" for one in mine),
            )
        )
    return as_csv([*columns, *("/".join(place) for place in places)], lines)


def points(total: Total) -> str:
    """Return points; blank while an answer waits for a mark, so that no part passes for all."""
    if total.aside:
        return total.aside
    return "" if total.waiting else f"{total.points:.10g}"


def most(totals: Iterable[Total]) -> float:
    """Return the points of a unit for those for whom all of it counts."""
    return max((total.of for total in totals), default=0.0)


def scaled(total: Total, of: float, excused: str) -> str:
    """Return points as a platform takes them, which has one maximum for all students.

    Who was excused from a part has the same share of it; a bonus is as many points as it was.
    """
    if total.aside:
        return excused
    if total.waiting or not total.of or total.of == of:
        return points(total)
    earned = total.points - total.bonus
    return f"{round(earned * of / total.of + total.bonus, 2):.10g}"


def moodle_csv(
    unit: str,
    notebooks: Totals,
    platform: Platform,
    times: Mapping[Where, float],
    zone: Zone = None,
) -> str:
    """Return the points of a unit as Moodle's grading worksheet; blank for who is excused."""
    latest: dict[str, float] = {}
    for (student, where, _), then in times.items():
        if where == unit:
            latest[student] = max(then, latest.get(student, then))
    mine = by_student(notebooks, unit)
    of, lines = most(mine.values()), []
    for student, number in platform.of(mine, unit).items():
        who, total = person(student, platform.people), mine[student]
        when = on_clock(latest[student], zone) if student in latest else None
        lines.append(
            (
                f"Participant {number}",
                *(who.name, who.email, ""),
                *(scaled(total, of, ""), f"{of:g}", "Yes"),
                f"{when:%A, %d %B %Y, %H:%M}" if when else "",
                "",
            )
        )
    return as_csv(MOODLE, lines)


def canvas_csv(
    columns: Mapping[tuple[str, str], str], notebooks: Totals, platform: Platform
) -> str:
    """Return the points of units, or of notebooks, as Canvas's gradebook; EX for who is excused.

    ``columns`` are headings by unit and notebook; the notebook is "" where it is the unit's points.
    """
    mine = {what: totals_of(notebooks, *what) for what in columns}
    highest = {what: most(totals.values()) for what, totals in mine.items()}
    numbers: dict[str, str] = {}
    for (unit, _), totals in mine.items():  # Canvas has one number for a student in all of them
        numbers |= platform.of(totals, unit)
    lines = [("    Points Possible", "", "", "", "", *(f"{of:g}" for of in highest.values()))]
    for student, number in sorted(numbers.items()):
        who = person(student, platform.people)
        cells = [in_canvas(totals.get(student), highest[what]) for what, totals in mine.items()]
        lines.append((who.name, number, "", "", who.group, *cells))
    return as_csv((*CANVAS, *columns.values()), lines)


def in_canvas(total: Total | None, of: float) -> str:
    """Return what Canvas takes for a total."""
    return scaled(total, of, EXEMPT if total.aside == IS_EXCUSED else "") if total else ""


def totals_of(notebooks: Totals, unit: str, name: str) -> dict[str, Total]:
    """Return the totals of students in a notebook, or in a unit where its name is "".

    A notebook that a unit's total leaves out has its own points.
    """
    if not name:
        return by_student(notebooks, unit)
    return {
        where[0]: replace(total, aside="") if total.aside == LEFT_OUT else total
        for where, total in sorted(notebooks.items())
        if where[1:] == (unit, name)
    }


def moodle_zip(unit: str, pages: Mapping[str, str], platform: Platform) -> bytes:
    """Return feedback pages as the zip that Moodle takes: a folder for each participant.

    There is a page for each student; the platform says whom Moodle knows, and how.
    """
    members = {}
    for student, number in platform.of(pages, unit).items():
        # Moodle reads the number behind the first underscore.
        name = re.sub(r"[^\w .'-]|_", " ", person(student, platform.people).name).strip()
        folder = f"{name or 'x'}_{number}_assignsubmission_file_"
        members[f"{folder}/feedback.html"] = pages[student].encode()
    return zipped(members)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return files as a zip, in their order, the same for the same files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in members.items():
            archive.writestr(zipfile.ZipInfo(name, DATE), inner, zipfile.ZIP_DEFLATED)
    return content.getvalue()

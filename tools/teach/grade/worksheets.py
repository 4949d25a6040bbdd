"""Worksheets of Moodle and gradebook exports of Canvas, kept as a call was given them.

They lie in ``worksheets/`` and are written back with grades in them and nothing else changed: the
same headings, language, letters and order.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from data.core.files import write_bytes
from tools.notebook.common import Problem
from tools.teach.grade import sheets
from tools.teach.grade.platforms import Form, form_of, is_student
from tools.teach.grade.roster import Roster, Student, student_of
from tools.teach.grade.rows import as_cell, number, visible
from tools.teach.grade.sheets import Sheet
from tools.teach.grade.tables import Platform, most, scaled
from tools.teach.grade.totals import Total

KEPT = "worksheets"
LISTED = 5  # students who are named


def named(text: str) -> tuple[str, Path]:
    """Return the unit, "" where none is named, and the file of a ``[UNIT=]FILE`` text."""
    unit, between, name = text.partition("=")
    return (unit, Path(name)) if between else ("", Path(text))


def numbers_of(texts: Iterable[str], people: Mapping[str, Student]) -> dict[str, str]:
    """Return ids of the class by a platform's numbers, as worksheets tell them.

    So a name that two students have is no obstacle where the worksheet has e-mail addresses.
    """
    class_, found = Roster(people.values()), {}
    for text in texts:
        sheet = sheets.read(named(text)[1])
        form = form_of(sheet)
        for line in sheet.lines if form.platform else ():
            who = student_of(line, form)
            if is_student(sheet, form, line) and (same := of_class(who, class_)):
                found[who.id] = same.id
    return found


def of_class(who: Student, class_: Roster) -> Student | None:
    """Return the one student of a class with this e-mail address, or with this name."""
    return class_.find(who.email) or class_.find(who.name)


def take_in(
    out: Path,
    texts: Iterable[str],
    roster: Path | None,
    numbers: Mapping[str, set[str]],
    units: Sequence[str],
) -> None:
    """Keep what a call was given: ``[UNIT=]FILE`` texts, and a roster that is a worksheet.

    ``numbers`` are the platform's numbers of whoever handed in, by unit, ``units`` those of the
    course. Raises Problem for what is none of Moodle's or Canvas's, or where nothing tells the
    unit.
    """
    if roster:
        sheet = sheets.read(roster)
        for unit in fitting(sheet, numbers):
            keep(out, sheet, unit)
    for text in texts:
        unit, path = named(text)
        meant = [one for one in units if unit in (one, one[:2])] if unit else []
        if unit and not meant:
            raise Problem(f"--worksheet {text}: there is no unit {unit!r} of {', '.join(units)}")
        sheet = sheets.read(path)
        keep(out, sheet, unit_of(sheet, numbers, meant))


def fitting(sheet: Sheet, numbers: Mapping[str, set[str]]) -> list[str]:
    """Return the units whose download a table belongs to, by its numbers; "" for Canvas's."""
    form = form_of(sheet)
    if form.platform != "Moodle":
        return [""] if form.platform == "Canvas" else []
    mine = {student_of(line, form).id for line in sheet.lines}
    return [unit for unit, known in numbers.items() if 2 * len(known & mine) > len(known)]


def unit_of(sheet: Sheet, numbers: Mapping[str, set[str]], meant: Sequence[str] = ()) -> str:
    """Return the unit of a worksheet, "" for Canvas's export; raises Problem if nothing tells.

    ``meant`` is the unit that a call names, of whose kind of table it says nothing.
    """
    form, units = form_of(sheet), list(numbers)
    if not form.platform:
        raise Problem(
            f"{sheet.name} is no worksheet of Moodle and no gradebook export of Canvas: its first "
            f"line is {sheet.between.join(sheet.headings)[:200]!r}; give it as it was downloaded"
        )
    found = meant or fitting(sheet, numbers) or units
    if form.platform == "Moodle" and len(found) != 1:
        raise Problem(
            f"{sheet.name} may be the worksheet of {' or of '.join(found)}: say --worksheet "
            f"{found[0][:2]}={sheet.name}"
        )
    return found[0] if form.platform == "Moodle" else ""


def keep(out: Path, sheet: Sheet, unit: str) -> None:
    """Keep a table as it came."""
    name = f"moodle_{unit}.csv" if unit else "canvas.csv"
    write_bytes(out / KEPT / name, sheet.written(sheet.rows))


def kept(out: Path, name: str) -> Sheet | None:
    """Return a table that a call was given, if its name says whose table it is."""
    path = out / KEPT / name
    sheet = sheets.read(path) if path.is_file() else None
    return sheet if sheet and name.startswith(form_of(sheet).platform.lower() or "-") else None


# ------------------------------------------------------------------ whose lines are


def owners(
    sheet: Sheet, form: Form, platform: Platform, students: Iterable[str], unit: str
) -> dict[int, str]:
    """Return whose the lines of a table are: by number, e-mail or name, by the roster's id last.

    Lines of one number are nobody's: the platform knows one student by it.
    """
    twice = doubled(sheet, form)
    there = set(students)
    told = {n: s for (s, where), n in platform.numbers.items() if where == unit and s in there}
    class_ = Roster(platform.people.values())
    found = {}
    for place, line in enumerate(sheet.lines):
        if not is_student(sheet, form, line):
            continue
        who = student_of(line, form)
        if who.id in twice:
            continue
        same = of_class(who, class_)
        student = told.get(who.id) or (same.id if same else who.id)
        if student in there:
            found[place] = student
    often = Counter(found.values())
    return {place: student for place, student in found.items() if often[student] == 1}


def doubled(sheet: Sheet, form: Form) -> list[str]:
    """Return the numbers that several students' lines of a table have."""
    mine = (line for line in sheet.lines if is_student(sheet, form, line))
    often = Counter(student_of(line, form).id for line in mine)
    return [number for number, times in often.items() if number and times > 1]


# ------------------------------------------------------------------ grades


def moodle_filled(
    sheet: Sheet, form: Form, mine: Mapping[int, str], totals: Mapping[str, Total], unit: str
) -> tuple[bytes, list[str]]:
    """Return Moodle's worksheet with grades, as it came in all else, and what to say of it."""
    lines = [list(line) for line in sheet.lines]
    comma = any("," in line[form.most] for line in lines)
    of = most(totals.values())
    for place, student in mine.items():
        text = scaled(totals[student], of, "")
        lines[place][form.points] = text.replace(".", ",") if comma else text
    # Moodle reads the identifier, the grade and what stands right of it; names are students' words.
    for line in lines:
        line[1 : form.points] = [as_cell(cell) for cell in line[1 : form.points]]
    there = [line for line in lines if is_student(sheet, form, line)]
    others = [line[form.most] for line in there if number(line[form.most]) != of]
    notes = [
        f"{sheet.name}: the highest grade in Moodle is {told_most(other)}, and {unit} has {of:g} "
        "points: give the assignment that maximum grade, and download the worksheet anew"
        for other in sorted(others)[:1]
    ]
    return sheet.written([sheet.rows[0], *lines]), [*notes, *absent(sheet, form, mine, totals)]


def told_most(text: str) -> str:
    """Return a highest grade for people; it is blank or a word where points are not given."""
    highest = number(text)
    return visible(text.strip() or "blank") if math.isnan(highest) else f"{highest:g}"


def absent(
    sheet: Sheet, form: Form, mine: Mapping[int, str], students: Iterable[str]
) -> Iterator[str]:
    """Say who has points and is in no line of a table, and which lines are nobody's."""
    if twice := doubled(sheet, form):
        yield f"{sheet.name} has several lines for {some(twice)}: none of them is filled in"
    there = set(mine.values())
    gone = [student for student in students if student not in there]
    if gone:
        yield f"no line of {sheet.name} is for {some(gone)}"


def some(students: Iterable[str]) -> str:
    """Return the first of some students, and how many there are."""
    known = list(map(visible, students))
    return f"{', '.join(known[:LISTED])}{', ...' if known[LISTED:] else ''} ({len(known)} in all)"

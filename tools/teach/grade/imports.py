"""What Moodle and Canvas take back: grades, in the teacher's own tables if there are, and feedback.

Without a worksheet or an export, the tables have what both platforms ask for, in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.core.files import write_bytes
from tools.teach.grade import canvas, tables, worksheets
from tools.teach.grade.clock import Zone
from tools.teach.grade.platforms import form_of
from tools.teach.grade.roster import student_of
from tools.teach.grade.tables import Platform
from tools.teach.grade.term import State
from tools.teach.grade.totals import Totals, by_student

if TYPE_CHECKING:
    from tools.teach.grade.pages import Class


@dataclass(frozen=True)
class Tables:
    """Tables of grades, by file name, and what a person should know of them."""

    files: dict[str, bytes]
    notes: list[str]
    platform: Platform  # With the numbers that worksheets tell


def grades(out: Path, notebooks: Totals, state: State, zone: Zone = None) -> Tables:
    """Return what Moodle and Canvas import, if files, roster or worksheets tell their numbers."""
    numbers = {(student, unit): number for student, unit, number in state.numbers}
    platform = Platform(numbers, state.roster)
    units = sorted({unit for _, unit, _ in notebooks})
    files: dict[str, bytes] = {}
    notes = []
    for unit in units:
        if sheet := worksheets.kept(out, f"moodle_{unit}.csv"):
            form, totals = form_of(sheet), by_student(notebooks, unit)
            mine = worksheets.owners(sheet, form, platform, totals, unit)
            for place, student in mine.items():
                numbers[student, unit] = student_of(sheet.lines[place], form).id
            content, told = worksheets.moodle_filled(sheet, form, mine, totals, unit)
            files[f"moodle_{unit}.csv"] = content
            notes += told
    titles, export = canvas.columns_of(notebooks, state), worksheets.kept(out, "canvas.csv")
    if export:
        files["canvas.csv"], told = canvas.filled(export, titles, notebooks, platform)
        notes += told
    students = {student for student, _, _ in notebooks}
    of_canvas, of_moodle = bool(export or state.canvas), bool(files.keys() - {"canvas.csv"})
    if any(platform.of(students, unit) for unit in units):
        for unit in units if of_moodle or not of_canvas else ():
            text = tables.moodle_csv(unit, notebooks, platform, state.handed_in, zone)
            files.setdefault(f"moodle_{unit}.csv", text.encode())
        if of_canvas or not of_moodle:
            text = tables.canvas_csv(titles, notebooks, platform)
            files.setdefault("canvas.csv", text.encode())
        if "canvas.csv" in files and not export:
            known = {student for unit in units for student in platform.of(students, unit)}
            notes += canvas.apart(notebooks, titles, known)
    return Tables(files, notes, platform)


def write(
    folder: Path, made: Tables, of_class: Class, feedback: Mapping[str, str], state: State
) -> None:
    """Write tables and feedback to import, and remove what is not of this state."""
    files = dict(made.files)
    units = sorted({unit for _, unit, _ in of_class.notebooks})
    for unit in units:
        mine = by_student(of_class.notebooks, unit)
        if not (made.platform.of(mine, unit) or state.canvas):
            continue
        alone = feedback if len(units) == 1 else {s: of_class.student(s, unit) for s in mine}
        if f"moodle_{unit}.csv" in files:
            files[f"moodle_{unit}_feedback.zip"] = tables.moodle_zip(unit, alone, made.platform)
        files |= canvas.zips(unit, alone, of_class, state)
    for path in [*folder.glob("moodle_*"), *folder.glob("canvas*")]:
        if path.name not in files:
            path.unlink()  # of who was taken out
    for name, content in files.items():
        write_bytes(folder / name, content)

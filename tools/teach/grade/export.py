"""Marks in a platform's own table: nbgrader's export plugins for Moodle and Canvas.

Each reads the table that the platform wrote (Moodle's grading worksheet, Canvas's gradebook), puts
the points of one assignment into one column and leaves every other cell as it is. A row is the
student's by a number or an e-mail address, never by a name.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from data.core.files import write_bytes
from tools.notebook.common import Problem
from tools.teach.grade.pages import page_name
from tools.teach.grade.rows import visible

BOM = "\ufeff"
DATE = (2020, 1, 1, 0, 0, 0)  # of every file in a zip, so that the same pages make the same zip
Key = tuple[str, str]  # what a text is, and the text


@dataclass
class Table:
    """A table as a platform wrote it.

    Parameters
    ----------
    path : Path
        Of a CSV file in UTF-8. Raises Problem if it is none.
    """

    path: Path

    def __post_init__(self) -> None:
        try:
            text = self.path.read_bytes().decode("utf-8")
            first = text.partition("\n")[0]
            self.delimiter = max(",;\t", key=first.count)
            lines = io.StringIO(text.removeprefix(BOM), newline="")
            rows = [row for row in csv.reader(lines, delimiter=self.delimiter) if row]
        except (OSError, ValueError, csv.Error) as error:
            raise Problem(f"{self.path.name} can't be read ({error}); download it again") from None
        self.bom = BOM if text.startswith(BOM) else ""
        self.end = "\r\n" if first.endswith("\r") else "\n"
        self.heads, *self.rows = rows or [[]]
        short = [n for n, row in enumerate(self.rows, 2) if len(row) != len(self.heads)]
        if not self.rows or short:
            where = f"row {short[0]} has other columns" if short else "it has no rows"
            raise Problem(f"{self.path.name} is no table of a platform: {where}")

    def column(self, name: str) -> int:
        """Return the place of a heading, whatever its case; -1 if there is none."""
        heads = [head.strip().casefold() for head in self.heads]
        return heads.index(name.casefold()) if name.casefold() in heads else -1

    def write(self, path: Path, columns: Sequence[int] | None = None) -> None:
        """Write the table, or some columns of it, as it was read."""
        places = range(len(self.heads)) if columns is None else columns
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.end)
        writer.writerows([row[place] for place in places] for row in (self.heads, *self.rows))
        write_bytes(path, (self.bom + text.getvalue()).encode())


class PlatformExportPlugin(ExportPlugin):
    """Fills in the points of one assignment; subclasses know a platform's columns."""

    table = Unicode(help="the table, as the platform wrote it").tag(config=True)
    column = Unicode(help="the heading of the grades, if it is not known").tag(config=True)

    def export(self, gradebook: Any) -> None:
        """Write the table with the grades that are complete to the path ``to``."""
        if len(self.assignment) != 1 or not self.table:
            raise Problem("name one assignment, and the platform's own table")
        unit, table = str(self.assignment[0]), Table(Path(self.table))
        submissions = {s.student.id: s for s in gradebook.assignment_submissions(unit)}
        place = self.grades(table, unit)
        owners = self.owners(table, [s.student for s in submissions.values()])
        self.notes = list(self.odd(table, place, gradebook.find_assignment(unit).max_score))
        waiting = 0
        for number, student in owners.items():
            submission = submissions[student]
            if submission.needs_manual_grade:
                waiting += 1
            else:
                points = submission.score - (submission.late_submission_penalty or 0.0)
                table.rows[number][place] = f"{max(0.0, points):.10g}"
        table.write(Path(self.to), self.written(table, place))
        self.filled = len(owners) - waiting
        self.hand_back(table, owners)
        if waiting:
            what = (
                "students have answers that wait for a mark, and keep the grade that stands there"
            )
            self.notes.append(f"{waiting} {what}")
        if lost := sorted(submissions.keys() - set(owners.values())):
            names = ", ".join(visible(name) for name in lost[:10])
            self.notes.append(f"{len(lost)} students have no row of their own there: {names}")

    def owners(self, table: Table, students: Sequence[Any]) -> dict[int, str]:
        """Return whose each row is, by its number; a row that two students fit is nobody's."""
        known: dict[Key, set[str]] = defaultdict(set)
        for student in students:
            for key in self.keys_of(student):
                known[key].add(student.id)
        found = {
            n: {student for key in self.keys_in(table, row) for student in known.get(key, ())}
            for n, row in enumerate(table.rows)
        }
        alone = {n: next(iter(mine)) for n, mine in found.items() if len(mine) == 1}
        often = [student for mine in found.values() for student in mine]
        return {n: student for n, student in alone.items() if often.count(student) == 1}

    def keys_of(self, student: Any) -> Iterator[Key]:
        """Yield by what a student of the gradebook may be known to the platform."""
        yield "id", student.id.casefold()
        yield "e-mail", (student.email or "").casefold()
        if number := re.search(r"_(\d+)$", student.id):  # where the file's name told the student
            yield "number", number[1]

    def hand_back(self, table: Table, owners: Mapping[int, str]) -> None:
        """Write what the platform takes beside its table."""
        return

    def grades(self, table: Table, unit: str) -> int:
        """Return the place of the column with a unit's grades."""
        raise NotImplementedError

    def keys_in(self, table: Table, row: Sequence[str]) -> Iterator[Key]:
        """Yield by what a row may be known as a student's."""
        raise NotImplementedError

    def written(self, table: Table, place: int) -> Sequence[int] | None:
        """Return the columns that the platform reads; None for all."""
        return None

    def odd(self, table: Table, place: int, most: float) -> Iterator[str]:
        """Yield what a person should know, where the unit has ``most`` points."""
        yield from ()

    def named(self, table: Table) -> int:
        """Return the place of the column that was named; raises Problem if it is not there."""
        place = table.column(self.column) if self.column else -1
        if place < 0:
            heads = ", ".join(visible(head) for head in table.heads)
            what = repr(self.column) if self.column else "of the grades that is known"
            raise Problem(f"{table.path.name} has no column {what}; name one by --column: {heads}")
        return place


class MoodleExportPlugin(PlatformExportPlugin):
    """Fills in Moodle's grading worksheet, in any language of Moodle.

    In another one than English the column of the grades has to be named. The first column is the
    participant's number, and e-mail addresses are known by their sign. With ``feedback``, a zip of
    the pages is written for *Upload multiple feedback files in a zip*.
    """

    feedback = Unicode(help="the folder of the students' feedback pages").tag(config=True)

    def hand_back(self, table: Table, owners: Mapping[int, str]) -> None:
        """Write the zip of feedback, with a folder for each participant as Moodle names them."""
        if not self.feedback:
            return
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, student in owners.items():
                page = Path(self.feedback, page_name(student))
                participant = re.search(r"\d+$", table.rows[number][0].strip())
                if participant and page.is_file():
                    name = re.sub(r"[^\w .'-]|_", " ", table.rows[number][1]).strip() or "x"
                    folder = f"{name}_{participant[0]}_assignsubmission_file_"
                    member = zipfile.ZipInfo(f"{folder}/feedback.html", DATE)
                    archive.writestr(member, page.read_bytes(), zipfile.ZIP_DEFLATED)
        write_bytes(Path(self.to).with_suffix(".zip"), content.getvalue())

    def grades(self, table: Table, unit: str) -> int:
        """Return the place of the column Grade."""
        place = -1 if self.column else table.column("Grade")
        return place if place >= 0 else self.named(table)

    def keys_in(self, table: Table, row: Sequence[str]) -> Iterator[Key]:
        """Yield the participant's number, the ID number and the e-mail address."""
        if number := re.search(r"\d+$", row[0].strip()):
            yield "number", number[0]
        if (place := table.column("ID number")) >= 0 and row[place].strip():
            yield "id", row[place].strip().casefold()
        for cell in row:
            if re.fullmatch(r"[^@\s]+@[^@\s]+", cell.strip()):
                yield "e-mail", cell.strip().casefold()

    def odd(self, table: Table, place: int, most: float) -> Iterator[str]:
        """Yield where Moodle's maximum grade is another one."""
        column = table.column("Maximum grade")
        cells = {row[column].replace(",", ".") for row in table.rows} if column >= 0 else set()
        for cell in sorted(c for c in cells if not is_number(c, most)):
            yield f"Moodle's maximum grade is {visible(cell)}, and the unit has {most:g} points"


class CanvasExportPlugin(PlatformExportPlugin):
    """Fills in Canvas's gradebook, as *Export Entire Gradebook* writes it.

    The column is the assignment whose name has the unit's in it. What Canvas knows of a student
    whose answers wait stays as it is.
    """

    HEADS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")

    def grades(self, table: Table, unit: str) -> int:
        """Return the place of the unit's column: ``Week 3: 06_graphs (4711)``."""
        named = [re.sub(r" \(\d+\)$", "", head.strip()) for head in table.heads]
        for fits in (unit.__eq__, lambda name: unit in name):
            found = [place for place, name in enumerate(named) if fits(name)]
            if len(found) == 1 and not self.column:
                return found[0]
        return self.named(table)

    def keys_of(self, student: Any) -> Iterator[Key]:
        """Yield Canvas's own number besides."""
        yield from super().keys_of(student)
        yield "number", (student.lms_user_id or "")
        yield "login", (student.email or "").casefold().partition("@")[0]
        yield "login", student.id.casefold()

    def keys_in(self, table: Table, row: Sequence[str]) -> Iterator[Key]:
        """Yield Canvas's number, and the ids of the university."""
        kinds: Mapping[str, Sequence[str]] = {
            "ID": ("number",), "SIS User ID": ("id",), "SIS Login ID": ("login", "e-mail")
        }  # fmt: skip
        for head, meanings in kinds.items():
            place = table.column(head)
            text = row[place].strip().casefold() if place >= 0 else ""
            yield from ((kind, text) for kind in meanings if text)

    def written(self, table: Table, place: int) -> Sequence[int]:
        """Return the columns that Canvas knows students by, and the unit's."""
        return [at for at in map(table.column, self.HEADS) if at >= 0] + [place]

    def odd(self, table: Table, place: int, most: float) -> Iterator[str]:
        """Yield where the assignment has other points in Canvas."""
        cells = [row[place] for row in table.rows if row[0].strip() == "Points Possible"]
        if cells and not is_number(cells[0], most):
            yield f"in Canvas the assignment has {visible(cells[0])} points, and here {most:g}"


def is_number(text: str, value: float) -> bool:
    """Say whether a text is this number."""
    try:
        return float(text) == value
    except ValueError:
        return False


PLUGINS = {"moodle": MoodleExportPlugin, "canvas": CanvasExportPlugin}

"""Marks in a platform's own table: nbgrader's export plugins for Moodle and Canvas.

Each reads the table that the platform wrote (Moodle's grading worksheet, Canvas's gradebook), puts
the points of one assignment into one column and leaves every other cell as it is. A row is the
student's by a number, an id or an e-mail address, never by a name.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from data.core.files import write_bytes
from tools.notebook.common import Problem
from tools.teach.grade.pages import visible
from tools.teach.grade.store import page_name

BOM = "\ufeff"
DATE = (2020, 1, 1, 0, 0, 0)  # of every file in a zip, so that the same pages make the same zip
Key = tuple[str, str]  # what a text is, and the text


class Table:
    """A table as a platform wrote it: CSV in UTF-8. Raises Problem if the file is none.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_bytes().decode("utf-8")
            first = text.partition("\n")[0]
            self.delimiter = max(",;\t", key=first.count)
            lines = io.StringIO(text.removeprefix(BOM), newline="")
            rows = [row for row in csv.reader(lines, delimiter=self.delimiter) if row]
        except (OSError, ValueError, csv.Error) as error:
            raise Problem(f"{path.name} can't be read ({error}); download it again") from None
        self.bom = BOM if text.startswith(BOM) else ""
        self.end = "\r\n" if first.endswith("\r") else "\n"
        self.heads, *self.rows = rows or [[]]
        if not self.rows or any(len(row) != len(self.heads) for row in self.rows):
            raise Problem(f"{path.name} is no table of a platform: its rows differ in length")

    def column(self, name: str) -> int:
        """Return the number of a column, whatever its heading's case; -1 if there is none."""
        heads = [head.strip().casefold() for head in self.heads]
        return heads.index(name.casefold()) if name.casefold() in heads else -1

    def cell(self, row: Sequence[str], name: str) -> str:
        """Return a row's text in a column, in lower case; "" if there is no such column."""
        column = self.column(name)
        return row[column].strip().casefold() if column >= 0 else ""

    def write(self, path: Path, columns: Sequence[int]) -> None:
        """Write some columns of the table, with the delimiter and line ends of the file."""
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.end)
        writer.writerows([row[column] for column in columns] for row in (self.heads, *self.rows))
        write_bytes(path, (self.bom + text.getvalue()).encode())


class PlatformExportPlugin(ExportPlugin):
    """Fills in the points of one assignment; subclasses know a platform's columns."""

    table = Unicode(help="the table, as the platform wrote it").tag(config=True)
    column = Unicode(help="the heading of the grades, if it is not known").tag(config=True)
    feedback = Unicode(help="the folder of the students' feedback pages").tag(config=True)

    def export(self, gradebook: Any) -> None:
        """Write the table with the grades that are complete to the path ``to``."""
        unit, table = str(self.assignment[0]), Table(Path(self.table))
        submissions = {s.student.id: s for s in gradebook.assignment_submissions(unit)}
        column = table.column(self.column) if self.column else self.grade_column(table, unit)
        if column < 0:
            heads = ", ".join(visible(head) for head in table.heads)
            what = repr(self.column) if self.column else "of the grades that is known"
            raise Problem(f"{table.path.name} has no column {what}; name one by --column: {heads}")
        owners = self.owners(table, [s.student for s in submissions.values()])
        complete = {n: s for n, s in owners.items() if not submissions[s].needs_manual_grade}
        self.filled, self.notes = len(complete), []
        if waiting := len(owners) - len(complete):
            self.notes.append(f"{waiting} students keep their grade: answers wait for a mark")
        if lost := sorted(submissions.keys() - set(owners.values())):
            names = ", ".join(visible(name) for name in lost[:10])
            self.notes.append(f"{len(lost)} students have no row of their own there: {names}")
        for number, student in complete.items():
            penalty = submissions[student].late_submission_penalty or 0.0
            points = max(0.0, submissions[student].score - penalty)
            table.rows[number][column] = f"{points:.10g}"
        table.write(Path(self.to), self.columns(table, column))
        self.write_feedback(table, owners)

    def owners(self, table: Table, students: Sequence[Any]) -> dict[int, str]:
        """Return the student of each row, by its number.

        A row that fits two students is nobody's, and neither are two rows that fit one student.
        """
        known: dict[Key, set[str]] = defaultdict(set)
        for student in students:
            for key in self.student_keys(student):
                known[key].add(student.id)
        fitting = {
            number: {student for key in self.row_keys(table, row) for student in known[key]}
            for number, row in enumerate(table.rows)
        }
        often = Counter(student for students in fitting.values() for student in students)
        return {
            number: student
            for number, students in fitting.items()
            for student in students
            if len(students) == often[student] == 1
        }

    def student_keys(self, student: Any) -> Iterator[Key]:
        """Yield by what the platform may know a student of the gradebook."""
        email = (student.email or "").casefold()
        yield from (("id", student.id.casefold()), ("login", student.id.casefold()))
        yield from (("e-mail", email), ("login", email.partition("@")[0]))
        yield "canvas", student.lms_user_id or ""
        if number := re.search(r"_(\d+)$", student.id):  # from a file's name, without a class list
            yield "number", number[1]

    def write_feedback(self, table: Table, owners: Mapping[int, str]) -> None:
        """Write what the platform takes beside its table."""

    def grade_column(self, table: Table, unit: str) -> int:
        """Return the column of a unit's grades; -1 if it is not known."""
        raise NotImplementedError

    def row_keys(self, table: Table, row: Sequence[str]) -> Iterator[Key]:
        """Yield by what the platform knows the student of a row."""
        raise NotImplementedError

    def columns(self, table: Table, column: int) -> Sequence[int]:
        """Return the columns that are written."""
        return range(len(table.heads))


class MoodleExportPlugin(PlatformExportPlugin):
    """Fills in Moodle's grading worksheet.

    In another language than English the column of the grades has to be named. The first column is
    the participant's number. A zip of the feedback is written for *Upload multiple feedback files
    in a zip*.
    """

    def grade_column(self, table: Table, unit: str) -> int:
        """Return the column Grade."""
        return table.column("Grade")

    def row_keys(self, table: Table, row: Sequence[str]) -> Iterator[Key]:
        """Yield the participant's number, the ID number and the e-mail address."""
        yield from (("number", number) for number in re.findall(r"\d+$", row[0].strip()))
        yield from (("id", text) for text in [table.cell(row, "ID number")] if text)
        for cell in row:
            if re.fullmatch(r"[^@\s]+@[^@\s]+", cell.strip()):
                yield "e-mail", cell.strip().casefold()

    def write_feedback(self, table: Table, owners: Mapping[int, str]) -> None:
        """Write the zip of feedback, with a folder for each participant as Moodle names them."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for number, student in owners.items():
                page = Path(self.feedback, page_name(student))
                participant = re.search(r"\d+$", table.rows[number][0].strip())
                if self.feedback and participant and page.is_file():
                    name = re.sub(r"[^\w .'-]|_", " ", table.rows[number][1]).strip() or "x"
                    folder = f"{name}_{participant[0]}_assignsubmission_file_"
                    member = zipfile.ZipInfo(f"{folder}/feedback.html", DATE)
                    archive.writestr(member, page.read_bytes(), zipfile.ZIP_DEFLATED)
        write_bytes(Path(self.to).with_suffix(".zip"), content.getvalue())


class CanvasExportPlugin(PlatformExportPlugin):
    """Fills in Canvas's gradebook, as *Export Entire Gradebook* writes it.

    The column is the assignment with the unit's name. Of a student whose answers wait, the grade
    that Canvas has stays.
    """

    HEADS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    KINDS = (("canvas", "number"), ("id",), ("login", "e-mail"))  # of what an id, in HEADS[1:4], is

    def grade_column(self, table: Table, unit: str) -> int:
        """Return the column of a unit, such as ``Week 3: 06_graphs (4711)``."""
        fitting = [number for number, head in enumerate(table.heads) if unit in head]
        return fitting[0] if len(fitting) == 1 else -1

    def row_keys(self, table: Table, row: Sequence[str]) -> Iterator[Key]:
        """Yield Canvas's number, and the ids of the university."""
        for head, kinds in zip(self.HEADS[1:4], self.KINDS, strict=True):
            if text := table.cell(row, head):
                yield from ((kind, text) for kind in kinds)

    def columns(self, table: Table, column: int) -> Sequence[int]:
        """Return the columns that Canvas knows students by, and the unit's."""
        return [n for n in map(table.column, self.HEADS) if n >= 0] + [column]


PLUGINS = {"moodle": MoodleExportPlugin, "canvas": CanvasExportPlugin}

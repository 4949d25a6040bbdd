"""Marks in a platform's own table: Moodle's grading worksheet, or Canvas's gradebook.

The points of one unit are put into one column, and every other cell stays as it is. A row is the
student's by a number, an id or an e-mail address, never by a name.
"""

import csv
import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from data.core.files import write_bytes
from tools.notebook.common import Problem
from tools.teach.grade.pages import visible
from tools.teach.grade.store import page_name
from tools.teach.grade.students import BOM, read_csv

DATE = (2020, 1, 1, 0, 0, 0)  # of every file in a zip, so that the same pages make the same zip
MatchKey = tuple[str, str]  # what a text is, and the text


class Table:
    """A table as a platform wrote it: CSV in UTF-8. Raises Problem if the file is none."""

    def __init__(self, path: Path) -> None:
        text, self.delimiter, rows = read_csv(path)
        self.name, self.bom = path.name, BOM if text.startswith(BOM) else ""
        self.end = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
        self.heads, *self.rows = [row for row in rows if row] or [[]]
        if not self.rows or any(len(row) != len(self.heads) for row in self.rows):
            raise Problem(f"{self.name} has no rows, or rows of different length; export it again")

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


class Worksheet(Table):
    """Moodle's grading worksheet, whose first column is the participant's number.

    In another language than English the column of the grades has to be named.
    """

    person = 1  # the column of the name
    KNOWN_BY = ("*ID number*", "*Email address*")

    def grade_column(self, unit: str) -> int:
        """Return the column of the grades; -1 if it is not known."""
        return self.column("Grade")

    def keys(self, row: Sequence[str]) -> Iterator[MatchKey]:
        """Yield a row's number of a participant, ID number and e-mail address."""
        yield from (("number", number) for number in re.findall(r"\d+$", row[0].strip()))
        yield from (("id", text) for text in [self.cell(row, "ID number")] if text)
        for cell in row:
            if re.fullmatch(r"[^@\s]+@[^@\s]+", cell.strip()):
                yield "e-mail", cell.strip().casefold()

    def columns(self, column: int) -> Sequence[int]:
        """Return the columns that are written: all."""
        return range(len(self.heads))

    def maxima(self, column: int) -> list[str]:
        """Return the cells that say how many points the platform expects."""
        return [self.cell(row, "Maximum grade") for row in self.rows]


class CanvasGradebook(Table):
    """Canvas's gradebook, as *Export Entire Gradebook* writes it."""

    person = 0  # the column of the name
    HEADS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    KNOWN_BY = HEADS[2:4]
    KINDS = (("canvas", "number"), ("id",), ("login", "e-mail"))  # of what an id, in HEADS[1:4], is

    def grade_column(self, unit: str) -> int:
        """Return the column of a unit, such as ``Week 3: 06_graphs (4711)``; -1 for none."""
        fitting = [number for number, head in enumerate(self.heads) if unit in head]
        return fitting[0] if len(fitting) == 1 else -1

    def keys(self, row: Sequence[str]) -> Iterator[MatchKey]:
        """Yield a row's number of Canvas, and the ids of the university."""
        for head, kinds in zip(self.HEADS[1:4], self.KINDS, strict=True):
            if text := self.cell(row, head):
                yield from ((kind, text) for kind in kinds)

    def columns(self, column: int) -> Sequence[int]:
        """Return the columns that Canvas knows students by, and the unit's."""
        return [n for n in map(self.column, self.HEADS) if n >= 0] + [column]

    def maxima(self, column: int) -> list[str]:
        """Return the cells that say how many points the platform expects."""
        names = (row[self.person].strip().casefold() for row in self.rows)
        return [r[column] for r, n in zip(self.rows, names, strict=True) if n == "points possible"]


PlatformTable = Worksheet | CanvasGradebook
TABLES: dict[str, type[PlatformTable]] = {"moodle": Worksheet, "canvas": CanvasGradebook}


def write_grades(
    gradebook: Any,
    unit: str,
    table: PlatformTable,
    heading: str,
    out: Path,
    ungraded: Container[str],
    refused: Set[str],
    numbers: Mapping[str, str],
) -> str:
    """Write the grades of a unit that are complete into a copy of a table, ``out``.

    Of a student whose answers wait, or of whom a notebook is ``ungraded``, the grade in the table
    stays; a file that was ``refused`` counts 0. ``heading`` names the column of the grades, if it
    is not known. ``numbers`` are the platform's, of students whose ids are made of them. Returns
    what to say of the students.
    """
    submissions = {s.student.id: s for s in gradebook.assignment_submissions(unit)}
    column = table.column(heading) if heading else table.grade_column(unit)
    if column < 0:
        heads = ", ".join(visible(head) for head in table.heads)
        what = repr(heading) if heading else "that is clearly for the grades"
        raise Problem(f"{table.name} has no column {what}; choose one with --column: {heads}")
    fitting = fitting_rows(table, [s.student for s in submissions.values()], numbers)
    owners = owners_of(fitting)
    if submissions and not owners:
        why = why_nobody(table, fitting)
        raise Problem(f"nobody who handed in {unit} is found in {table.name}: {why}")
    waiting = {s: list(why_waiting(submissions[s], ungraded)) for s in owners.values()}
    for number, student in owners.items():
        if table.cell(table.rows[number], "Grade can be changed") == "no":
            waiting[student].append("Moodle lets nobody change it: unlock it in its gradebook")
    complete = {number: student for number, student in owners.items() if not waiting[student]}
    for number, student in complete.items():
        penalty = submissions[student].late_submission_penalty or 0.0
        points = max(0.0, submissions[student].score - penalty)
        table.rows[number][column] = f"{points:.10g}"
    table.write(out, table.columns(column))
    if isinstance(table, Worksheet):
        write_feedback(table, owners, out)
    groups: dict[str, set[str]] = defaultdict(set)
    for student, reasons in waiting.items():
        for reason in reasons:
            groups[f"the old grade stays, because {reason}"].add(student)
    groups["a refused file counts 0"] = set(complete.values()) & refused
    groups[f"no row of their own in {table.name}"] = submissions.keys() - waiting.keys()
    lines = {what: names_of(students, submissions) for what, students in groups.items()}
    nothing = f"the old grade stays, because nothing of {unit} was graded for"
    idle = [row for number, row in enumerate(table.rows) if number not in owners]
    lines[nothing] = ", ".join(visible(r[table.person].strip()) for r in idle if any(table.keys(r)))
    said = [f"  ! {what}: {who}" for what, who in lines.items() if who]
    said += other_maximum(table, column, submissions.values())
    return "\n".join([f"grades of {unit}: {len(complete)}", *said])


def why_waiting(submission: Any, ungraded: Container[str]) -> Iterator[str]:
    """Yield why a student's grade of a unit is not complete; nothing if it is."""
    if submission.student.id in ungraded:
        yield "a notebook is not graded"
    waiting = [g for n in submission.notebooks for g in n.grades if g.needs_manual_grade]
    if any(grade.manual_score is None for grade in waiting):
        yield "an answer is not marked yet"
    if any(grade.manual_score is not None for grade in waiting):
        yield "an answer has changed after its mark"


def names_of(ids: Iterable[str], submissions: Mapping[str, Any]) -> str:
    """Return the names and ids of students in order."""
    people = [submissions[number].student for number in ids]
    names = [(p.first_name or "", p.last_name or "", f"({p.id})") for p in people]
    return ", ".join(sorted(visible(" ".join(filter(None, name))) for name in names))


def other_maximum(table: PlatformTable, column: int, submissions: Iterable[Any]) -> Iterator[str]:
    """Yield what to say where the platform expects another number of points than the unit has."""
    most = max((submission.max_score for submission in submissions), default=0.0)
    if others := {*map(number_in, table.maxima(column))} - {most, 0.0}:
        listed = ", ".join(f"{n:g}" for n in sorted(others))
        yield f"  ! the maximum in {table.name} is {listed}, and the unit has {most:g} points"


def number_in(cell: str) -> float:
    """Return the number that a cell holds, with a point or a comma; 0 for another text."""
    text = cell.strip().replace(",", ".")
    return float(text) if re.fullmatch(r"\d+(\.\d*)?", text) else 0.0


def why_nobody(table: PlatformTable, fitting: Mapping[int, Set[str]]) -> str:
    """Say why no row of a table is found to be a student's."""
    if any(fitting.values()):
        return "each row that fits one fits two students, or two rows fit the same student"
    kinds = {kind for row in table.rows for kind, _ in table.keys(row)}
    if {"id", "e-mail"}.isdisjoint(kinds):
        return f"it has no column {' or '.join(table.KNOWN_BY)} that is filled in"
    return "no id or e-mail address in it is theirs"


def fitting_rows(
    table: PlatformTable, students: Sequence[Any], numbers: Mapping[str, str]
) -> dict[int, set[str]]:
    """Return the students that each row of a table fits, by its number."""
    known: dict[MatchKey, set[str]] = defaultdict(set)
    for student in students:
        for key in student_keys(student, numbers.get(student.id, "")):
            known[key].add(student.id)
    return {
        number: {student for key in table.keys(row) for student in known[key]}
        for number, row in enumerate(table.rows)
    }


def owners_of(fitting: Mapping[int, Set[str]]) -> dict[int, str]:
    """Return the student of each row, by its number.

    A row that fits two students has no owner, and neither have two rows that fit one student.
    """
    often = Counter(student for students in fitting.values() for student in students)
    return {
        number: student
        for number, students in fitting.items()
        for student in students
        if len(students) == often[student] == 1
    }


def student_keys(student: Any, number: str) -> Iterator[MatchKey]:
    """Yield by what a platform may know a student of the gradebook, with its number of them."""
    email = (student.email or "").casefold()
    yield from (("id", student.id.casefold()), ("login", student.id.casefold()))
    yield from (("e-mail", email), ("login", email.partition("@")[0]))
    yield from (("canvas", student.lms_user_id or ""), ("number", number))


def write_feedback(table: Table, owners: Mapping[int, str], out: Path) -> None:
    """Write what Moodle takes by *Upload multiple feedback files in a zip* beside its table.

    It has a folder for each participant, as Moodle names them.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number, student in owners.items():
            page = out.parents[1] / "feedback" / page_name(student)
            participant = re.search(r"\d+$", table.rows[number][0].strip())
            if participant and page.is_file():
                name = re.sub(r"[^\w .'-]|_", " ", table.rows[number][1]).strip() or "x"
                folder = f"{name}_{participant[0]}_assignsubmission_file_"
                member = zipfile.ZipInfo(f"{folder}/feedback.html", DATE)
                archive.writestr(member, page.read_bytes(), zipfile.ZIP_DEFLATED)
    write_bytes(out.with_suffix(".zip"), content.getvalue())

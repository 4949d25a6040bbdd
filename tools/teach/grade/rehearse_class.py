"""The invented class of a rehearsal, as Moodle, Canvas and a roster of one's own have it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tools.teach.grade.rows import as_csv
from tools.teach.grade.words import folded

DUE = datetime(2027, 5, 31, 18).timestamp()
# Nobody is called so. The last ones are what tables stumble over.
GIVEN = (
    "Ada", "Bo", "Cleo", "Dana", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jo", "Kai", "Lea", "Mo",
    "Nils", "Ola", "Pia", "Quinn", "Rosa", "Sam", "Tess",
)  # fmt: skip
FAMILY = ("Example", "Placeholder")
ODD = (
    ("Jürgen", "Großbeispiel"),
    ("Zoë", "O'Sample"),
    ("例", "样本"),
    ("Пример", "Образцов"),
    ("Max", "Sample, Jr."),
    ("Kim", "Twin"),
    ("Kim", "Twin"),
    ("=1+1", "Formula"),
)


@dataclass(frozen=True)
class Who:
    """One of the class, with the numbers that platforms give."""

    id: str  # As the university has it: leading zeros are part of it
    given: str
    family: str
    email: str
    group: str
    moodle: int
    canvas: int

    @property
    def name(self) -> str:
        """The name as Moodle and people write it."""
        return f"{self.given} {self.family}"

    @property
    def login(self) -> str:
        """The e-mail address without its end."""
        return self.email.partition("@")[0]


@dataclass(frozen=True)
class Upload:
    """A file that a student hands in; ``{login}`` in its name is who it is."""

    name: str
    content: bytes
    when: float  # In seconds


STRANGER = Who("", "Nobody", "Unlisted", "nobody@example.org", "", 9999, 8888)


def people(number: int) -> Iterator[Who]:
    """Yield the class."""
    names = [(given, family) for family in FAMILY for given in GIVEN]
    names[number - len(ODD) : number] = ODD
    for at, (given, family) in enumerate(names[:number]):
        email = f"student{at + 1:02d}@example.org"
        yield Who(f"{70 * at + 41:06d}", given, family, email, f"Group {at % 2 + 1}",
                  4001 + 7 * at, 501 + 3 * at)  # fmt: skip


# ------------------------------------------------------------------ tables


def roster_csv(class_: Iterable[Who]) -> str:
    """Return a roster of one's own."""
    lines = [(who.id, who.name, who.email, who.group) for who in class_]
    return as_csv(("id", "name", "email", "group"), lines)


def worksheet(class_: Iterable[Who], of: float, times: Mapping[str, float]) -> bytes:
    """Return Moodle's grading worksheet; ``times`` say when students, by id, handed in."""
    heads = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade",
             "Grade can be changed", "Last modified (submission)", "Last modified (grade)",
             "Feedback comments"]  # fmt: skip
    lines = []
    for who in class_:
        when = datetime.fromtimestamp(times[who.id]) if who.id in times else None
        status = "Submitted for grading" if when else "No submission"
        date = f"{when:%A, %d %B %Y, %I:%M %p}" if when else "-"
        head = [f"Participant {who.moodle}", who.name, who.email, status]
        lines.append([*head, "", f"{of:.2f}", "Yes", date, "-", ""])
    return b"\xef\xbb\xbf" + table([heads, *lines])


def export(class_: Iterable[Who], unit: str, of: float) -> bytes:
    """Return Canvas's gradebook export, with an assignment of the unit's name."""
    heads = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{unit} (4711)",
             "Essay (4712)", "Current Score"]  # fmt: skip
    rows = [heads, ["    Points Possible", "", "", "", "", f"{of:.2f}", "10.00", "(read only)"]]
    for w in class_:
        rows.append([f"{w.family}, {w.given}", str(w.canvas), w.id, w.login, w.group, "", "", ""])
    rows.append(["Student, Test", "499", "", "0af3" * 10, "Group 1", "", "", ""])
    return table(rows)


def table(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as the platforms write them."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


# ------------------------------------------------------------------ downloads


def moodle_zip(uploads: Iterable[tuple[Who, Sequence[Upload]]]) -> bytes:
    """Return all submissions as Moodle hands them out: a folder a student."""
    return archive(
        (f"{who.name}_{who.moodle}_assignsubmission_file_/{one.name}", who, one)
        for who, mine in uploads
        for one in mine
    )


def canvas_zip(uploads: Iterable[tuple[Who, Sequence[Upload]]]) -> bytes:
    """Return all submissions as Canvas hands them out: files with two numbers in their names."""
    number = 70_000
    found = []
    for who, mine in uploads:
        for one in mine:
            number += 1
            late = "_LATE" if one.when > DUE else ""
            first = f"{folded(who.family + who.given)}{late}_{who.canvas}_{number}_"
            found.append((first + one.name, who, one))
    return archive(found)


def archive(members: Iterable[tuple[str, Who, Upload]]) -> bytes:
    """Return uploads as one zip, each of its own date."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for place, who, one in members:
            date = datetime.fromtimestamp(one.when).timetuple()[:6]
            name = place.replace("{login}", who.login)
            made.writestr(zipfile.ZipInfo(name, date), one.content, zipfile.ZIP_DEFLATED)
    return content.getvalue()

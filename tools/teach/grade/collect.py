"""What was handed in: the student and the notebook of each file in an upload.

The first part of a file's path says whose it is. Moodle begins it with
``NAME_123_assignsubmission_``, and Canvas with ``name_77_991_``: the numbers of the student and of
the upload. Elsewhere it is a student's folder or zip (``STUDENT/UNIT/NOTEBOOK.ipynb``,
``STUDENT/ANY.zip``). What lies within belongs to that student, whatever it is called. With a class
list, the number or the name has to mean one student of the list.

A file whose student or notebook is not clear is not graded; it is listed with the reason.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.notebook.common import Problem
from tools.notebook.handed_in import Course
from tools.teach.grade.students import Student, Students
from tools.teach.grade.submission import Refused
from tools.teach.grade.uploads import File, clean

LISTED = 10  # files of one student that are listed as not graded
LONGEST, MOST_BYTES = 120, 200  # characters of a student's id, which also names a folder
MOODLE = re.compile(r"(?=_([0-9]{1,18})_assignsubmission_)")
CANVAS = re.compile(r"(?<!_LATE)(?=_(?:LATE_)?([0-9]{1,18})_([0-9]{1,18})_)")
ZIP = re.compile(r"\.zip$", re.IGNORECASE)
IPYNB = re.compile(r"\.ipynb$", re.IGNORECASE)
AGAIN = re.compile(r"\s*\([0-9]+\)$")  # what a browser adds to the name of a second download
UNCLEAR = (
    "its student is not clear: its path neither begins with just one number of Moodle or Canvas "
    "nor has the form STUDENT/UNIT/NOTEBOOK.ipynb or STUDENT/ANY.zip"
)
NOT_LISTED = "the class list has no student"
GROUP = (
    "its student is not clear: other zips in this folder have the same notebook, perhaps of other "
    "students; give each student a folder"
)


@dataclass(frozen=True)
class Submission:
    """One file that a student handed in for a notebook."""

    student: str  # The id: of the class list if there is one
    unit: str
    notebook: str
    path: str = ""  # In the upload, for people
    # When it was handed in, and when it was saved; in seconds, 0 if unknown
    handed_in: float = 0.0
    saved: float = 0.0
    attachment: int = 0  # Canvas's number of the upload: a later one is larger
    number: str = ""  # The platform's number of the student, where their id is made of it
    upload: str = ""  # The folder or zip that held it
    file: str = ""  # SHA-256 of its content, once it was read
    # A function that returns the content or raises ``Refused``; None for what an earlier call found
    load: Any = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Whose it is, and which notebook."""
        return self.student, self.unit, self.notebook

    @property
    def date(self) -> tuple[float, ...]:
        """What is larger for the later one of two files."""
        return self.handed_in, self.attachment, self.saved


@dataclass(frozen=True, order=True)
class LeftOut:
    """A file that is not graded."""

    student: str  # "" if it is not clear whose it is
    path: str  # In the upload, for people
    reason: str
    is_work: bool = False  # It may be a notebook, or a zip with notebooks
    file: str = ""  # SHA-256 of its content, where it can be read

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True)
class Upload:
    """What a folder or zip holds: paths of submissions, and other files."""

    path: str = ""
    files: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def collect(
    files: Iterable[File],
    path: Path,
    notebooks: Iterable[tuple[str, str]],
    people: Mapping[str, Student] | None = None,
    folders: Iterable[str] = (),
) -> tuple[list[Submission], Upload]:
    """Find the submissions to the course's ``notebooks`` among the files of a folder or a zip.

    ``folders`` are other names of folders that are no student's, such as units whose notebooks are
    in other assignments. With ``people``, the class by id, nobody else has submissions. Raises
    Problem if there is no submission.
    """
    course, name = Course(notebooks, folders), clean(str(path.absolute()), 4_000)
    origins = [origin_of(file, course) for file in files]
    origins.sort(key=lambda origin: (not origin.is_work, origin.file.path))
    students = by_class(origins, people) if people else by_path(origins, course)
    submissions: list[Submission] = []
    left_out: dict[str, list[LeftOut]] = defaultdict(list)
    for origin, (student, reason) in zip(origins, students, strict=True):
        file, fitting = origin.file, course.notebooks_of(origin.file.parts)
        reason = (file.problem or reason) if origin.is_work else "no notebook"
        if not reason and len(fitting) != 1:
            names = f"{len(fitting)} notebooks of the course have" if fitting else "no notebook has"
            inside = [pair for pair in course.known if pair[0] in file.path]
            example = "/".join((fitting or inside or course.known)[0])
            reason = f"{names} this name: rename it as it was released, such as {example}.ipynb"
        if reason:
            same = left_out[student or file.parts[0]]
            content = content_of(file) if origin.is_work and len(same) < LISTED else ""
            same.append(LeftOut(student, file.path, reason, origin.is_work, content))
            continue
        whose, times = (student, *fitting[0]), (file.handed_in, file.saved, origin.attachment)
        number = "" if people else origin.owners[0][0]
        own = Submission(*whose, file.path, *times, number, upload=name, load=file.load)
        submissions.append(own)
    listed = sorted(file for files in left_out.values() for file in files[:LISTED])
    if not submissions:
        raise Problem("\n  ".join([f"{clean(str(path))} has no submission", *map(str, listed[:5])]))
    return submissions, Upload(name, sorted({file.path for file in submissions}), listed)


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def content_of(file: File) -> str:
    """Return the SHA-256 of a file that is not graded; "" where it cannot be read."""
    try:
        return "" if file.problem else sha256(file.load())
    except Refused:
        return ""


# ------------------------------------------------------------------ which student


def text_before(names: re.Pattern[str], text: str) -> str:
    """Return what stands before the last name in a text; all of it without one."""
    *_, last = (None, *names.finditer(text))
    return text[: last.start()] if last else text


@dataclass(frozen=True)
class Origin:
    """What the path of a file says about its student."""

    file: File
    # The platform's number, or "", and the name; several if the path can be read in several ways
    owners: tuple[tuple[str, str], ...]
    is_clear: bool  # It says so without a class list, too
    attachment: int = 0  # Canvas's number of the upload
    zip: str = ""  # How a zip in a folder is called, which may be that of a student or of a group

    @property
    def is_work(self) -> bool:
        """The file may be a notebook, or a zip with notebooks."""
        return bool(self.file.problem) or bool(IPYNB.search(self.file.parts[-1]))


def origin_of(file: File, course: Course) -> Origin:
    """Return what the path of a file says about its student."""
    *folders, last = file.parts
    folders += [last] if ZIP.search(last) else []
    first = ZIP.sub("", folders[0]) if folders else IPYNB.sub("", last)
    text = text_before(course.units if folders else course.notebooks, first)
    numbers = [match for match in MOODLE.finditer(text) if match.start()]
    if not numbers and (not folders or ZIP.search(folders[0])):
        numbers = [match for match in CANVAS.finditer(text) if match.start()]
    if numbers:
        owners = tuple((match[1], text[: match.start()]) for match in numbers)
        attachment = int(numbers[0][2]) if numbers[0].re is CANVAS else 0
        return Origin(file, owners, len(owners) == 1, attachment)
    name = text if text == first else text.rstrip("_ -")
    owners = (("", name),) if name else ()
    inner = folders[1] if len(folders) > 1 else ""
    is_clear = bool(name and folders and stands_alone(folders[0], inner, course))
    if is_clear or not ZIP.search(inner):
        return Origin(file, owners, is_clear)
    inner = AGAIN.sub("", text_before(course.units, ZIP.sub("", inner))).casefold()
    return Origin(file, owners, bool(name), zip=inner)


def stands_alone(first: str, inner: str, course: Course) -> bool:
    """Say whether no other folder stands between a student's and that of the unit, or the file."""
    ends = ZIP.search(first) or course.units.search(first)
    return bool(ends or not inner or course.units.match(inner))


def by_path(origins: Sequence[Origin], course: Course) -> Iterator[tuple[str, str]]:
    """Yield the id of each file's student, or "" and why it is not clear, without a class list."""
    zips = defaultdict(set)
    works = [(origin.owners, *course.notebooks_of(origin.file.parts)) for origin in origins]
    for origin, work in zip(origins, works, strict=True):
        zips[work].update({origin.zip} - {""})
    for origin, work in zip(origins, works, strict=True):
        if not origin.is_clear:
            yield "", UNCLEAR
        elif origin.zip and len(zips[work]) > 1:
            yield "", GROUP
        else:
            ((number, name),) = origin.owners
            yield label(f"{name}_{number}" if number else name), ""


def label(name: str) -> str:
    """Return a name as a student's id; no two names have the same."""
    shown = clean(name, LONGEST).encode()[:MOST_BYTES].decode(errors="ignore")
    if shown == name and "\\" not in name:
        return name
    return f"{shown} ~{sha256(name.encode('utf-8', 'surrogatepass'))[:32]}"


def by_class(origins: Sequence[Origin], people: Mapping[str, Student]) -> Iterator[tuple[str, str]]:
    """Yield the id of each file's student, or "" and why it is not clear, by a class list.

    Moodle numbers students again in each assignment, so that the list may not have its numbers.
    Then the names count, unless two numbers have the same name.
    """
    known = Students(people.values())
    students = [known.meant_by(origin.owners) for origin in origins]

    def is_listed(origin: Origin) -> bool:
        return any(number in known.by_number for number, _ in origin.owners)

    numbers = defaultdict(set)
    for origin, fitting in zip(origins, students, strict=True):
        for student in fitting if len(fitting) == 1 or is_listed(origin) else ():
            numbers[student].update(number for number, _ in origin.owners if number)
    for origin, fitting in zip(origins, students, strict=True):
        listed = is_listed(origin)
        several = not listed and any(len(numbers[student]) > 1 for student in fitting)
        if len(fitting) == 1 and not several:
            yield next(iter(fitting)).id, ""
        else:
            yield "", why_unclear(origin, fitting, listed, several)


def why_unclear(origin: Origin, fitting: Set[Student], listed: bool, several: bool) -> str:
    """Say why a class list does not tell whose a file is.

    ``fitting`` are the students whom its path means, ``listed`` says that it has the platform's
    number of one, and ``several`` that a name occurs with several numbers.
    """
    texts = [text for owner in origin.owners for text in owner if text] or origin.file.parts[:1]
    names = ", ".join(repr(clean(text, 60)) for text in texts)
    meant = " or ".join(sorted(map(str, fitting)))
    if len(fitting) > 1 and not listed:
        number = {2: "two"}.get(len(fitting), len(fitting))
        return (
            f"{number} students are called {clean(origin.owners[0][1], 60)!r}: {meant}; look up "
            "whose it is, and grade a folder with it as ID/UNIT/NOTEBOOK.ipynb"
        )
    has = f"the class list has {meant}" if fitting else NOT_LISTED
    return f"{has} for {names}" + ", under two numbers" * several

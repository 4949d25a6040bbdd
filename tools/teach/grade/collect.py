"""What was handed in: the student and the notebook of each file in an upload.

Moodle puts ``NAME_123_assignsubmission_`` before what a student hands in, and Canvas
``name_77_991_``: the numbers of the student and of the upload. What lies within belongs to that
student, whatever it is called. Elsewhere a folder is the student (``STUDENT/UNIT/NOTEBOOK.ipynb``).
With a class list, numbers and names mean students of the list and nobody else.

A file whose student or notebook is not clear is not graded; it is listed with the reason.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from tools.notebook.common import Problem
from tools.teach.grade.students import Student, Students
from tools.teach.grade.submission import Refused
from tools.teach.grade.uploads import File, clean, files_of

LISTED, LISTED_IN_ALL = 10, 1_000  # lines about files that are not graded: of a student, of all
LOOKED_INTO = 20  # files of one student that are opened to see which notebook they are
MAX_BRACKETS = 1_000_000  # in such a file: each list or group of values takes a hundred bytes
LONGEST = 120  # characters of a student's id
MOODLE = re.compile(r"(?=_([0-9]{1,18})_assignsubmission_)")
CANVAS = re.compile(r"(?=_(?:LATE_)?([0-9]{1,18})_([0-9]{1,18})_)")
# One platform's numbers behind the other's: one of the two is a part of the student's own name.
BOTH = re.compile(r"_assignsubmission_(?:[a-z]+_)?_*(?:LATE_)?[0-9]+_[0-9]+_")
# What is put around a name where a file is copied, downloaded or handed in again.
COPY = re.compile(r"copy|kopie|copie|copia|of|von|de|[\W\d_]+", re.IGNORECASE)
COPIED = re.compile(r"([0-9]{1,4})\)?$")
UNCLEAR = (
    "it is not clear whose it is: its path has no one number of Moodle or Canvas, and is no "
    "STUDENT/UNIT/NOTEBOOK.ipynb with the folders of all students beside each other"
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
    exact: bool = True  # Its name is the notebook's, or that of a copy
    copy: int = 0  # The number of the copy
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
        """What tells when it was handed in."""
        return self.attachment, self.handed_in, self.saved


@dataclass(frozen=True)
class Upload:
    """What a folder or zip holds beside submissions."""

    path: str = ""
    files: list[str] = field(default_factory=list)  # Fingerprints of the paths of submissions
    left_out: list[str] = field(default_factory=list)  # Files that are not graded, and the reason
    more: int = 0  # The number of such files that are not listed
    # Of each student one such file: if it can't be a notebook, and a line about it
    unclear: dict[str, list[Any]] = field(default_factory=dict)


def collect(
    path: Path, notebooks: Iterable[tuple[str, str]], people: Mapping[str, Student] | None = None
) -> tuple[list[Submission], Upload]:
    """Find the submissions to the course's ``notebooks`` in a folder or a zip.

    With ``people``, the class by id, nobody else has submissions. Raises Problem if there is no
    such folder or zip, or no submission in it.
    """
    course, name = Course(notebooks), clean(str(path.absolute()), 4_000)
    origins = [origin_of(file, course) for file in files_of(path)]
    origins.sort(key=lambda origin: (not origin.is_work, origin.file.path))
    students = by_class(origins, people) if people else by_folder(origins)
    submissions, excluded = [], []
    for origin, (student, reason) in zip(origins, students, strict=True):
        try:
            submissions.append(replace(submission(origin, student, reason, course), upload=name))
        except Refused as refused:
            excluded.append((origin, student, str(refused)))
    lines, more = listed(excluded)
    if not submissions:
        raise Problem("\n  ".join([f"no submission in {clean(str(path))}", *lines[:5]]))
    unclear: dict[str, list[Any]] = {}
    for origin, student, reason in excluded:
        one = [not origin.is_work, f"{clean(origin.file.parts[-1], 60)}: {reason}"]
        unclear |= {student: min(one, unclear.get(student, one))} if student else {}
    files = sorted({fingerprint(one.path.encode())[:16] for one in submissions})
    return submissions, Upload(name, files, lines, more, unclear)


def submission(origin: Origin, student: str, reason: str, course: Course) -> Submission:
    """Return a file as a student's submission; ``Refused`` if it is none."""
    file = origin.file
    if not origin.is_work or file.problem or not student:
        raise Refused("no notebook" if not origin.is_work else file.problem or reason)
    unit, name = course.notebook(file, student)
    before, after = around(course.notebooks, origin.stem) or ("", origin.stem)
    exact, copy = not COPY.sub("", before + after), COPIED.search(after)
    dates = (file.handed_in, file.saved, origin.attachment, exact, int(copy[1]) if copy else 0)
    return Submission(student, unit, name, file.path, *dates, load=file.load)


def listed(excluded: Iterable[tuple[Origin, str, str]]) -> tuple[list[str], int]:
    """Return a few lines about the files of each student, and the number of the other files."""
    lines: list[str] = []
    number: Counter[object] = Counter()
    for origin, student, reason in excluded:
        who = student or (origin.numbers, origin.folders[:3], origin.prefix)
        number[who] += 1
        if number[who] <= LISTED and len(lines) < LISTED_IN_ALL:
            lines.append(f"{origin.file.path}: {reason}")
    return sorted(lines), number.total() - len(lines)


def fingerprint(content: bytes) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


# ------------------------------------------------------------------ which notebook


class Course:
    """The notebooks of the course, found by the names of files or by their metadata.

    Parameters
    ----------
    notebooks : iterable of (str, str)
        Units and names.
    """

    def __init__(self, notebooks: Iterable[tuple[str, str]]) -> None:
        self.known = list(notebooks)
        self.units = any_of({unit for unit, _ in self.known})
        self.notebooks = any_of({name for _, name in self.known})
        self.looked_into: Counter[str] = Counter()

    def notebook(self, file: File, student: str) -> tuple[str, str]:
        """Return unit and name of the notebook that a student's file is; ``Refused`` if unclear."""
        fitting = self.by_name(file.parts)
        if len(fitting) != 1:
            by_id = self.by_id(file, student)
            fitting = [one for one in by_id if one in fitting or not fitting] or fitting
        if len(fitting) != 1:
            either = " or ".join("/".join(one) for one in fitting) or "any of the course"
            raise Refused(f"neither its name nor its metadata says that it is {either}")
        return fitting[0]

    def by_name(self, parts: Sequence[str]) -> list[tuple[str, str]]:
        """Return the notebooks that a path names, those of its innermost unit if it names one."""
        names = {match[0].casefold() for match in matches(self.notebooks, parts[-1])}
        fitting = [one for one in self.known if one[1].casefold() in names]
        for part in reversed(parts[:-1]):
            units = {match[0].casefold() for match in matches(self.units, part)}
            if inner := [one for one in fitting if one[0].casefold() in units]:
                return inner
        return fitting

    def by_id(self, file: File, student: str) -> list[tuple[str, str]]:
        """Return the notebook that a file's own metadata names, such as ``06/01``."""
        self.looked_into[student] += 1
        content = file.load() if self.looked_into[student] <= LOOKED_INTO else b""
        if content.count(b"[") + content.count(b"{") > MAX_BRACKETS:
            return []
        try:
            number = json.loads(content.decode("utf-8-sig"))["metadata"]["course"]["id"]
        except (ValueError, RecursionError, TypeError, KeyError):
            return []
        return [one for one in self.known if number == f"{one[0][:2]}/{one[1][:2]}"]


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds names as whole words; of two that fit, the longer."""
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])", re.IGNORECASE)


@lru_cache(maxsize=10_000)
def matches(names: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Return all names in a text; the same folders and names come again and again."""
    return list(names.finditer(text))


def around(names: re.Pattern[str], text: str) -> tuple[str, str] | None:
    """Return what stands before and after the last name in a text; None where there is none."""
    if fitting := matches(names, text):
        return text[: fitting[-1].start()], text[fitting[-1].end() :]
    return None


# ------------------------------------------------------------------ which student


@dataclass(frozen=True)
class Origin:
    """What the path of a file says about its student."""

    file: File
    stem: str  # The file's name without ``.ipynb``
    # Folders and zips from the outside in, up to that of the unit or of a platform's number
    folders: tuple[str, ...]
    # A platform's numbers and the name before each; several if the name can be read in several ways
    numbers: tuple[tuple[str, str], ...] = ()
    attachment: int = 0  # Canvas's number of the upload
    prefix: str = ""  # What stands before the notebook's name
    by_folder: bool = False  # The last of the folders is a student's

    @property
    def is_work(self) -> bool:
        """The file may be a notebook, or a zip with notebooks."""
        return bool(self.file.problem) or self.stem != self.file.parts[-1]

    @property
    def outer(self) -> tuple[str, ...]:
        """The folders around the student's own."""
        return self.folders if self.numbers else self.folders[:-1]

    @property
    def student(self) -> str:
        """The student's id without a class list; "" if it is not clear."""
        if len(self.numbers) == 1:
            return label("_".join(reversed(self.numbers[0])))
        return label(self.folders[-1]) if self.by_folder and not self.numbers else ""


def origin_of(file: File, course: Course) -> Origin:
    """Return what the path of a file says about its student."""
    stem = re.sub(r"\.ipynb$", "", file.parts[-1], flags=re.IGNORECASE)
    folders: list[str] = []
    unit = None  # what stands before and after the name of a unit, where a folder has one
    for part in file.parts[:-1]:
        name = part[:-4] if part.lower().endswith(".zip") else part
        fit = around(course.units, name)
        before = fit[0] if fit else name
        if numbers := numbers_in(before, is_file=name != part):
            return Origin(file, stem, tuple(folders), *numbers)
        if not unit and (own := before.rstrip("_ -") if fit else name):
            folders.append(own)
        unit = unit or (fit if folders else None)
    before = (around(course.notebooks, stem) or (stem,))[0]
    if numbers := numbers_in(before, is_file=True):
        return Origin(file, stem, tuple(folders), *numbers)
    is_clear = len(folders) == 1 or (unit is not None and not unit[0])
    return Origin(file, stem, tuple(folders), prefix=before.strip("_ -"), by_folder=is_clear)


def numbers_in(text: str, *, is_file: bool) -> tuple[tuple[tuple[str, str], ...], int] | None:
    """Return a platform's numbers of a student in a name, and Canvas's number of the upload."""
    moodle = [match for match in MOODLE.finditer(text) if match.start()]
    canvas = [match for match in CANVAS.finditer(text) if match.start()]
    if not is_file or (moodle and not BOTH.search(text)):
        canvas = []
    names = {match[1]: text[: match.start()] for match in reversed([*moodle, *canvas])}
    return (tuple(names.items()), int(canvas[0][2]) if canvas else 0) if names else None


def label(name: str) -> str:
    """Return a name as a student's id; no two names have the same."""
    shown = clean(name, LONGEST)
    if shown == name and "\\" not in name:
        return name
    return f"{shown} ~{fingerprint(name.encode('utf-8', 'surrogatepass'))[:32]}"


def by_folder(origins: Sequence[Origin]) -> Iterator[tuple[str, str]]:
    """Yield the id of each file's student, or "" and why it is not clear, without a class list.

    The folders of students stand beside each other. What looks like one within them was made by a
    student, and says nothing about another one.
    """
    clear = [origin for origin in origins if origin.student and (origin.numbers or origin.is_work)]
    within = defaultdict(set)
    for origin in clear:
        within[origin.outer].add(origin.student)
    # A folder that holds several students is none.
    clear = [origin for origin in clear if origin.numbers or len(within[origin.folders]) < 2]
    depth = min((len(origin.outer) for origin in clear), default=0)
    kinds = defaultdict(set)
    for origin in clear:
        kinds[origin.student].add(bool(origin.numbers) or origin.outer)
    for origin in origins:
        beside = len(origin.outer) == depth and len(kinds[origin.student]) == 1
        yield (origin.student, "") if beside else ("", UNCLEAR)


def by_class(origins: Sequence[Origin], people: Mapping[str, Student]) -> Iterator[tuple[str, str]]:
    """Yield the id of each file's student, or "" and why it is not clear, by a class list.

    Moodle numbers students again in each assignment, so that the list may not have its numbers.
    Then the names count, unless two numbers beside each other have the same name. A number within
    another folder than the student's own was put there by somebody else.
    """
    known = Students(people.values())
    students = [known.meant_by(o.folders, o.numbers, o.prefix) for o in origins]
    numbers, depth = defaultdict(set), {}
    for origin, fitting in zip(origins, students, strict=True):
        for student in fitting:
            numbers[origin.folders, student].update(number for number, _ in origin.numbers)
            depth[student] = min(len(origin.outer), depth.get(student, len(origin.outer)))
    for origin, fitting in zip(origins, students, strict=True):
        listed = sum(number in known.by_number for number, _ in origin.numbers)
        several = listed != 1 and (
            len(origin.numbers) > 1 or any(len(numbers[origin.folders, s]) > 1 for s in fitting)
        )
        deeper = origin.numbers and any(len(origin.folders) > depth[s] for s in fitting)
        if len(fitting) == 1 and not several and not deeper:
            yield next(iter(fitting)).id, ""
            continue
        texts = [text for pair in origin.numbers for text in pair] or origin.folders[-3:]
        path = ", ".join(repr(clean(text, 60)) for text in (*texts, origin.prefix) if text)
        meant = " or ".join(sorted(map(str, fitting))) or "nobody"
        more = ", and so do other numbers or folders" if fitting and (several or deeper) else ""
        yield "", f"in the class list, {path or 'its path'} means {meant}{more}"

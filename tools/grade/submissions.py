"""What was handed in: a folder ``student/unit/notebook.ipynb``, or a zip of Moodle or Canvas.

Nothing is unpacked to disk, and no link is followed: a file's place only says whose it is and
which notebook it is. What cannot be told is listed, never dropped in silence.
"""

from __future__ import annotations

import io
import operator
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path, PurePosixPath

from tools.common import Problem
from tools.grade.examine import MAX_BYTES, Refused

MAX_NESTED = 200_000_000  # bytes of a zip within a zip
MAX_MEMBERS = 200_000
# What Python's zipfile raises for damaged, encrypted and unknown kinds of members.
ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError)
# What systems leave beside files.
CLUTTER = {".ipynb_checkpoints", "__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Found:
    """One file that is a notebook, or should be one.

    Parameters
    ----------
    student : str
        As the folder or the file's name says it.
    unit, notebook : str
        The course's notebook that the file is.
    place : str
        Where the file lies, for people.
    load : callable
        Returns the bytes; ``Refused`` where they cannot or should not be read.
    """

    student: str
    unit: str
    notebook: str
    place: str
    load: Callable[[], bytes]


@dataclass(frozen=True)
class Collection:
    """All that was found: files to grade, and what was left out, with the reason."""

    found: list[Found]
    left_out: list[str]


def collect(path: Path, notebooks: Iterable[tuple[str, str]]) -> Collection:
    """Find the submissions below a folder or in a zip.

    Parameters
    ----------
    path : Path
        Folder or zip.
    notebooks : iterable of (unit, notebook)
        Those of the course.

    Raises
    ------
    Problem
        If there is no such place, it is no zip, or it holds no submission.
    """
    known = list(notebooks)
    if path.is_dir():
        files = from_folder(path)
    elif path.is_file():
        files = from_zip(path)
    else:
        raise Problem(f"there is no folder or zip {clean(str(path))}")
    found: dict[tuple[str, str, str], tuple[tuple, Found]] = {}
    left_out = []
    for place, load in files:
        named = who_and_what(place, known)
        if isinstance(named, str):
            left_out.append(f"{clean(place)}: {named}")
            continue
        student, unit, notebook, version = named
        item = Found(student, unit, notebook, clean(place), load)
        rank, before = (version, place), found.get((student, unit, notebook))
        if before:
            older = min((rank, item), before, key=lambda pair: pair[0])[1]
            left_out.append(
                f"{older.place}: {student} handed in {unit}/{notebook} again, the later counts"
            )
        if before is None or rank > before[0]:
            found[student, unit, notebook] = (rank, item)
    if not found:
        shown = "".join(f"\n  {line}" for line in left_out[:5])
        raise Problem(
            f"no submission in {clean(str(path))}; expected STUDENT/UNIT/NOTEBOOK.ipynb, or a zip "
            f"as Moodle or Canvas hands it out.{shown}"
        )
    return Collection([found[where][1] for where in sorted(found)], sorted(left_out))


def clean(text: str) -> str:
    """Return a name as text that every file, terminal and database takes."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)[:300]


# ------------------------------------------------------------------ who and what


def who_and_what(place: str, known: list[tuple[str, str]]) -> tuple[str, str, str, int] | str:
    """Return student, unit, notebook and version that a path tells, or why it tells none."""
    parts = [p for p in PurePosixPath(place.replace("\\", "/")).parts if p not in ("/", "..", ".")]
    if not parts or not parts[-1].lower().endswith(".ipynb"):
        return "no notebook"
    stem, version = split_version(parts[-1][: -len(".ipynb")])
    fits = [name for _, name in known if ends_in(stem, name)]
    if not fits:
        return "no notebook of this course by its name"
    notebook = max(fits, key=len)
    units = [unit for unit, name in known if name == notebook]
    unit = units[0] if len(units) == 1 else unit_of(parts[:-1], units)
    if not unit:
        return f"{' and '.join(units)} have one of this name, and no folder says which it is"
    student = student_of(parts, stem[: len(stem) - len(notebook)], {unit for unit, _ in known})
    if not student:
        return "whose it is cannot be told from its place"
    packed = (v for text, v in map(split_version, parts[:-1]) if ends_in(text, unit))
    return clean(student), unit, notebook, max([version, *packed])


def ends_in(text: str, name: str) -> bool:
    """Say whether a name of the course stands there, alone or after what a system put before."""
    return text == name or text.endswith(f"_{name}")


def unit_of(folders: list[str], units: list[str]) -> str:
    """Return the unit that the innermost folder with a unit's name names; "" if none does."""
    for folder in reversed(folders):
        for unit in units:
            if ends_in(split_version(folder)[0], unit):
                return unit
    return ""


def split_version(stem: str) -> tuple[str, int]:
    """Take off what a second upload appends: ``-1`` by Canvas, `` (1)`` by browsers."""
    match = re.fullmatch(r"(.*?)(?:-(\d{1,4})| ?\((\d{1,4})\))", stem)
    return (match[1], int(match[2] or match[3])) if match else (stem, 0)


def student_of(parts: list[str], prefix: str, units: set[str]) -> str:
    """Return the student from the folder, or from what stands before the notebook's name."""
    if moodle := re.match(r"(.+?_\d+)_assignsubmission_", parts[0] if parts[1:] else prefix):
        return moodle[1]
    if canvas := re.match(r"([^_]+_)(?:LATE_)?(\d+)_\d+_$", prefix):
        return canvas[1] + canvas[2]
    if parts[1:] and parts[0] not in units and not re.match(r"\d\d_", parts[0]):
        packed = split_version(parts[0])[0]  # NAME_UNIT, as `check --pack` names its zip
        return next((packed[: -len(u) - 1] for u in units if ends_in(packed, u)), parts[0])
    return ""


# ------------------------------------------------------------------ places


def from_folder(folder: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the files below a folder; links are not followed."""
    for top, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(f for f in folders if f not in CLUTTER)
        for name in [*sorted(files), *[f for f in folders if Path(top, f).is_symlink()]]:
            path = Path(top, name)
            if name in CLUTTER:
                continue
            place = path.relative_to(folder).as_posix()
            if path.suffix.lower() == ".zip" and not path.is_symlink():
                yield from nested(place, lambda path=path: read_file(path, MAX_NESTED))
            else:
                yield place, lambda path=path: read_file(path, MAX_BYTES)


def read_file(path: Path, most: int) -> bytes:
    """Read a plain file of bounded size; ``Refused`` for links, pipes, devices and large ones."""
    if path.is_symlink():
        raise Refused("the file is a symbolic link")
    try:
        handle = os.open(path, flags())
    except OSError as error:
        raise Refused(f"the file is unreadable ({error.strerror})") from None
    with open(handle, "rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise Refused("the file is no plain file")
        if state.st_size > most:
            raise Refused(f"the file is larger than {most // 1_000_000} MB")
        return file.read(most + 1)


def flags() -> int:
    """Return how a file is opened: byte for byte, following no link, waiting for no pipe.

    Windows has the first of these alone, and the others have no need of it.
    """
    wanted = ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK")
    return reduce(operator.or_, (getattr(os, name, 0) for name in wanted), os.O_RDONLY)


def from_zip(path: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the members of a zip, and of the zips that students put into it."""
    try:
        archive = zipfile.ZipFile(path)
    except ZIP_FAULTS as error:
        raise Problem(f"{clean(str(path))} is no zip that can be read: {error}") from None
    yield from members(archive, "")


def members(archive: zipfile.ZipFile, before: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the plain files of an archive; each is read only when it is wanted."""
    entries = archive.infolist()
    if len(entries) > MAX_MEMBERS:
        raise Problem(
            f"the zip names {len(entries):,} files; more than {MAX_MEMBERS:,} are refused"
        )
    for entry in sorted(entries, key=lambda e: e.filename):
        parts = PurePosixPath(entry.filename).parts
        if entry.is_dir() or CLUTTER & set(parts) or (parts and parts[-1].startswith("._")):
            continue
        place = f"{before}{entry.filename}"
        if entry.filename.lower().endswith(".zip") and not before:
            yield from nested(place, lambda e=entry: read_member(archive, e, MAX_NESTED))
        else:
            yield place, lambda e=entry: read_member(archive, e, MAX_BYTES)


def read_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Read a member of bounded size, whatever its entry claims."""
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused("the file is a symbolic link")
    try:
        with archive.open(entry) as file:
            content = file.read(most + 1)
    except ZIP_FAULTS as error:
        raise Refused(f"the file cannot be read from the zip: {error}") from None
    if len(content) > most:
        raise Refused(f"the file is larger than {most // 1_000_000} MB")
    return content


def nested(place: str, load: Callable[[], bytes]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield what a student's own zip holds, below the place where that zip lies."""
    folder = place[: -len(".zip")]
    # Canvas puts the student before the name of the zip.
    folder = re.sub(
        r"^([^_/]+)_(?:LATE_)?(\d+)_\d+_([^/]*)$", r"\1_\2_assignsubmission_file_/\3", folder
    )
    try:
        archive = zipfile.ZipFile(io.BytesIO(load()))
        entries = list(members(archive, f"{folder}/"))
    except (Refused, Problem, *ZIP_FAULTS) as error:
        yield f"{place} ({error})", load
        return
    for inner, _ in entries:
        # The student's zip is opened again when its notebook's turn comes: a class's zips
        # together would not fit into memory.
        name = inner[len(folder) + 1 :]
        yield inner, lambda name=name: _from_nested(load, name)


def _from_nested(load: Callable[[], bytes], name: str) -> bytes:
    archive = zipfile.ZipFile(io.BytesIO(load()))
    return read_member(archive, archive.getinfo(name), MAX_BYTES)

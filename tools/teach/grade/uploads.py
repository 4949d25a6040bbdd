"""What was uploaded: the files of a folder, or of a zip of Moodle or Canvas, each where it lies.

Nothing is unpacked to disk, and no link is followed.
"""

from __future__ import annotations

import io
import operator
import os
import stat
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache, partial, reduce
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from tools.notebook.common import Problem
from tools.teach.grade.ownership import clean
from tools.teach.grade.submission import MAX_BYTES, Refused

MAX_NESTED = 200_000_000  # bytes of a zip within a zip
MAX_UNPACKED = 500_000_000  # bytes of all zips within one
DEPTH = 2  # zips within a zip that are opened
MAX_MEMBERS = 200_000  # names of the whole class, and of a zip within
MAX_INNER_MEMBERS = 10_000
NAME, TAIL = 150, 200_000  # bytes that a zip may take to list a name, and beside all names
COMPRESSIONS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ"}
# What systems leave beside files.
CLUTTER = {".ipynb_checkpoints", "__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}

Opening = AbstractContextManager[zipfile.ZipFile]


@dataclass(frozen=True)
class Upload:
    """A file as it lies there."""

    # Folders and zips from the outside in, then the file's own name; zips without ``.zip``
    parts: tuple[str, ...]
    zips: frozenset[int]  # Which of the parts are zips
    times: tuple[float, ...]  # When it was handed in, then when it was put into the zip, in seconds
    # Returns the bytes; ``Refused`` where they cannot or should not be read
    load: Callable[[], bytes] = bytes
    fault: str = ""  # Why there is nothing to look at; "" if there is

    @property
    def place(self) -> str:
        """Where it lies, for people."""
        shown = (f"{p}.zip" if n in self.zips else p for n, p in enumerate(self.parts))
        return clean("/".join(shown))


def from_folder(folder: Path) -> Iterator[Upload]:
    """Yield the files below a folder; links are not followed."""
    faults: list[OSError] = []
    for top, folders, files in os.walk(folder, followlinks=False, onerror=faults.append):
        folders[:] = sorted(f for f in folders if f not in CLUTTER)
        for name in [*sorted(files), *[f for f in folders if Path(top, f).is_symlink()]]:
            path = Path(top, name)
            if name in CLUTTER:
                continue
            parts = path.relative_to(folder).parts
            times = (path.lstat().st_mtime,) * 2
            if path.suffix.lower() == ".zip" and not path.is_symlink():
                outer = as_zip(Upload(parts, frozenset(), times))
                yield from within(outer, partial(opened, path), DEPTH - 1)
            else:
                load = partial(read_file, path, MAX_BYTES)
                yield Upload(parts, frozenset(), times, load)
    for error in faults:
        parts = Path(error.filename).relative_to(folder).parts
        yield Upload(parts, frozenset(), (), fault=f"unreadable: {error.strerror}")


def opened(path: Path) -> BinaryIO:
    """Open a plain file; ``Refused`` for links, pipes and devices."""
    if path.is_symlink():
        raise Refused("the file is a symbolic link")
    try:
        file = open(os.open(path, flags()), "rb")  # noqa: SIM115  (the caller closes it)
    except OSError as error:
        raise Refused(f"the file is unreadable ({error.strerror})") from None
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Refused("the file is no plain file")
    return file


def read_file(path: Path, most: int) -> bytes:
    """Read a plain file of bounded size; ``Refused`` for links, pipes, devices and large ones."""
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size > most:
            raise Refused(f"the file is larger than {most // 1_000_000} MB")
        try:
            return file.read(most + 1)
        except OSError as error:
            raise Refused(f"the file is unreadable ({error.strerror})") from None


def flags() -> int:
    """Return how a file is opened: byte for byte, following no link, waiting for no pipe.

    Windows has the first of these alone, and the others have no need of it.
    """
    wanted = ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK")
    return reduce(operator.or_, (getattr(os, name, 0) for name in wanted), os.O_RDONLY)


def from_zip(path: Path) -> Iterator[Upload]:
    """Yield the members of a zip, and of the zips that students put into it."""
    try:
        archive = archive_of(opened(path), MAX_MEMBERS)
    except Refused as refused:
        raise Problem(f"{clean(str(path))}: {refused}") from None
    yield from members(archive, Upload((), frozenset(), ()), DEPTH, lambda: nullcontext(archive))


class Metered:
    """A file of which only so much can be read until ``left`` is raised.

    ``zipfile`` makes an object of each name that a zip lists before anybody can count them:
    millions of them take gigabytes.
    """

    def __init__(self, file: BinaryIO, most: int) -> None:
        self.left = most
        self.file, self.seek, self.tell, self.seekable = file, file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """Read; ``Refused`` for more than may be read."""
        content = self.file.read(size if 0 <= size <= self.left else self.left + 1)
        self.left -= len(content)
        if self.left < 0:
            raise Refused("the zip lists too many names; hand in the notebooks alone")
        return content

    def close(self) -> None:
        """Leave the file to whoever opened it."""


def archive_of(file: BinaryIO, most: int) -> zipfile.ZipFile:
    """Open a zip that lists a bounded number of names; ``Refused`` for what is none."""
    metered = Metered(file, most * NAME + TAIL)
    try:
        archive = zipfile.ZipFile(metered)
    except Refused:
        raise
    except Exception as error:  # whatever damaged bytes provoke in zipfile is a fault of the bytes
        raise Refused(f"it is no zip that can be read: {in_a_line(error)}") from None
    if len(archive.infolist()) > most:
        raise Refused(f"the zip names more than {most:,} files; hand in the notebooks alone")
    metered.left = sys.maxsize - 1
    return archive


def in_a_line(error: Exception) -> str:
    """Return an error in one short line."""
    return clean(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__, 200)


def members(
    archive: zipfile.ZipFile, outer: Upload, depth: int, again: Callable[[], Opening]
) -> Iterator[Upload]:
    """Yield the plain files of an archive; each is read, from ``again()``, when it is wanted."""
    room = MAX_UNPACKED
    entries = archive.infolist()
    for number in sorted(range(len(entries)), key=lambda n: entries[n].filename):
        entry = entries[number]
        name = entry.filename.replace("\\", "/")
        parts = tuple(p for p in PurePosixPath(name).parts if p not in ("/", "//", "..", "."))
        if name.endswith("/") or CLUTTER & set(parts) or (parts and parts[-1].startswith("._")):
            continue
        times = (*outer.times[:1], when(entry), when(entry))[:2]
        here = Upload((*outer.parts, *parts), outer.zips, times)
        if not parts:
            yield replace(here, fault="a file without a name")
        elif parts[-1].lower().endswith(".zip") and depth:
            room -= entry.file_size if outer.parts else 0
            if room < 0:
                yield replace(here, fault="the zips in this zip are too large together")
            else:
                source = partial(member_of, again, number)
                yield from within(as_zip(here), partial(as_stream, source), depth - 1)
        else:
            yield replace(here, load=partial(read_from, again, number, MAX_BYTES))


def as_zip(upload: Upload) -> Upload:
    """Return the place of a zip as a folder of what it holds."""
    parts = (*upload.parts[:-1], upload.parts[-1][: -len(".zip")])
    return replace(upload, parts=parts, zips=upload.zips | {len(parts) - 1})


def within(outer: Upload, source: Callable[[], BinaryIO], depth: int) -> Iterator[Upload]:
    """Yield what a student's own zip holds, below the place where that zip lies.

    The zip is opened again when the turn of its notebook comes: a class's zips together would not
    fit into memory.
    """

    @contextmanager
    def again() -> Iterator[zipfile.ZipFile]:
        with source() as file:
            yield archive_of(file, MAX_INNER_MEMBERS)

    try:
        with again() as archive:
            yield from members(archive, outer, depth, again)
    except Refused as refused:
        yield replace(outer, fault=f"nothing in this zip is graded: {refused}")


def read_from(again: Callable[[], Opening], number: int, most: int) -> bytes:
    """Read a member of bounded size; ``zipfile`` gives no more than its entry claims."""
    with again() as archive:
        entry = archive.infolist()[number]
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Refused("the file is a symbolic link")
        if entry.file_size > most:
            raise Refused(f"the file is larger than {most // 1_000_000} MB")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # zipfile bounds nothing of what bzip2 and LZMA make of a few bytes: gigabytes
            kind = COMPRESSIONS.get(entry.compress_type, f"method {entry.compress_type}")
            raise Refused(
                f"the file cannot be read from the zip: it is compressed by {kind}; make the zip "
                "anew with the usual method, Deflate"
            )
        try:
            with archive.open(entry) as file:  # in pieces: all at once is what a liar's bytes make
                return b"".join(iter(partial(file.read, 1_000_000), b""))
        except Exception as error:  # as above: whatever damaged bytes provoke
            raise Refused(f"the file cannot be read from the zip: {in_a_line(error)}") from None


member_of = partial(read_from, most=MAX_NESTED)


@lru_cache(maxsize=1)
def last_read(source: Callable[[], bytes]) -> bytes:
    """Return the bytes of a student's zip, and keep them for its next notebook."""
    return source()


def as_stream(source: Callable[[], bytes]) -> io.BytesIO:
    """Return what a student's zip within another one holds, as a file in memory."""
    return io.BytesIO(last_read(source))


def when(entry: zipfile.ZipInfo) -> float:
    """Return the time of a member in seconds; 0 where it has none."""
    if entry.date_time <= (1980, 1, 1, 0, 0, 0):
        return 0.0
    try:
        return time.mktime((*entry.date_time, 0, 0, -1))
    except (OverflowError, ValueError):
        return 0.0

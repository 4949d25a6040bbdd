"""The files of an upload: of a folder or a zip, and of the zips within it.

Nothing is unpacked to disk and no link is followed. What a zip may hold is bounded: the names that
it lists, the size of each file, and of all zips within it.
"""

import io
import os
import stat
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from tools.notebook.common import Problem
from tools.notebook.handed_in import MAX_BYTES, MAX_FILE, without_outputs
from tools.teach.grade.submission import Refused

# Bytes of the list of names in the zip of a class, and in a zip within it: some 150 for a name
MAX_LIST, MAX_INNER_LIST = 30_000_000, 1_500_000
MAX_ZIPS = 10  # zips within a student's zip that are opened
DEPTH = 2  # levels of zips within the zip of a class that are opened
# Files and folders that operating systems and Jupyter add.
CLUTTER = {".ipynb_checkpoints", "__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
EMPTY = "holds no notebook"

Opening = Callable[[], AbstractContextManager[zipfile.ZipFile]]


@dataclass(frozen=True)
class File:
    """One file of an upload."""

    parts: tuple[str, ...]  # Folders and zips from the outside in, then the file's own name
    # When it was handed in, and when it was saved; in seconds, 0 if unknown
    handed_in: float = 0.0
    saved: float = 0.0
    load: Callable[[], bytes] = bytes  # Returns the content, or raises ``Refused``
    problem: str = ""  # Why there is nothing to load; "" if there is

    @property
    def path(self) -> str:
        """The path within the upload, for people."""
        return clean("/".join(self.parts))


def clean(text: str, longest: int = 300) -> str:
    """Return a text that every file, terminal and database accepts."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)[:longest]


@contextmanager
def opened(path: Path) -> Iterator[Iterator[File]]:
    """Open a folder or a zip; its files can be loaded until the ``with`` block ends.

    Raises Problem if it is neither.
    """
    if path.is_dir():
        yield with_empty(files_in_folder(path), (p.name for p in path.glob("*/")))
        return
    if not path.is_file():
        raise Problem(f"there is no folder or zip {clean(str(path))}")
    with ExitStack() as stack:
        try:
            file = stack.enter_context(open_file(path))
            archive = stack.enter_context(open_zip(file, MAX_LIST))
        except Refused as refused:
            raise Problem(f"{clean(str(path))}: {refused}") from None
        files = members(archive, File(()), lambda: nullcontext(archive), DEPTH)
        yield with_empty(files, (part for e in archive.infolist() for part in parts_of(e)[:1]))


def with_empty(files: Iterable[File], places: Iterable[str]) -> Iterator[File]:
    """Yield files, and for each folder at the top without any a file that says so."""
    empty = {place for place in places if place not in CLUTTER and not place.startswith("._")}
    for file in files:
        empty.discard(file.parts[0])
        yield file
    yield from (File((place,), problem=EMPTY) for place in sorted(empty))


def files_in_folder(folder: Path) -> Iterator[File]:
    """Yield the files below a folder, links to folders among them."""
    errors: list[OSError] = []
    for top, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(set(folders) - CLUTTER)
        links = [name for name in folders if Path(top, name).is_symlink()]
        for path in (Path(top, name) for name in sorted({*names, *links} - CLUTTER)):
            parts, saved = path.relative_to(folder).parts, path.lstat().st_mtime
            file = File(parts, saved, saved, partial(read_notebook, partial(read_file, path)))
            if path.suffix.lower() == ".zip" and not path.is_symlink():
                yield from files_in_zip(file, partial(open_file, path), DEPTH - 1)
            else:
                yield file
    for error in errors:
        parts = Path(error.filename).relative_to(folder).parts or (folder.name,)
        yield File(parts, problem=f"unreadable: {error.strerror}")


def open_file(path: Path) -> BinaryIO:
    """Open a plain file; ``Refused`` for links, pipes and devices."""
    try:  # without following a link, or waiting for a pipe
        file = open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")  # noqa: SIM115
    except OSError as error:
        raise Refused(f"the file is unreadable ({error.strerror})") from None
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Refused("it is not a regular file")
    return file


def read_file(path: Path) -> bytes:
    """Return the content of a plain file of bounded size."""
    with open_file(path) as file:
        try:
            content = file.read(MAX_FILE + 1)
        except OSError as error:
            raise Refused(f"the file is unreadable ({error.strerror})") from None
    return bounded(content, MAX_FILE)


def bounded(content: bytes, most: int, where: str = "") -> bytes:
    """Return a content; ``Refused`` if it has more bytes than allowed."""
    if len(content) > most:
        raise Refused(f"the file is larger than {most // 1_000_000} MB{where}")
    return content


def read_notebook(read: Callable[[], bytes]) -> bytes:
    """Return a notebook's bytes without what nobody grades."""
    return bounded(without_outputs(read()), MAX_BYTES, " without its outputs")


# ------------------------------------------------------------------ zips


class Metered:
    """A file that can be read until ``most`` bytes have been read.

    ``zipfile`` makes an object of each name in a zip before anybody can count them: millions of
    them would take gigabytes.
    """

    def __init__(self, file: BinaryIO, most: int) -> None:
        self.file, self.most = file, most
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """Read as a file does; ``Refused`` for more than may be read."""
        content = self.file.read(size if 0 <= size <= self.most else self.most + 1)
        self.most -= len(content)
        if self.most < 0:
            raise Refused("the zip has too many files; hand in only the notebooks")
        return content


def open_zip(file: BinaryIO, most: int) -> zipfile.ZipFile:
    """Open a zip whose list of names has at most so many bytes; ``Refused`` for what is none."""
    metered = Metered(file, most + 100_000)  # with what is beside the list
    try:
        archive = zipfile.ZipFile(metered)
    except Refused:
        raise
    except Exception as error:  # zipfile raises many kinds for damaged bytes
        raise Refused(f"it can't be read as a zip: {clean(repr(error), 200)}") from None
    metered.most = sys.maxsize - 1
    return archive


def members(archive: zipfile.ZipFile, outer: File, reopen: Opening, depth: int) -> Iterator[File]:
    """Yield the files of a zip, which ``reopen`` opens again when one of them is loaded."""
    zips = 0
    entries = enumerate(archive.infolist())
    for number, entry in sorted(entries, key=lambda numbered: numbered[1].filename):
        parts = parts_of(entry)
        is_clutter = CLUTTER & set(parts) or "".join(parts[-1:]).startswith("._")
        if is_clutter or entry.filename.endswith(("/", "\\")):
            continue
        saved = time_of(entry)
        file = File((*outer.parts, *parts), outer.handed_in or saved, saved)
        if not parts:
            yield replace(file, parts=(*file.parts, "?"), problem="a file without a name")
        elif not parts[-1].lower().endswith(".zip") or not depth:
            yield replace(file, load=partial(read_notebook, partial(read_member, reopen, number)))
        elif outer.parts and zips == MAX_ZIPS:
            yield replace(file, problem=f"this zip has more than {MAX_ZIPS} zips")
        else:
            zips += 1
            content = partial(inner_zip, reopen, number)
            yield from files_in_zip(file, partial(in_memory, content), depth - 1)


def parts_of(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    """Return the folders of a member and its own name; none leads out of the zip."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    return tuple(part for part in path.parts if part not in ("/", "//", "..", "."))


def files_in_zip(outer: File, source: Callable[[], BinaryIO], depth: int) -> Iterator[File]:
    """Yield the files of a zip that a student handed in.

    It is opened again when a file of it is loaded: the zips of a class would not fit into memory.
    """

    @contextmanager
    def reopen() -> Iterator[zipfile.ZipFile]:
        with source() as content, open_zip(content, MAX_INNER_LIST) as archive:
            yield archive

    is_empty = True
    try:
        with reopen() as archive:
            for file in members(archive, outer, reopen, depth):
                is_empty = False
                yield file
    except Refused as refused:
        yield replace(outer, problem=f"nothing in this zip is graded: {refused}")
    else:
        yield from [replace(outer, problem=EMPTY)] if is_empty else []


def read_member(reopen: Opening, number: int) -> bytes:
    """Return the content of a member of a zip; ``zipfile`` gives no more than its entry says."""
    with reopen() as archive:
        entry = archive.infolist()[number]
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Refused("the file is a symbolic link")
        if entry.file_size > MAX_FILE:
            raise Refused(f"the file is larger than {MAX_FILE // 1_000_000} MB")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # zipfile does not bound what bzip2 and LZMA make of a few bytes.
            raise Refused("the zip uses an unsupported compression: make it again with Deflate")
        try:
            with archive.open(entry) as file:  # by parts: a false size is noticed after the first
                return b"".join(iter(partial(file.read, 1_000_000), b""))
        except Exception as error:  # as above
            reason = clean(repr(error), 200)
            raise Refused(f"the file cannot be read from the zip: {reason}") from None


@lru_cache(maxsize=1)
def inner_zip(reopen: Opening, number: int) -> bytes:
    """Return the bytes of a student's zip, read once for its notebooks that follow one another."""
    return read_member(reopen, number)


def in_memory(read: Callable[[], bytes]) -> io.BytesIO:
    """Return a zip within another one as a file in memory."""
    return io.BytesIO(read())


def time_of(entry: zipfile.ZipInfo) -> float:
    """Return the time of a member in seconds; 0 where it has none."""
    try:
        seconds = time.mktime((*entry.date_time, 0, 0, -1))
    except (OverflowError, ValueError):
        return 0.0
    return seconds if entry.date_time > (1980, 1, 1, 0, 0, 0) else 0.0

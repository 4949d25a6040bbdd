"""The cache of this user: what was downloaded, checked, and written so that none is half there."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

from data.core import stamps
from data.core.cards import DataError, Entry, File
from data.core.files import cache_dir
from data.core.sums import checksum_error, mismatch, official

_CACHE_ERRORS = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EEXIST,
}
_OTHER = (
    "The download was whole but is another file: it was thrown away. A log-in page of the "
    "network can cause this; if it stays, report it."
)


class CacheNotWritable(DataError):
    """The cache folder takes no files."""


def cache_path(entry: Entry, item: File) -> Path:
    """Return where the cache keeps a file, whether or not it is there."""
    return cache_dir() / entry.name / item.name


def check_cached(entry: Entry, item: File) -> None:
    """Compare a cached file with its card; ChecksumError where it is another one."""
    path = cache_path(entry, item)
    found = mismatch(item, path)
    if found:
        hint = "Delete it, or fetch it again: python course.py data fetch " + entry.name
        raise checksum_error(path, official(item), found, hint)


@contextlib.contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Make a folder of the cache; say which one and what to do where it takes no files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        # requests' errors are OSErrors without a number: they are not about the cache
        if error.errno not in _CACHE_ERRORS:
            raise
        raise CacheNotWritable(
            f"the cache folder {folder} takes no files ({error.strerror}). "
            "Name another one that does: COURSE_CACHE_DIR=/some/folder"
        ) from error


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Let one process at a time make a file; the others wait and then find it made."""
    import filelock

    lock = filelock.FileLock(path.parent / f".{path.name}.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        print(f"waiting for another process that fetches {path.name} ...", file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def temporary(path: Path) -> Iterator[Path]:
    """Yield a name beside a file's place; whatever is under it in the end is removed."""
    litter = re.compile(rf"\.{re.escape(path.name)}\.\d+-[0-9a-f]+\.part")
    for old in path.parent.iterdir():
        if litter.fullmatch(old.name):  # what a killed process left; the lock is ours
            old.unlink(missing_ok=True)
    part = path.parent / f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part"
    part.touch(exist_ok=False)  # not mkstemp: a cache that a class shares must be readable
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def put(item: File, part: Path, path: Path, source: str) -> None:
    """Give a finished temporary file its name, once its sum is right."""
    found = mismatch(item, part)
    if found:
        raise checksum_error(source, official(item), found, _OTHER)
    os.replace(part, path)
    stamps.remember(path, official(item), stamps.of(path))

"""Which files were found to have which sum, so that they need not be read again to be trusted.

A file that has the size and the times of the one that was summed is taken to be that file. Of the
two times the one of the last change of its entry (``st_ctime``) cannot be set back by a program, so
that a changed file is noticed where the system keeps that time. What is known is kept in the
cache, since each notebook is a process of its own; a cache that takes no files only costs time.
``python course.py data verify`` trusts no stamp.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from data.core.files import cache_dir, write_text

Stamp = tuple[int, int, int]  # size, time of the content, time of the entry

_known: dict[Path, dict[str, Stamp]] = {}  # per file that keeps them: "sum path" -> stamp
_new: dict[str, Stamp | None] = {}  # found by this process; None: the file has another sum
_trusting = True


def of(path: Path) -> Stamp:
    """Return the stamp of a file as it is now."""
    info = path.stat()
    return info.st_size, info.st_mtime_ns, info.st_ctime_ns


def known(path: Path, digest: str) -> Stamp | None:
    """Return the stamp that a file had when it was found to have a sum; None if it never was."""
    key = _key(path, digest)
    if key in _new:
        return _new[key]
    return _kept().get(key) if _trusting else None


def remember(path: Path, digest: str, stamp: Stamp) -> None:
    """Keep that a file with this stamp has this sum; ``save`` writes it down."""
    _new[_key(path, digest)] = stamp


def forget(path: Path, digest: str) -> None:
    """Keep that a file does not have this sum, whatever was found before."""
    _new[_key(path, digest)] = None


def save() -> None:
    """Write down what this process has found."""
    if all(_kept().get(key) == stamp for key, stamp in _new.items()):
        return
    _known.pop(_file(), None)  # others may have written meanwhile
    content = {key: stamp for key, stamp in {**_kept(), **_new}.items() if stamp}
    with contextlib.suppress(OSError):  # a read-only cache: the sums are computed again next time
        write_text(_file(), json.dumps(content))
        _known[_file()] = content


@contextlib.contextmanager
def distrusted() -> Iterator[None]:
    """Have every file read again, whatever is known of it."""
    global _trusting
    before, _trusting = _trusting, False
    _new.clear()
    try:
        yield
    finally:
        _trusting = before


def _key(path: Path, digest: str) -> str:
    return f"{digest} {os.path.abspath(path)}"


def _file() -> Path:
    return cache_dir() / "stamps.json"


def _kept() -> dict[str, Stamp]:
    file = _file()
    if file not in _known:
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            _known[file] = {key: tuple(stamp) for key, stamp in content.items()}
        except (OSError, ValueError, TypeError, AttributeError):  # none yet, or not ours
            _known[file] = {}
    return _known[file]

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

from utils._files import write_text

Stamp = tuple[int, int, int]  # size, time of the content, time of the entry

_known: dict[str, dict[str, Stamp]] = {}  # per file that keeps them: "sum path" -> stamp
_new: dict[str, Stamp] = {}  # since the last save
_trusting = True


def of(path: Path) -> Stamp:
    """Return the stamp of a file as it is now."""
    info = path.stat()
    return info.st_size, info.st_mtime_ns, info.st_ctime_ns


def known(path: Path, digest: str) -> Stamp | None:
    """Return the stamp that a file had when it was found to have a sum; None if it never was."""
    key = _key(path, digest)
    if key in _new:  # found by this very process
        return _new[key]
    found = _kept().get(key) if _trusting else None
    return tuple(found) if found else None


def remember(path: Path, digest: str, stamp: Stamp) -> None:
    """Keep that a file with this stamp has this sum; ``save`` writes it down."""
    _new[_key(path, digest)] = stamp


def save() -> None:
    """Write down what was found since the last time."""
    if not _new.keys() - _kept().keys() and all(_kept()[k] == list(v) for k, v in _new.items()):
        return
    file = _file()
    _known.pop(str(file), None)  # others may have written meanwhile
    content = {**_kept(), **{key: list(stamp) for key, stamp in _new.items()}}
    with contextlib.suppress(OSError):  # a read-only cache: the sums are computed again next time
        write_text(file, json.dumps(content))
        _known[str(file)] = content


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
    from data.core.fetch import cache_dir

    return cache_dir() / "stamps.json"


def _kept() -> dict[str, list[int]]:
    file = _file()
    if str(file) not in _known:
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # none yet, or not ours: nothing is known
            content = {}
        _known[str(file)] = content if isinstance(content, dict) else {}
    return _known[str(file)]

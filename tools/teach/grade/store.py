"""Files that the grader keeps for itself in its output folder."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import AcquireReturnProxy, FileLock, Timeout

from tools.notebook.common import Problem, shown

ROOM, RIGHTS, FOLDER = (
    "free some space, and call again",
    "choose another folder by --out, or see that you may write there",
    "it is no folder: choose another one by --out",
)
# What to do where a file can't be written, by the system's number of the reason.
WAYS = {
    errno.ENOSPC: ROOM,
    getattr(errno, "EDQUOT", errno.ENOSPC): ROOM,
    errno.EACCES: RIGHTS,
    errno.EPERM: RIGHTS,
    errno.EROFS: RIGHTS,
    errno.EEXIST: FOLDER,
    errno.ENOTDIR: FOLDER,
}


def only_one(out: Path) -> AcquireReturnProxy:
    """Hold an output folder until the ``with`` block ends: one process writes a gradebook.

    Raises Problem if another one holds it.
    """
    try:
        return FileLock(out / "grade.lock").acquire(timeout=0)
    except Timeout:
        raise Problem(f"another call is grading into {shown(out)}; wait for it") from None


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Tell in one line, until the ``with`` block ends, that an output folder can't be written to.

    Raises Problem for what WAYS knows a way out of.
    """
    try:
        yield
    except OSError as error:
        place = Path(str(error.filename or out)).absolute()
        near = place.is_relative_to(out.absolute()) or out.absolute().is_relative_to(place)
        way = WAYS.get(error.errno or 0, "")
        if not way or not (near or way == ROOM):
            raise
        raise Problem(
            f"{shown(place)} can't be written ({error.strerror}): {way}. What was graded is kept"
        ) from None


def read_json(path: Path) -> Any:
    """Return what a file of the grader's own holds, or None if there is no such file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise damaged(path, error) from None


def damaged(path: Path, error: ValueError) -> Problem:
    """Return what to say of such a file that can't be read."""
    return Problem(
        f"{shown(path)} is damaged ({error}); put it back from a backup, or delete it and "
        "grade the submissions again"
    )

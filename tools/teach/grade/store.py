"""The output folder: outcomes as files, the lock, copies of the gradebook, and full disks.

An outcome is one JSON file a notebook of a student, written in one step as soon as it is there. So
a call that ends early loses nothing, and the gradebook can be written again from these files.
"""

import errno
import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import AcquireReturnProxy, FileLock, Timeout

from data.core.files import write_bytes, write_text
from tools.notebook.common import Problem, remedy, shown

GRADEBOOK, BACKUPS = "nbgrader/gradebook.db", "nbgrader/backups"
COPIES = 20  # of the gradebook, the newest ones
ELSEWHERE = (
    "choose another folder with --out, or make sure that this is a folder that you may write to"
)
SubmissionKey = tuple[str, str, str]  # student, unit, notebook


def only_one(out: Path) -> AcquireReturnProxy:
    """Lock an output folder until the ``with`` block ends: one process writes a gradebook.

    Raises Problem if another process has the lock.
    """
    try:
        return FileLock(out / "grade.lock").acquire(timeout=0)
    except Timeout:
        raise Problem(f"another process grades into {shown(out)}; wait until it ends") from None


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turn an error in writing to an output folder into one line that says what to do.

    Other errors, and those of files elsewhere, stay what they are.
    """
    try:
        yield
    except OSError as error:
        path = Path(str(error.filename or out)).absolute()
        near = path.is_relative_to(out.absolute()) or out.absolute().is_relative_to(path)
        what = remedy(error, ELSEWHERE if near else "", also=(errno.EEXIST, errno.ENOTDIR))
        if not what:
            raise
        raise Problem(
            f"{shown(path)} can't be written ({error.strerror}): {what}. Results so far are saved"
        ) from None


def read_json(path: Path) -> Any:
    """Return the content of a JSON file of the grader, or None if there is no such file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise Problem(
            f"{shown(path)} is damaged ({error}); put it back from a backup, or delete it and "
            "grade the submissions again. Nothing was changed"
        ) from None


# ------------------------------------------------------------------ outcomes


def key_of(outcome: Mapping[str, Any]) -> SubmissionKey:
    """Return the student, the unit and the notebook of an outcome."""
    return outcome["student"], outcome["unit"], outcome["notebook"]


def page_name(student: str) -> str:
    """Return a file name for a student: readable, safe, and no two alike."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", student).strip("-")[:60] or "student"
    digest = hashlib.sha256(student.encode("utf-8", "backslashreplace")).hexdigest()[:32]
    return f"{plain}-{digest}.html"


def outcome_path(out: Path, outcome: Mapping[str, Any]) -> Path:
    """Return the file for the outcome of one notebook of one student."""
    student, unit, notebook = key_of(outcome)
    folder = page_name(student).removesuffix(".html")
    return out / "outcomes" / folder / f"{unit}--{notebook}.json"


def write_outcome(out: Path, outcome: Mapping[str, Any]) -> None:
    """Write an outcome as its file."""
    write_text(outcome_path(out, outcome), json.dumps(outcome))


def all_outcomes(out: Path) -> list[dict[str, Any]]:
    """Return every outcome of an output folder, in order."""
    return sorted(map(read_json, (out / "outcomes").glob("*/*.json")), key=key_of)


# ------------------------------------------------------------------ the file of the gradebook


def unusable(path: Path, error: BaseException | None) -> Problem:
    """Return the Problem for an error that SQLite reports of a gradebook."""
    reason = " ".join(str(error).split())
    return Problem(
        f"the gradebook {shown(path)} can't be used: {reason}. If it is locked or read-only, or "
        "the disk is full, it is undamaged: close programs that have it open, free some space, or "
        "make sure that you may write there, and try again. If it is damaged, move it away and "
        "grade again: it is written from outcomes/, with the marks given by hand from the newest "
        "copy in "
        f"{shown(path.parent / Path(BACKUPS).name)}"
    )


def refuse_damaged(out: Path) -> None:
    """Raise Problem if the gradebook is damaged, or is none, before anything is graded into it."""
    path = out / GRADEBOOK
    try:
        with closing(sqlite3.connect(path)) as database:
            (state,) = database.execute("PRAGMA quick_check(1)").fetchone()
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error as error:
        raise unusable(path, error) from None
    if state != "ok" or not {"assignment", "grade", "student"} <= tables:
        raise unusable(
            path, ValueError(state if state != "ok" else "it is not nbgrader's gradebook")
        )


def copies(out: Path) -> list[Path]:
    """Return the dated copies of the gradebook, the newest last."""
    return sorted((out / BACKUPS).glob("gradebook-*.db"))


def back_up(out: Path) -> None:
    """Copy the gradebook into ``backups/`` if it has changed since the newest copy."""
    path, before = out / GRADEBOOK, copies(out)
    if not path.is_file():
        return
    if before and before[-1].stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return
    try:
        with closing(sqlite3.connect(path)) as database:
            content = database.serialize()  # whole, while another program writes into it
    except sqlite3.Error as error:
        raise unusable(path, error) from None
    write_bytes(out / BACKUPS / f"gradebook-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.db", content)
    for old in before[: max(0, len(before) + 1 - COPIES)]:
        old.unlink()

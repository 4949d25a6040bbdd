"""What was handed in: a folder ``student/unit/notebook.ipynb``, or a zip of Moodle or Canvas.

Nothing is unpacked to disk, and no link is followed: a file's place only says whose it is and
which notebook it is (``whose.py``). What cannot be told is listed, never dropped in silence.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.notebook.common import Problem
from tools.teach.grade import whose
from tools.teach.grade.refused import Refused
from tools.teach.grade.roster import Roster, Student
from tools.teach.grade.uploads import Upload, from_folder, from_zip
from tools.teach.grade.whose import Claim, Owner, What, clean

LISTED = 10  # lines about what was left out, of one student or folder, and of all
LISTED_IN_ALL = 1_000


@dataclass(frozen=True)
class Found:
    """One file that is a notebook, or should be one."""

    # The id, of the roster if there is one; else as the folder or the file's name says it
    student: str
    # The course's notebook that the file is
    unit: str
    notebook: str
    place: str  # Where the file lies, for people
    # Returns the bytes; ``Refused`` where they cannot or should not be read
    load: Callable[[], bytes]
    time: float | None = None  # When it was handed in, in seconds; None where nothing tells
    number: str = ""  # The platform's number of the student; "" where no platform has put one


@dataclass(frozen=True)
class Collection:
    """All that was found: files to grade, and what a person should know."""

    found: list[Found]
    left_out: list[str]  # What is not graded, with the reason
    # What was odd about whose the files are, and who is missing
    notes: list[str] = field(default_factory=list)


def collect(
    path: Path,
    notebooks: Iterable[tuple[str, str]],
    roster: dict[str, Student] | None = None,
) -> Collection:
    """Find the submissions to the course's ``notebooks`` below a folder or in a zip.

    With a roster, students by id, nobody else has work. Raises Problem if there is no such place,
    it is no zip, or it holds no submission.
    """
    known = list(notebooks)
    if path.is_dir():
        uploads = from_folder(path)
    elif path.is_file():
        uploads = from_zip(path)
    else:
        raise Problem(f"there is no folder or zip {clean(str(path))}")
    units = list(dict.fromkeys(unit for unit, _ in known))
    left = LeftOut(units)
    candidates: list[tuple[Upload, What, Claim]] = []
    for upload in uploads:
        named = upload.fault or whose.what(upload.parts, known)
        if isinstance(named, str):
            left.add(upload, named, work=bool(upload.fault))
        else:
            claim = whose.claim(upload.parts, upload.zips, named.before, units)
            candidates.append((upload, named, claim))
    owners = whose.owners(
        [c for _, _, c in candidates], Roster(roster.values()) if roster else None
    )
    pieces: dict[tuple[str, str, str], list[Version]] = defaultdict(list)
    for (upload, named, claim), owner in zip(candidates, owners.of, strict=True):
        if isinstance(owner, Owner):
            where = (owner.id, named.unit, named.notebook)
            rank = (claim.attachment, *upload.times, named.exact, named.version)
            pieces[where].append(Version(rank, upload, owner, claim.number_of(owner)))
        else:
            left.add(upload, owner)
    found = [the_latest(where, versions, left) for where, versions in sorted(pieces.items())]
    if not found:
        shown = "".join(f"\n  {line}" for line in left.lines()[:5])
        raise Problem(
            f"no submission in {clean(str(path))}; expected STUDENT/UNIT/NOTEBOOK.ipynb, or a zip "
            f"as Moodle or Canvas hands it out.{shown}"
        )
    there = {f.student for f in found}
    absent = [s for s in (roster or {}).values() if s.id not in there]
    return Collection(found, left.lines(), owners.notes + missing(absent, len(roster or ())))


def missing(absent: list[Student], of: int) -> list[str]:
    """Say who is on the roster and has nothing to grade."""
    names = ", ".join(clean(str(student), 100) for student in absent)
    return [f"{len(absent)} of {of} on the roster have no notebook here: {names}"] if absent else []


class LeftOut:
    """What is not graded, with the reason: a few lines of each student, and of all.

    Parameters
    ----------
    units : sequence of str
        Names of the course's units.
    """

    def __init__(self, units: Sequence[str]) -> None:
        self.units, self.number = units, 0
        self.told: list[str] = []
        self.room = {True: LISTED_IN_ALL, False: LISTED_IN_ALL // 5}
        self.of: Counter[tuple] = Counter()

    def add(self, upload: Upload, reason: str, *, work: bool = True) -> None:
        """Note a file; ``work`` says that it may be somebody's. Of very many, only the number."""
        self.number += 1
        if not self.room[work]:
            return
        claim = whose.claim(
            upload.parts, upload.zips, clean("".join(upload.parts[-1:])), self.units
        )
        who = (work, *(claim.numbers or claim.around[:3] or [claim.loose]))
        self.of[who] += 1
        if self.of[who] <= LISTED:
            self.room[work] -= 1
            self.told.append(f"{upload.place}: {reason}")

    def lines(self) -> list[str]:
        """Return the lines in order."""
        more = self.number - len(self.told)
        return sorted(self.told) + ([f"and {more:,} more files"] if more else [])


# ------------------------------------------------------------------ the latest counts


@dataclass(frozen=True)
class Version:
    """One of the files that a student handed in for a notebook; the largest rank is the latest."""

    rank: tuple[Any, ...]
    upload: Upload
    owner: Owner
    number: str


def the_latest(where: tuple[str, str, str], versions: list[Version], left: LeftOut) -> Found:
    """Return the file that counts, and list the others.

    Canvas's number of the upload says which is later; else the time of the upload, then the time
    in the student's own zip. Of one time, the file counts whose name is the notebook's own, or has
    the higher number behind it. What is equal in all of that has to be equal.
    """
    last = max(versions, key=lambda v: v.rank)
    latest = [v.upload for v in versions if v.rank == last.rank]
    who, what = last.owner.student or last.owner.id, "/".join(where[1:])
    for older in (v.upload for v in versions if v.rank != last.rank):
        step = 0 if older.times[0] != latest[0].times[0] else 1
        left.add(
            older,
            f"{who} handed in {what} again, the later counts: {latest[0].place}, "
            f"{date(latest[0].times[step])}; this is of {date(older.times[step])}",
        )
    load = latest[0].load if len(latest) == 1 else (lambda: the_same(latest))
    when = latest[0].times[0] or None
    return Found(*where, latest[0].place, load, when, last.number)


def date(seconds: float) -> str:
    """Return a time as text."""
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
    except (OverflowError, ValueError, OSError):
        return "no date"


def the_same(uploads: list[Upload]) -> bytes:
    """Return what several files hold, if it is one and the same."""
    content = uploads[0].load()
    for other in uploads[1:10]:
        if len(uploads) > 10 or other.load() != content:
            raise Refused(
                f"{len(uploads)} files of one date ({date(other.times[-1])}) may be it: "
                f"{uploads[0].place} and {other.place}; leave the one that counts"
            )
    return content

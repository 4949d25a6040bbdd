"""Which of the files that a student handed in for a notebook counts, whatever upload held it.

It follows from the files alone, not from the order in which they were found: the latest counts, and
of one date no other.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from tools.teach.grade.submission import Refused

LISTED = 10  # earlier files of a notebook that are listed
KEPT = 20  # files of a notebook that are kept, the latest
SAME = 10  # files of one date that are compared
Piece = tuple[str, str, str]  # student, unit, notebook


@dataclass(frozen=True)
class Version:
    """One file that a student handed in for a notebook."""

    # The id, of the class list if there is one; else as the folder or the file's name says it
    student: str
    # The course's notebook that the file is
    unit: str
    notebook: str
    place: str  # Where the file lies in its upload, for people
    # When it was handed in, then when it was put into the zip, in seconds; 0 where nothing tells
    times: tuple[float, float] = (0.0, 0.0)
    attachment: int = 0  # Canvas's number of the upload: a later one is larger
    exact: bool = True  # Its name is the notebook's own
    copy: int = 0  # What a second upload or download appends to the name
    upload: str = ""  # The folder or zip that held it
    file: str = ""  # ``fingerprint`` of what it holds; "" where nobody has looked

    @property
    def piece(self) -> Piece:
        """Whose it is, and which notebook."""
        return self.student, self.unit, self.notebook

    @property
    def time(self) -> float | None:
        """When it was handed in, in seconds; None where nothing tells."""
        return self.times[0] or None


@dataclass(frozen=True)
class Found(Version):
    """A file that this call has found, and can read."""

    # Returns the bytes; ``Refused`` where they cannot or should not be read
    load: Callable[[], bytes] = bytes

    def kept(self, upload: str, *, looked_at: bool) -> Version:
        """Return what is kept of it; its content's fingerprint, if it is looked at."""
        mine = {name: getattr(self, name) for name in Version.__dataclass_fields__}
        return Version(**mine | {"upload": upload, "file": file_of(self) if looked_at else ""})


AnyVersion = TypeVar("AnyVersion", bound=Version)


def fingerprint(content: bytes) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def file_of(version: Version) -> str:
    """Return the fingerprint of a file, or why it can't be read; "" where nobody can look."""
    if not isinstance(version, Found):
        return version.file
    try:
        return fingerprint(version.load())
    except Refused as refused:
        return f"refused: {refused}"


def by_piece(versions: Iterable[AnyVersion]) -> dict[Piece, list[AnyVersion]]:
    """Return files by student and notebook, in order."""
    found: dict[Piece, list[AnyVersion]] = defaultdict(list)
    for version in versions:
        found[version.piece].append(version)
    return dict(sorted(found.items()))


def ordered(versions: Sequence[AnyVersion]) -> list[tuple[tuple[Any, ...], AnyVersion]]:
    """Return the files of one notebook with their ranks, the latest first.

    Canvas's number of the upload says which is later, where all have one; else the time of the
    upload. Within one, in the student's own zip, the file counts whose name is the notebook's own:
    who saves ``old_NAME`` last has not handed that in. Then the time in that zip says it, and of
    one time the higher number behind the name.
    """
    numbered = all(v.attachment for v in versions)
    ranked = [
        ((v.attachment * numbered, v.times[0], v.exact, v.times[1], v.copy), v) for v in versions
    ]
    ranked.sort(key=lambda one: (one[1].place, one[1].upload))
    return sorted(ranked, key=lambda one: one[0], reverse=True)


def of_latest_rank(versions: Sequence[AnyVersion]) -> list[AnyVersion]:
    """Return the file that counts; several where nothing tells which is later."""
    ranked = ordered(versions)
    return [version for rank, version in ranked if rank == ranked[0][0]]


def counting(versions: Sequence[Version]) -> Found | None:
    """Return the file that counts, if this call has found it; None if an earlier one has.

    Files that are equal in all that tells the later one have to be equal: its ``load`` refuses
    others.
    """
    latest = of_latest_rank(versions)
    here = next((v for v in latest if isinstance(v, Found)), None)
    if here is None or len(latest) == 1:
        return here
    return replace(here, load=partial(the_same, latest, here))


def the_same(latest: Sequence[Version], here: Found) -> bytes:
    """Return what several files hold, if it is one and the same."""
    first, *others = latest[:SAME]
    files = [file_of(v) for v in (first, *others)]
    for other, file in zip(others, files[1:], strict=True):
        if len(latest) > SAME or ("" not in (file, files[0]) and file != files[0]):
            raise Refused(
                f"{len(latest)} files of one date ({date(other.times[1])}) may be it: "
                f"{first.place} and {other.place}; leave the one that counts"
            )
    return here.load()


def told_earlier(versions: Sequence[Version], people: Mapping[str, Any]) -> list[str]:
    """Say of the files of one notebook which are not graded, since a later one counts.

    ``people`` are students by id, as far as there is a list.
    """
    ranked = ordered(versions)
    latest = of_latest_rank(versions)
    student, *what = ranked[0][1].piece
    found = []
    for older in [v for _, v in ranked[len(latest) :]][:LISTED]:
        step = 0 if older.times[0] != latest[0].times[0] else 1
        named = step and older.exact != latest[0].exact
        which = "the one of the notebook's own name" if named else "the later"
        found.append(
            f"{older.place}: {people.get(student, student)} handed in {'/'.join(what)} again, "
            f"{which} counts: {latest[0].place}, {date(latest[0].times[step])}; "
            f"this is of {date(older.times[step])}"
        )
    return found


def date(seconds: float) -> str:
    """Return a time as text."""
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
    except (OverflowError, ValueError, OSError):
        return "no date"

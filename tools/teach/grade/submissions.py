"""What was handed in: a folder ``student/unit/notebook.ipynb``, or a zip of Moodle or Canvas.

Nothing is unpacked to disk, and no link is followed: a file's place only says whose it is and
which notebook it is (``ownership.py``). What cannot be told is listed, never dropped in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.notebook.common import Problem
from tools.teach.grade import ownership
from tools.teach.grade.latest import (
    Found,
    Version,
    by_piece,
    counting,
    of_latest_rank,
    told_earlier,
)
from tools.teach.grade.ownership import Claim, Owner, What, clean
from tools.teach.grade.students import Student, Students
from tools.teach.grade.uploads import Upload, from_folder, from_zip

LISTED = 10  # lines about what was left out, of one student or folder, and of all
LISTED_IN_ALL = 1_000


@dataclass(frozen=True)
class Collection:
    """All that was found in one upload: files to grade, and what a person should know."""

    versions: list[Found]  # All that are somebody's, those that a later one replaces too
    aside: list[str]  # What is no work to grade, with the reason
    more: int = 0  # How much more of that there is
    notes: list[str] = field(default_factory=list)  # What was odd about whose the files are
    people: Mapping[str, Student] = field(default_factory=dict)  # The class

    @property
    def found(self) -> list[Found]:
        """The file of each notebook that counts, of those in this upload."""
        return [one for mine in by_piece(self.versions).values() if (one := counting(mine))]

    @property
    def left_out(self) -> list[str]:
        """What is not graded, with the reason."""
        return left_out(self.versions, self.aside, self.more, self.people)


def left_out(
    versions: Iterable[Version], aside: Iterable[str], more: int, people: Mapping[str, Student]
) -> list[str]:
    """Return lines about what is not graded, with the reason, in order; of many, the number."""
    told = set(aside)
    for mine in by_piece(versions).values():
        earlier = told_earlier(mine, people)
        told.update(earlier)
        more += len(mine) - len(of_latest_rank(mine)) - len(earlier)
    return sorted(told) + ([f"and {more:,} more files"] if more else [])


def collect(
    path: Path,
    notebooks: Iterable[tuple[str, str]],
    people: Mapping[str, Student] | None = None,
) -> Collection:
    """Find the submissions to the course's ``notebooks`` below a folder or in a zip.

    With ``people``, the class by id, nobody else has work. Raises Problem if there is no such
    place, it is no zip, or it holds no submission.
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
        named = upload.fault or ownership.what(upload.parts, known)
        if isinstance(named, str):
            left.add(upload, named, work=bool(upload.fault))
        else:
            claim = ownership.claim(upload.parts, upload.zips, named.before, units)
            candidates.append((upload, named, claim))
    owners = ownership.owners(
        [c for _, _, c in candidates], Students(people.values()) if people else None
    )
    versions = []
    for (upload, named, claim), owner in zip(candidates, owners.of, strict=True):
        if isinstance(owner, Owner):
            versions.append(version_of(upload, named, claim, owner))
        else:
            left.add(upload, owner)
    if not versions:
        shown = "".join(f"\n  {line}" for line in sorted(left.told)[:5])
        raise Problem(
            f"no submission in {clean(str(path))}; expected STUDENT/UNIT/NOTEBOOK.ipynb, or a zip "
            f"as Moodle or Canvas hands it out.{shown}"
        )
    more = left.number - len(left.told)
    return Collection(versions, sorted(left.told), more, owners.notes, people or {})


def version_of(upload: Upload, named: What, claim: Claim, owner: Owner) -> Found:
    """Return a file as one that a student handed in for a notebook."""
    return Found(
        owner.id,
        named.unit,
        named.notebook,
        upload.place,
        (upload.times[0], upload.times[1]),
        claim.attachment,
        named.exact,
        named.version,
        load=upload.load,
    )


def missing(there: Container[str], people: Mapping[str, Student]) -> list[str]:
    """Say who is in the class list and has nothing to grade; ``there`` are the ids of who has."""
    absent = [clean(str(student), 100) for student in people.values() if student.id not in there]
    told = f"{len(absent)} of {len(people)} in the class list have no notebook here: "
    return [told + ", ".join(absent)] if absent else []


def strangers(there: Iterable[str], people: Mapping[str, Student]) -> list[str]:
    """Say who has something to grade and is not in the class list."""
    known = [s for s in there if s not in people and not s.startswith("anon_")]
    names = ", ".join(clean(student, 100) for student in sorted(known))
    told = f"{len(known)} in the gradebook are not in the class list: {names}"
    return [told] if known and people else []


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
        claim = ownership.claim(
            upload.parts, upload.zips, clean("".join(upload.parts[-1:])), self.units
        )
        who = (work, *(claim.numbers or claim.around[:3] or [claim.loose]))
        self.of[who] += 1
        if self.of[who] <= LISTED:
            self.room[work] -= 1
            self.told.append(f"{upload.place}: {reason}")

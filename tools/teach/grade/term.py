"""What was handed in over a term, by student, notebook and upload, whatever call found it.

Calls come in any order: the class, latecomers, the next unit, a zip that was graded before. Each
adds what it found and what it was told; what it says nothing of stays. So tables and pages are
made of the whole term each time, and a class that comes in parts ends as one that comes at
once.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.notebook.common import Problem, shown
from tools.teach.grade.latest import (
    KEPT,
    Found,
    Piece,
    Version,
    by_piece,
    counting,
    date,
    file_of,
    fingerprint,
    of_latest_rank,
    ordered,
)
from tools.teach.grade.ownership import clean
from tools.teach.grade.store import read_json
from tools.teach.grade.students import Student
from tools.teach.grade.submissions import Collection, left_out, missing, strangers

STATE = "collection.json"


@dataclass(frozen=True)
class State:
    """What tables and pages need beside outcomes and marks."""

    left_out: list[str] = field(default_factory=list)  # Files that were not graded, with the reason
    # Outcomes of what the grader failed on, or has not come to
    failed: list[dict[str, Any]] = field(default_factory=list)
    # When something was handed in, in seconds, as far as the file tells it
    times: dict[Piece, float] = field(default_factory=dict)
    people: dict[str, Student] = field(default_factory=dict)  # The class, by id
    notes: list[str] = field(default_factory=list)  # What was odd about whose the files are


@dataclass(frozen=True)
class Upload:
    """What a folder or zip held beside work to grade, when it was last graded."""

    path: str
    places: list[str] = field(default_factory=list)  # Fingerprints of where its files lie
    aside: list[str] = field(default_factory=list)  # What was left out, with the reason
    more: int = 0  # How much more of that there was
    notes: list[str] = field(default_factory=list)  # What was odd about whose the files are


@dataclass
class Term:
    """What was handed in, and what the calls were told; kept in ``collection.json``."""

    versions: list[Version] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    failed: list[dict[str, Any]] = field(default_factory=list)  # What the grader failed on
    people: dict[str, Student] = field(default_factory=dict)  # Of all lists
    # SHA-256 of the notebooks that were last graded with, by unit and name
    tests: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, out: Path) -> Term:
        """Return what the calls before have kept in an output folder."""
        kept = read_json(out / STATE) or {}
        try:
            return cls(
                [Version(**v | {"times": tuple(v["times"])}) for v in kept.get("versions", [])],
                [Upload(**u) for u in kept.get("uploads", [])],
                kept.get("failed", []),
                {line["id"]: Student(**line) for line in kept.get("people", [])},
                kept.get("tests", {}),
            )
        except (KeyError, TypeError):
            raise Problem(
                f"{shown(out / STATE)} was written by another version of the grader: grade the "
                "uploads into a new folder, by --out"
            ) from None

    def write(self, out: Path) -> None:
        """Keep it."""
        kept = asdict(self) | {"people": [asdict(student) for student in self.people.values()]}
        write_text(out / STATE, json.dumps(kept))

    # ------------------------------------------------------------ what a call adds

    def add(self, path: Path, collection: Collection) -> list[Found]:
        """Take in what was found in an upload; return what there is to grade of it.

        Of a notebook that another upload holds in a later version, there is nothing.
        """
        name = clean(str(path.absolute()), 4_000)
        kept, work, more = by_piece(self.versions), [], collection.more
        for piece, mine in by_piece(collection.versions).items():
            others = [v for v in kept.get(piece, []) if not replaced(v, name, mine)]
            ranked = [version for _, version in ordered([*others, *mine])]
            more += sum(isinstance(v, Found) for v in ranked[KEPT:])
            if one := counting(ranked):
                work.append(one)
            latest = of_latest_rank(ranked)
            kept[piece] = [
                v.kept(name, looked_at=v in latest) if isinstance(v, Found) else v
                for v in ranked[:KEPT]
            ]
        self.versions = [v for piece in sorted(kept) for v in kept[piece]]
        places = {v.place for v in collection.versions}
        places |= {line.partition(": ")[0] for line in collection.aside}
        marks = sorted(fingerprint(place.encode())[:16] for place in places)
        this = Upload(name, marks, collection.aside, more, collection.notes)
        self.uploads = [u for u in self.uploads if not same(u, this, path)] + [this]
        return work

    def enrol(self, people: Mapping[str, Student]) -> list[Student]:
        """Take in a class list; return who is on an earlier one and not on this one, and stays."""
        gone = [s for s in self.people.values() if people and s.id not in people]
        self.people |= people
        return gone

    def settle(self, tried: Iterable[Piece], failed: Sequence[dict[str, Any]]) -> None:
        """Note what the grader failed on, of what it tried."""
        tried = set(tried)
        others = [o for o in self.failed if piece_of(o) not in tried]
        self.failed = sorted([*others, *failed], key=piece_of)

    # ------------------------------------------------------------ what tables and pages need

    def state(self, outcomes: Sequence[Mapping[str, Any]]) -> State:
        """Return what tables and pages need beside these outcomes."""
        counts = [of_latest_rank(mine)[0] for mine in by_piece(self.versions).values()]
        waiting = self._not_graded(outcomes)
        failed = [*self.failed, *waiting]
        there = {o["student"] for o in (*outcomes, *failed)} | {v.student for v in counts}
        notes = {note for upload in self.uploads for note in upload.notes}
        aside = [line for upload in self.uploads for line in upload.aside]
        more = sum(upload.more for upload in self.uploads)
        return State(
            left_out=left_out(self.versions, aside, more, self.people),
            failed=failed,
            times={v.piece: v.time for v in counts if v.time is not None},
            people=dict(self.people),
            notes=[
                *self._called_again(waiting),
                *self._graded_otherwise(outcomes),
                *sorted(notes),
                *missing(there, self.people),
                *strangers(there, self.people),
            ],
        )

    def _graded_otherwise(self, outcomes: Iterable[Mapping[str, Any]]) -> list[str]:
        """Say which notebooks were graded with other tests than those that came after them."""
        found: dict[str, list[Piece]] = defaultdict(list)
        for outcome in outcomes:
            what = f"{outcome['unit']}/{outcome['notebook']}"
            now = self.tests.get(what)
            if now and outcome.get("tests", now) != now:
                found[what].append(piece_of(outcome))
        kept = by_piece(self.versions)
        lines = []
        for what, pieces in sorted(found.items()):
            latest = [of_latest_rank(kept[piece])[0] for piece in pieces if piece in kept]
            paths = sorted({shown(Path(v.upload)) for v in latest if v.upload})
            lines.append(
                f"{len(pieces)} of {what} were graded with other tests than the last ones: grade "
                f"{', '.join(paths) or 'them'} again"
            )
        return lines

    def _not_graded(self, outcomes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return what a call has found and, being interrupted, has not graded."""
        have = {piece_of(o): o.get("file") for o in outcomes}
        told = {piece_of(o) for o in self.failed}
        found = []
        for piece, mine in by_piece(self.versions).items():
            latest = of_latest_rank(mine)
            files = {v.file for v in latest}
            graded = piece in have and (
                have[piece] is None or len(files) > 1 or have[piece] in files or not is_file(files)
            )
            if not graded and piece not in told and latest[0].upload:
                # Students read this: where the upload lies is said in ``_called_again``.
                why = f"the file of {date(latest[0].times[0])} is not graded yet"
                found.append(dict(zip(PIECE, piece, strict=True)) | {"failed": why})
        return found

    def _called_again(self, waiting: Iterable[Mapping[str, Any]]) -> list[str]:
        """Say with which uploads to call again, for what was found and not graded."""
        kept = by_piece(self.versions)
        paths = Counter(of_latest_rank(kept[piece_of(o)])[0].upload for o in waiting)
        return [
            f"{number} files of {shown(Path(path))} are not graded yet: call again with it"
            for path, number in sorted(paths.items())
        ]


PIECE = ("student", "unit", "notebook")


def piece_of(outcome: Mapping[str, Any]) -> Piece:
    """Return whose an outcome is, and of which notebook."""
    return outcome["student"], outcome["unit"], outcome["notebook"]


def is_file(files: Iterable[str]) -> bool:
    """Say whether these are fingerprints of a file, and not why it could not be read."""
    return all(len(file) == 64 and ":" not in file for file in files)


def replaced(version: Version, path: str, found: Sequence[Found]) -> bool:
    """Say whether a file that was found before is one of these: it lies at the same place.

    One that lay there and was handed in later has gone from there, and still counts. In an upload
    of another name only the very same file is the same, as in a zip that is downloaded once more.
    """
    if not version.upload:  # of an older grader, which kept the time alone
        return any(version.times[0] <= v.times[0] for v in found)
    mine, when = [v for v in found if v.place == version.place], rank(version)
    if version.upload == path:
        return any(when <= rank(v) for v in mine)
    return any(when == rank(v) and version.file in ("", file_of(v)) for v in mine)


def rank(version: Version) -> tuple[float, ...]:
    """Return what tells when a file was handed in."""
    return (version.attachment, *version.times)


def same(before: Upload, now: Upload, path: Path) -> bool:
    """Say whether what was told of an upload is told anew.

    A folder is what it now holds. A zip may have the name of an earlier one, of another unit or of
    latecomers, and have nothing in common with it.
    """
    if not before.path or before.path != now.path:
        return not before.path
    return path.is_dir() or bool(set(before.places) & set(now.places))

"""What was handed in over a term, by student, notebook and upload.

Calls come in any order: the class, latecomers, the next unit, a zip that was graded before. Each
adds what its upload holds; what it does not mention stays. Tables and pages are made of the whole
term each time, so that a class which comes in parts ends as one that comes at once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.notebook.common import Problem, shown
from tools.teach.grade.collect import LeftOut, Submission, Upload, sha256
from tools.teach.grade.store import SubmissionKey, key_of, read_json
from tools.teach.grade.students import Student
from tools.teach.grade.submission import Refused
from tools.teach.grade.uploads import clean

STATE = "collection.json"


@dataclass(frozen=True)
class State:
    """What tables and pages need beside outcomes and marks."""

    left_out: list[str] = field(default_factory=list)  # Files that are not graded, and the reason
    failed: list[dict[str, Any]] = field(default_factory=list)  # Outcomes of what is not graded
    # When a unit was handed in, in seconds, by student and unit
    times: dict[tuple[str, str], float] = field(default_factory=dict)
    people: dict[str, Student] = field(default_factory=dict)  # Who has a row in tables, by id
    notes: list[str] = field(default_factory=list)  # What a person should know
    # Who of the class has handed in no notebook, and what came in its place
    absent: list[str] = field(default_factory=list)
    unclear: dict[str, str] = field(default_factory=dict)  # A file that is not graded, by student
    numbers: dict[str, str] = field(default_factory=dict)  # The platform's, by student


@dataclass
class Term:
    """All that was handed in; recorded in ``collection.json``."""

    # What counts of each notebook of a student, after others of its date
    submissions: list[Submission] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    # What is not graded: the grader failed on it, or was interrupted
    failed: list[dict[str, Any]] = field(default_factory=list)
    people: dict[str, Student] = field(default_factory=dict)  # The class, of all lists
    # SHA-256 of the notebooks that were last graded with, by unit and name
    tests: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, out: Path) -> Term:
        """Return what earlier calls have recorded in an output folder."""
        content = read_json(out / STATE) or asdict(cls())
        try:
            content["submissions"] = [Submission(**fields) for fields in content["submissions"]]
            content["uploads"] = [
                Upload(**fields | {"left_out": [LeftOut(**file) for file in fields["left_out"]]})
                for fields in content["uploads"]
            ]
            content["people"] = {s: Student(**fields) for s, fields in content["people"].items()}
            return cls(**content)
        except (AttributeError, KeyError, TypeError):
            raise Problem(
                f"{shown(out / STATE)} was written by another version of the grader: grade the "
                "uploads into a new folder, by --out"
            ) from None

    def write(self, out: Path) -> None:
        """Record it."""
        write_text(out / STATE, json.dumps(asdict(self)))

    # ------------------------------------------------------------ what a call adds

    def add(self, submissions: Sequence[Submission], upload: Upload) -> list[Submission]:
        """Take in what an upload holds; return what there is to grade of it.

        Of a notebook that another upload holds in a later version, there is nothing.
        """
        before = [  # the upload was given before; one of the same name may hold other files
            earlier
            for earlier in self.uploads
            if earlier.path == upload.path and not {*earlier.files}.isdisjoint(upload.files)
        ]
        counting, work = by_notebook(self.submissions), []
        for key, own in by_notebook(submissions).items():
            known = counting.get(key, [])
            others = [v for v in known if not before or v.upload != upload.path]
            latest = latest_of(others + own, known)
            if known and (reason := unclear(latest)):  # what had points keeps them
                here = {place_of(version): version for version in latest}
                file, latest = latest[-1].path, [here.get(place_of(v), v) for v in known]
                if not unclear(latest):
                    upload.left_out.append(LeftOut(key[0], file, reason, is_work=True))
            work += to_grade(latest)
            counting[key] = [replace(version, load=None) for version in latest]
        self.submissions = [version for key in sorted(counting) for version in counting[key]]
        self.uploads = [earlier for earlier in self.uploads if earlier not in before] + [upload]
        self.set_failed([version.key for version in work], [waiting(version) for version in work])
        return work

    def passed_over(self, submissions: Sequence[Submission], upload: Upload) -> Iterator[str]:
        """Yield which files of an upload are not graded because another has a later one."""
        counting = by_notebook(self.submissions)
        for (student, unit, notebook), own in by_notebook(submissions).items():
            last = counting[student, unit, notebook][-1]
            if last.date > max(version.date for version in own):
                yield (
                    f"{self.people.get(student, student)}, {unit}/{notebook}: the file of "
                    f"{shown(Path(last.upload))} is later, and counts; if that of "
                    f"{shown(Path(upload.path))} is to count, save it again"
                )

    def set_failed(self, tried: Iterable[SubmissionKey], failed: Iterable[dict[str, Any]]) -> None:
        """Record what is not graded, of what there was to grade."""
        tried = set(tried)
        others = [outcome for outcome in self.failed if key_of(outcome) not in tried]
        self.failed = sorted([*others, *failed], key=key_of)

    # ------------------------------------------------------------ what tables and pages need

    def state(self, outcomes: Sequence[Mapping[str, Any]]) -> State:
        """Return what tables and pages need beside these outcomes."""
        graded = {(*key_of(outcome), outcome.get("file")) for outcome in outcomes}
        failed = [o for o in self.failed if (*key_of(o), o.get("file", "")) not in graded]
        there = {o["student"] for o in (*outcomes, *failed)} | {v.student for v in self.submissions}
        left_out = [
            file
            for upload in self.uploads
            for file in upload.left_out
            if not self._is_supplied(file, upload)
        ]
        left_out.sort(key=lambda file: (file.is_work, str(file)))
        unclear = {
            file.student: f"{file.path.rpartition('/')[2]}: {file.reason}"
            for file in left_out
            if file.student and (file.is_work or file.student not in there)
        }
        dated = sorted(self.submissions, key=lambda version: version.handed_in)
        interrupted = {outcome["upload"] for outcome in failed if "upload" in outcome}
        notes = [
            f"only part of {shown(Path(upload))} is graded: grade it again to finish"
            for upload in sorted(interrupted)
        ]
        return State(
            left_out=sorted({str(file) for file in left_out}),
            failed=failed,
            times={v.key[:2]: v.handed_in for v in dated},
            people={s: Student(s) for s in unclear.keys() - there} | self.people,
            notes=[
                *(*notes, *self._of_one_date()),
                *(*self._other_tests(outcomes), *self._outside_class(there)),
            ],
            absent=[
                clean(str(s), 100) + only(file for file in left_out if file.student == s.id)
                for s in self.people.values()
                if s.id not in there
            ],
            unclear=unclear,
            numbers={v.key[0]: v.number for v in self.submissions if v.number},
        )

    def _is_supplied(self, file: LeftOut, upload: Upload) -> bool:
        """Say whether what an upload left out has come under a clear name in another one."""
        return any(
            version.file == file.file and version.upload != upload.path
            for version in self.submissions
            if file.file and file.student in ("", version.student)
        )

    def _of_one_date(self) -> list[str]:
        """Say which of several uploads counts where the dates of files do not tell it."""
        lines = []
        for (student, unit, notebook), versions in by_notebook(self.submissions).items():
            last = versions[-1]
            others = {v.upload for v in versions if v.file != last.file} - {last.upload}
            if others:
                paths = ", ".join(shown(Path(path)) for path in sorted(others))
                lines.append(
                    f"{self.people.get(student, student)}, {unit}/{notebook}: {paths} and "
                    f"{shown(Path(last.upload))} have files of one date, and the last counts"
                )
        return lines

    def _other_tests(self, outcomes: Iterable[Mapping[str, Any]]) -> list[str]:
        """Say which notebooks were graded with other tests than those of a later call."""
        upload_of = {v.key: shown(Path(v.upload)) for v in self.submissions}
        uploads: dict[str, set[str]] = defaultdict(set)
        for outcome in outcomes:
            name = f"{outcome['unit']}/{outcome['notebook']}"
            if outcome.get("tests", self.tests.get(name)) != self.tests.get(name):
                uploads[name].add(upload_of.get(key_of(outcome), "its upload"))
        return [
            f"the tests of {name} have changed since {', '.join(sorted(paths))} was graded: grade "
            "it again"
            for name, paths in sorted(uploads.items())
        ]

    def _outside_class(self, there: set[str]) -> list[str]:
        """Say who has handed in and is not in the class."""
        others = [clean(s, 100) for s in sorted(there - self.people.keys()) if self.people]
        line = f"in the gradebook, but not in the class list: {', '.join(others)}"
        return [line] if others else []


def only(left_out: Iterable[LeftOut]) -> str:
    """Say which files came in place of a notebook; "" if none did."""
    names = sorted({file.path.rpartition("/")[2] for file in left_out})
    return f": only {', '.join(names)}" if names else ""


def by_notebook(submissions: Iterable[Submission]) -> dict[SubmissionKey, list[Submission]]:
    """Return submissions by student and notebook, in order."""
    groups: dict[SubmissionKey, list[Submission]] = defaultdict(list)
    for submission in submissions:
        groups[submission.key].append(submission)
    return dict(sorted(groups.items()))


def latest_of(versions: Sequence[Submission], known: Sequence[Submission]) -> list[Submission]:
    """Return the version of a notebook that counts, last, after others of its date.

    Of one date, that of the later upload counts. What is ``known`` keeps its place, so that an
    upload which is graded once more, with mended tests, is no later one.
    """
    last = max(version.date for version in versions)
    latest = [replace(v, file=file_of(v)) for v in versions if v.date == last]
    places = [place_of(version) for version in known]

    def rank(version: Submission) -> tuple[int, str]:
        place = place_of(version)
        return places.index(place) if place in places else len(places), version.path

    return sorted(latest, key=rank)


def place_of(version: Submission) -> tuple[str, str]:
    """Return what tells whether a version was known before: the upload, and what it holds."""
    return version.upload, version.file


def unclear(latest: Sequence[Submission]) -> str:
    """Say which files of this call's upload may each be what counts; "" if it is clear."""
    here = [version for version in latest if version.load]
    others = [version for version in here if version.file != here[-1].file]
    if not others or latest[-1] is not here[-1]:
        return ""
    return (
        f"{len(here)} files of {shown(Path(here[0].upload))} have one date, so the latest is not "
        f"clear: {others[0].path} and {here[-1].path}; keep only one of them"
    )


def to_grade(latest: Sequence[Submission]) -> list[Submission]:
    """Return the submission that counts, if this call has found it."""
    reason = unclear(latest)

    def refuse() -> bytes:
        raise Refused(reason)

    if reason:
        return [replace(latest[-1], load=refuse, file=sha256(b""))]
    return [latest[-1]] if latest[-1].load else []


def file_of(submission: Submission) -> str:
    """Return the SHA-256 of a file; that of nothing where it cannot be read."""
    try:
        return sha256(submission.load()) if submission.load else submission.file
    except Refused:
        return sha256(b"")


def waiting(submission: Submission) -> dict[str, Any]:
    """Return what stands for an outcome until there is one; students read the text."""
    student, unit, notebook = submission.key
    outcome = {"student": student, "unit": unit, "notebook": notebook, "file": submission.file}
    return outcome | {"failed": "grading did not finish", "upload": submission.upload}

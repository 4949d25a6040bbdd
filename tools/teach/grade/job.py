"""What is to be graded: one notebook of one student, with all that it takes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tools.teach.grade.sandbox import Limits

HERE = Path(__file__).resolve().parent
NOTEBOOK = HERE.parents[1] / "notebook"
SHARED = [NOTEBOOK / name for name in ("names.py", "shell.py", "wire.py")]
JUDGE = [HERE / "judge.py", *SHARED]
WORKER = [HERE / "worker.py", *SHARED]
# What decides about a verdict; a grader that has changed grades anew.
PARTS = (
    "accounting",
    "examine",
    "fork_server",
    "forked_child",
    "job",
    "refused",
    "run_tasks",
    "sandbox",
    "seccomp",
)
READING = [NOTEBOOK / name for name in ("cells.py", "tasks.py")]
PROGRAMS = [
    hashlib.sha256(path.read_bytes()).hexdigest()
    for path in (*JUDGE, *WORKER[:1], *READING, *(HERE / f"{name}.py" for name in PARTS))
]


@dataclass(frozen=True)
class Job:
    """What a worker needs, files included, so that it can run on any machine of a cluster."""

    # Who handed in, and which notebook it is, as the course names it
    student: str
    unit: str
    notebook: str
    content: bytes  # The student's file
    course: str  # The course's own notebook, private hidden tests put in, as JSON
    # SHA-256 of the source of each locked cell of the released notebook, by grade_id
    locked: dict[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)  # For the sandbox
    unsafe: bool = False  # Run without a sandbox
    each_anew: bool = False  # Make each sandbox from nothing, and fork none
    problem: str = ""  # Why the file could not even be read; "" if it could

    @property
    def key(self) -> str:
        """A name for this very piece of work: the same only for the same files and limits."""
        parts = (self.student, self.unit, self.notebook, self.course, asdict(self.limits))
        more = (self.locked, self.unsafe, self.each_anew, self.problem, PROGRAMS)
        digest = hashlib.sha256(json.dumps([*parts, *more]).encode())
        digest.update(self.content)
        return digest.hexdigest()[:32]

"""One notebook of one student: read under bounds, run in a sandbox, judged. What a worker does."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import nbformat

from tools.notebook import matching
from tools.notebook.cells import grading, is_answered, is_question, name_of, points, text_of
from tools.notebook.handed_in import too_large
from tools.notebook.matching import Matched
from tools.notebook.tasks import Task, describe, tasks_among
from tools.teach.grade.run_tasks import HERE, JUDGE, NOTEBOOK, WORKER, run
from tools.teach.grade.sandbox import Limits, Unavailable, why_not

MAX_CELLS = 2_000
MAX_SOURCE = 200_000  # characters of one graded cell
# What a busy machine can bring about, so that it is confirmed on one with nothing else to do.
INCONCLUSIVE = {"timeout", "untestable"}
# What decides about a verdict; a grader that has changed grades again.
DECISIVE = (
    *JUDGE,
    *WORKER[:1],
    *(NOTEBOOK / f"{name}.py" for name in ("cells", "handed_in", "matching", "tasks")),
    *(HERE / f"{name}.py" for name in ("accounting", "fork_server", "forked_child", "run_tasks")),
    *(HERE / f"{name}.py" for name in ("sandbox", "seccomp", "submission")),
)
PROGRAMS = [hashlib.sha256(path.read_bytes()).hexdigest() for path in DECISIVE]


class Refused(Exception):
    """A file that cannot be graded; the text says why."""


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
    problem: str = ""  # Why the file could not even be read; "" if it could

    @property
    def key(self) -> str:
        """A name for this piece of work, which only the same files and limits have."""
        parts = (self.student, self.unit, self.notebook, self.course, asdict(self.limits))
        more = (self.locked, self.problem, PROGRAMS)
        digest = hashlib.sha256(json.dumps([*parts, *more]).encode())
        digest.update(self.content)
        return digest.hexdigest()[:32]

    @property
    def head(self) -> dict[str, str]:
        """What an outcome begins with: whose it is."""
        names = {"student": self.student, "unit": self.unit, "notebook": self.notebook}
        return names | {"key": self.key}


def examine(job: Job, earlier: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the outcome of one notebook: plain values, ready for JSON.

    What ``earlier``, another outcome, has no doubt about is taken from there. An outcome has
    ``student``, ``unit``, ``notebook``, ``key``; ``refused``: why the file was not graded, or "";
    ``notes``: what is to say of its cells; ``tasks``: a dict each, with ``task``, ``of``,
    ``points``, ``verdict``, ``reason``, ``detail``, ``answer`` (the student's cell);
    ``questions``: a dict each, with ``task``, ``of``, ``answer``, ``review``; ``file`` and
    ``tests``: SHA-256 of the student's file and the course's notebook.
    """
    if reason := why_not():
        raise Unavailable(reason)
    course = nbformat.reads(job.course, as_version=4)
    given = describe(course.cells) | {"locked": job.locked}
    refused, matched = "", Matched([])
    try:
        matched = match(job, given)
    except Refused as error:
        refused = str(error)
    own = matching.own_cells(matched.cells, given)
    known = tasks_among(course.cells, f"{job.unit}/{job.notebook}")
    tasks = [answered(unanswered(task), matched, refused) for task in known]
    if earlier:
        for task, judged in zip(tasks, earlier["tasks"], strict=True):
            task |= {} if judged["verdict"] in INCONCLUSIVE else judged
    due = [task for task in tasks if "verdict" not in task]
    run(due, job.limits)
    for task in due:
        cell = given["cells"][task["task"]]
        if task.get("verdict") == "unsolved" and matching.is_elsewhere(cell, own):
            task["reason"] += f"; {matching.Finding.ELSEWHERE}"
    questions = [question_of(c, matched.cells, own) for c in course.cells if is_question(c)]
    beside = {} if refused else matching.answers_beside(matched.cells, own, given)
    outcome = job.head | {
        "refused": refused,
        "notes": [*matched.lines(), *(f"{name}: {text}" for name, text in beside.items())],
        "tasks": [{k: v for k, v in t.items() if k not in PRIVATE} for t in tasks],
        "questions": questions,
        "file": hashlib.sha256(job.content).hexdigest(),
        "tests": hashlib.sha256(job.course.encode()).hexdigest(),
    }
    return writable(outcome)


def writable(value: Any) -> Any:
    """Return an outcome whose texts every file and database takes: lone surrogates written out."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")
    if isinstance(value, dict):
        return {key: writable(inner) for key, inner in value.items()}
    return [writable(inner) for inner in value] if isinstance(value, list) else value


# ------------------------------------------------------------------ reading the file


def match(job: Job, given: dict[str, Any]) -> Matched:
    """Return the cells of a student's file as they are graded; ``Refused`` if none is."""
    if job.problem:
        raise Refused(job.problem)
    matched = matching.match(raw_notebook(job.content)["cells"], given)
    if not any(name_of(cell) in given["cells"] for cell in matched.cells):
        raise Refused(
            "the file has none of the graded cells of this notebook; it may be another one"
        )
    return matched


def raw_notebook(content: bytes) -> dict[str, Any]:
    """Return a notebook whose cells may be anything; ``Refused`` for what is no notebook."""
    if reason := too_large(content):
        raise Refused(reason)
    if not content.strip():
        raise Refused("the file is empty")
    try:
        raw = json.loads(content.decode("utf-8-sig"))  # with Windows's mark in front, or without
    except (ValueError, RecursionError) as error:
        where = f" ({error})"[:200] if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(f"the file is damaged or cut off, it is not JSON{where}") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("cells"), list):
        raise Refused("the file is JSON, but not a notebook: it has no list of cells")
    if len(raw["cells"]) > MAX_CELLS:
        raise Refused(f"the notebook has more than {MAX_CELLS:,} cells")
    return raw


# ------------------------------------------------------------------ tasks and questions

# In no outcome
PRIVATE = {"test", "visible", "solution", "given_code", "adapter", "visible_passed"}


def unanswered(known: Task) -> dict[str, Any]:
    """Return a task as the grader judges it, with no answer in it yet."""
    task = {"task": known.name, "of": known.points, "points": 0, "answer": ""}
    task |= {"given_code": known.given_code, "solution": known.solution, "adapter": known.adapter}
    return task | {"visible": known.visible, "test": known.test}


def answered(task: dict[str, Any], matched: Matched, refused: str) -> dict[str, Any]:
    """Return a task with the student's cell in it, or with the verdict that there is none."""
    name = task["task"]
    if refused:
        return task | {"verdict": "refused", "reason": "the file could not be graded"}
    if name in matched.unclear:
        return task | {"verdict": "cells", "reason": str(matched.remarks[name][0])}
    answer = next(text_of(cell) for cell in matched.cells if name_of(cell) == name)
    if len(answer) > MAX_SOURCE:
        reason = f"the cell is longer than {MAX_SOURCE:,} characters"
        return task | {"verdict": "cells", "reason": reason}
    return task | {"answer": answer}


def question_of(cell: Any, cells: Sequence[Any], own: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return an open question with its answer; one without an answer needs nobody's eye.

    What a student has written into cells of their own right below is part of it.
    """
    name = grading(cell)["grade_id"]
    there = [c for c in cells if name_of(c) == name]
    more = [c for above, c in own if above == name]
    if more:
        there = [c for c in there if is_answered(text_of(c))]
    parts = [*there, *more]
    answer = "\n\n".join(text_of(c)[:MAX_SOURCE] for c in parts)[:MAX_SOURCE]
    answer = answer if is_answered(answer) else ""
    return {"task": name, "of": points(cell), "answer": answer, "review": bool(answer)}

"""What is left to grade: what no outcome is kept of, or only some tasks of a notebook anew."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import nbformat
from tqdm import tqdm

from data.core.files import write_text
from tools.notebook.cells import task_of
from tools.notebook.common import Problem
from tools.notebook.tasks import tasks_among
from tools.teach.grade import output, scheduler
from tools.teach.grade.collect import fingerprint
from tools.teach.grade.job import PROGRAMS, Job


def to_repeat(texts: list[str], known: list[tuple[str, str]]) -> dict[tuple[str, str], set[str]]:
    """Return which tasks of which notebooks are graded anew; an empty set means all."""
    found: dict[tuple[str, str], set[str]] = {}
    for text in texts:
        name, _, task = text.partition(":")
        fitting = [
            (unit, stem)
            for unit, stem in known
            if name in (f"{unit}/{stem}", f"{unit[:2]}/{stem[:2]}", stem)
        ]
        if len(fitting) != 1:
            have = ", ".join(f"{unit[:2]}/{stem[:2]}" for unit, stem in fitting or known)
            raise Problem(f"--again {text}: {name!r} is {len(fitting)} notebooks of {have}")
        tasks = found.setdefault(fitting[0], set())
        tasks |= {task} if task else set()
    return found


def check_tasks(repeated: dict[tuple[str, str], set[str]], masters: dict) -> None:
    """See that what is to be graded anew is there."""
    for (unit, name), tasks in repeated.items():
        if (unit, name) not in masters:
            raise Problem(f"--again {unit}/{name}: nobody handed in anything of that unit")
        cells = json.loads(masters[unit, name].course)["cells"]
        blocks = [c["metadata"].get("nbgrader", {}) for c in cells if c["cell_type"] == "code"]
        have = {task_of(block["grade_id"]) for block in blocks if block.get("grade")}
        if unknown := tasks - have:
            raise Problem(
                f"--again {unit}/{name}: it has no task {', '.join(sorted(unknown))}; it has "
                f"{', '.join(sorted(have))}"
            )


def run(
    jobs: Sequence[Callable[[], Job]],
    out: Path,
    options: argparse.Namespace,
    repeated: dict[tuple[str, str], set[str]] | None = None,
) -> list[dict[str, Any]]:
    """Grade what is not graded yet; an outcome is kept as a file as soon as it is there.

    Each of ``jobs`` makes the work of one notebook; ``out`` is where outcomes are kept; ``options``
    has ``jobs`` and ``scheduler``. ``repeated`` are tasks that are graded all the same, by unit and
    notebook.
    """
    outcomes, left, also = [], [], set()
    made: dict[str, Made] = {}
    for make in jobs:
        job = make()
        kept = output.read_outcome(output.outcome_path(out, job.student, job.unit, job.notebook))
        tasks = (repeated or {}).get((job.unit, job.notebook))
        if kept and tasks is None and kept["key"] == job.key:
            outcomes.append(kept)
        else:
            left.append(partial(work, make, kept, tasks or set(), made))
    if outcomes:
        print(f"{len(outcomes)} of {len(jobs)} notebooks were graded before")
    if not left:
        return outcomes
    workers = max(1, min(options.jobs, len(left)))
    with (
        scheduler.cluster(workers, options.scheduler) as client,
        tqdm(total=len(left), desc="grading", unit="notebook", disable=None) as bar,
    ):
        for outcome in scheduler.run(client, left):
            if "failed" not in outcome:
                known = made.pop(outcome["key"])
                outcome, also = known.complete(outcome), also | set(known.also)
                where = (outcome["student"], outcome["unit"], outcome["notebook"])
                write_text(output.outcome_path(out, *where), json.dumps(outcome))
            outcomes.append(outcome)
            bar.update()
    for task in sorted(also):
        print(f"{task} was graded again, too: its test has changed")
    return outcomes


@dataclass(frozen=True)
class Made:
    """What an outcome needs that a worker does not know."""

    key: str  # Of the whole work
    file: str  # SHA-256 of the student's file
    tests: str  # SHA-256 of the course's notebook
    tasks: dict[str, str]  # What decides about each task, as ``decisive`` says it
    # The outcome before, of which all but the tasks in the new one is kept
    before: dict[str, Any] | None = None
    also: Sequence[str] = ()  # Tasks that nobody named, and whose test has changed

    def complete(self, outcome: dict[str, Any]) -> dict[str, Any]:
        """Return an outcome as it is kept."""
        outcome |= {"key": self.key, "file": self.file, "tests": self.tests}
        outcome |= {"decisive": self.tasks}
        if self.before is None:
            return outcome
        new = {task["task"]: task for task in outcome["tasks"]}
        tasks = [new.get(task["task"], task) for task in self.before["tasks"]]
        return outcome | {"tasks": tasks}


def work(
    make: Callable[[], Job], before: dict[str, Any] | None, tasks: set[str], made: dict[str, Made]
) -> Job:
    """Return what a worker is given: the whole notebook, or tasks of it if only they are due.

    Tasks whose test has changed since they were graded are due as well.
    """
    job = make()
    file, tests = fingerprint(job.content), fingerprint(job.course.encode())
    now = decisive(job)
    known = (before or {}).get("decisive", {})
    if not tasks or not before or before.get("file") != file or known.keys() != now.keys():
        made[job.key] = Made(job.key, file, tests, now)
        return job
    changed = {task for task in now if now[task] != known[task]} - tasks
    part = replace(job, course=only_tasks(job.course, tasks | changed))
    also = [f"{job.unit}/{job.notebook}:{task}" for task in sorted(changed)]
    made[part.key] = Made(job.key, file, tests, now, before, also)
    return part


def decisive(job: Job) -> dict[str, str]:
    """Return a fingerprint of all that decides about each task beside the student's file."""
    around = [asdict(job.limits), job.unsafe, job.each_anew, PROGRAMS]
    return {
        task: fingerprint(json.dumps([parts, *around]).encode())
        for task, parts in parts_of(job.course).items()
    }


@lru_cache(maxsize=100)
def parts_of(course: str) -> dict[str, Any]:
    """Return the course's own part of each task of a notebook."""
    known = tasks_among(nbformat.reads(course, as_version=4).cells, "")
    return {task.name: asdict(task) for task in known}


def only_tasks(course: str, tasks: set[str]) -> str:
    """Return a notebook of the course in which only some tasks are graded; all cells stay."""
    content = json.loads(course)
    for cell in content["cells"]:
        block = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and task_of(block.get("grade_id", "")) not in tasks:
            block["grade"] = False
    return json.dumps(content)

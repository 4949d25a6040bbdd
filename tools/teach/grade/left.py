"""What is left to grade: what no outcome is kept of, or only some tasks of a notebook anew."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data.core.files import write_text
from tools.notebook.cells import task_of
from tools.notebook.common import Problem
from tools.teach.grade import crew, output
from tools.teach.grade.examine import Job
from tools.teach.grade.latest import fingerprint


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
    outcomes, left = [], []
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
        crew.cluster(workers, options.scheduler) as client,
        tqdm(total=len(left), desc="grading", unit="notebook", disable=None) as bar,
    ):
        for outcome in crew.run(client, left):
            if "failed" not in outcome:
                outcome = made.pop(outcome["key"]).complete(outcome)
                where = (outcome["student"], outcome["unit"], outcome["notebook"])
                write_text(output.outcome_path(out, *where), json.dumps(outcome))
            outcomes.append(outcome)
            bar.update()
    return outcomes


@dataclass(frozen=True)
class Made:
    """What an outcome needs that a worker does not know."""

    key: str  # Of the whole work
    file: str  # SHA-256 of the student's file
    tests: str  # SHA-256 of the course's notebook
    # The outcome before, of which all but the tasks in the new one is kept
    before: dict[str, Any] | None = None

    def complete(self, outcome: dict[str, Any]) -> dict[str, Any]:
        """Return an outcome as it is kept."""
        outcome |= {"key": self.key, "file": self.file, "tests": self.tests}
        if self.before is None:
            return outcome
        new = {task["task"]: task for task in outcome["tasks"]}
        tasks = [new.get(task["task"], task) for task in self.before["tasks"]]
        return outcome | {"tasks": tasks}


def work(
    make: Callable[[], Job], before: dict[str, Any] | None, tasks: set[str], made: dict[str, Made]
) -> Job:
    """Return what a worker is given: the whole notebook, or tasks of it if only they are due."""
    job = make()
    file, tests = fingerprint(job.content), fingerprint(job.course.encode())
    if not tasks or not before or before.get("file") != file:
        made[job.key] = Made(job.key, file, tests)
        return job
    part = replace(job, course=only_tasks(job.course, tasks))
    made[part.key] = Made(job.key, file, tests, before)
    return part


def only_tasks(course: str, tasks: set[str]) -> str:
    """Return a notebook of the course in which only some tasks are graded; all cells stay."""
    content = json.loads(course)
    for cell in content["cells"]:
        block = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and task_of(block.get("grade_id", "")) not in tasks:
            block["grade"] = False
    return json.dumps(content)

"""What is still to be graded: notebooks without an outcome, and tasks that are graded again."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import nbformat
from tqdm import tqdm

from tools.notebook.cells import task_of
from tools.notebook.common import Problem
from tools.notebook.tasks import tasks_among
from tools.teach.grade import scheduler, store
from tools.teach.grade.collect import id_of, sha256
from tools.teach.grade.submission import PROGRAMS, Job

Notebook = tuple[str, str]  # unit and name


def to_repeat(texts: Iterable[str], known: Sequence[Notebook]) -> dict[Notebook, set[str]]:
    """Return which tasks of which notebooks are graded again; an empty set means all."""
    repeated: dict[Notebook, set[str]] = {}
    for text in texts:
        name, _, task = text.partition(":")
        fitting = [n for n in known if name in ("/".join(n), id_of(n), n[1])]
        if len(fitting) != 1:
            have = ", ".join(map(id_of, fitting or known))
            raise Problem(f"--again {text}: {name!r} is {len(fitting)} notebooks of {have}")
        repeated.setdefault(fitting[0], set()).update({task} - {""})
    return repeated


def check_tasks(repeated: Mapping[Notebook, set[str]], assignments: Mapping[Notebook, Any]) -> None:
    """Raise Problem if something that is to be graded again is not there."""
    for notebook, tasks in repeated.items():
        name = f"--again {'/'.join(notebook)}"
        if notebook not in assignments:
            raise Problem(f"{name}: nobody handed in anything of that unit")
        have = parts_of(assignments[notebook].course).keys()
        if unknown := ", ".join(sorted(tasks - have)):
            raise Problem(f"{name}: it has no task {unknown}; it has {', '.join(sorted(have))}")


def run(
    jobs: Sequence[Callable[[], Job]],
    out: Path,
    options: argparse.Namespace,
    repeated: Mapping[Notebook, set[str]] | None = None,
) -> list[dict[str, Any]]:
    """Grade what is not graded yet; each outcome is written to ``out`` as soon as it is there.

    Each of ``jobs`` makes the job of one notebook; ``options`` has ``jobs`` and ``scheduler``.
    Tasks in ``repeated`` are graded all the same.
    """
    outcomes, pending, also = [], [], set()
    parts: dict[str, Part] = {}
    for make in jobs:
        job = make()
        before = store.read_outcome(out, (job.student, job.unit, job.notebook))
        tasks = (repeated or {}).get((job.unit, job.notebook))
        if before and tasks is None and before["key"] == job.key:
            outcomes.append(before)
        else:
            pending.append(partial(work, make, before, tasks or set(), parts))
    if outcomes:
        print(f"{len(outcomes)} of {len(jobs)} notebooks were graded before")
    if not pending:
        return outcomes
    workers = max(1, min(options.jobs, len(pending)))
    with (
        scheduler.cluster(workers, options.scheduler) as client,
        tqdm(total=len(pending), desc="grading", unit="notebook", disable=None) as bar,
    ):
        for outcome in scheduler.run(client, pending):
            if "failed" not in outcome:
                part = parts.pop(outcome["key"])
                outcome, also = part.complete(outcome), also | set(part.also)
                store.write_outcome(out, outcome)
            outcomes.append(outcome)
            bar.update()
    for task in sorted(also):
        print(f"{task} was graded again, too: its test has changed")
    return outcomes


@dataclass(frozen=True)
class Part:
    """The part of a notebook that a worker grades, and what completes its outcome."""

    # Of the whole notebook: the job's key, SHA-256 of the student's file and the course's
    # notebook, and of all that decides about each task
    whole: dict[str, Any]
    # The outcome of before, whose other tasks stay
    before: dict[str, Any] | None = None
    also: Sequence[str] = ()  # Tasks that nobody named, and whose test has changed

    def complete(self, outcome: dict[str, Any]) -> dict[str, Any]:
        """Return the outcome of the whole notebook."""
        new = {task["task"]: task for task in outcome["tasks"]}
        tasks = (self.before or outcome)["tasks"]
        return outcome | self.whole | {"tasks": [new.get(task["task"], task) for task in tasks]}


def work(
    make: Callable[[], Job], before: dict[str, Any] | None, tasks: set[str], parts: dict[str, Part]
) -> Job:
    """Return what a worker is given: the whole notebook, or only the tasks that are pending.

    These are the named ``tasks``, and those whose test has changed since they were graded.
    """
    job = make()
    now = decisive(job)
    whole = {"key": job.key, "file": sha256(job.content), "decisive": now}
    whole |= {"tests": sha256(job.course.encode())}
    then = (before or {}).get("decisive", {})
    if not tasks or not before or before.get("file") != whole["file"] or then.keys() != now.keys():
        parts[job.key] = Part(whole)
        return job
    changed = {task for task in now if now[task] != then[task]} - tasks
    part = replace(job, course=only_tasks(job.course, tasks | changed))
    also = [f"{job.unit}/{job.notebook}:{task}" for task in sorted(changed)]
    parts[part.key] = Part(whole, before, also)
    return part


def decisive(job: Job) -> dict[str, str]:
    """Return, by task, a fingerprint of all that decides about it beside the student's file."""
    around = [asdict(job.limits), job.unsafe, PROGRAMS]
    return {
        task: sha256(json.dumps([part, *around]).encode())
        for task, part in parts_of(job.course).items()
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

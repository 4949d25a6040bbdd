"""``grade --self-test``: the grader, proved on the course itself by the very same steps."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tools.notebook.common import select
from tools.notebook.tasks import Task, tasks_of
from tools.teach.grade import scheduler
from tools.teach.grade.assignments import filled, prepare, solved_job
from tools.teach.grade.store import key_of
from tools.teach.grade.submission import Job


def self_test(options: argparse.Namespace) -> int:
    """Grade solutions, wrong answers and untouched notebooks of the course; print what differs."""
    notebooks = select(options.only or [])
    findings, expected = [], {}
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        out = Path(folder)
        assignments = prepare({n.path.parent.name for n in notebooks}, out, options.tests)
        for notebook in notebooks:
            assignment = assignments[notebook.path.parent.name, notebook.path.stem]
            released = out / "nbgrader" / "release" / f"{notebook.name}.ipynb"
            solved = solved_job(assignment, out, options.unsafe)
            for job, verdicts in trials(solved, released.read_bytes(), tasks_of(notebook)):
                expected[job.student, job.unit, job.notebook] = job, verdicts
        jobs = [lambda job=job: job for job, _ in expected.values()]
        with (
            scheduler.cluster(min(options.jobs, len(jobs)), options.scheduler) as client,
            tqdm(total=len(jobs), desc="self-test", unit="notebook", disable=None) as bar,
        ):
            for outcome in scheduler.run(client, jobs):
                findings += differences(outcome, expected[key_of(outcome)][1])
                bar.update()
    for finding in sorted(findings):
        print(f"  - {finding}")
    state = f"{len(findings)} findings" if findings else "all is well"
    tasks = sum(len(tasks_of(n)) for n in notebooks)
    print(f"{len(notebooks)} notebooks, {tasks} tasks, {len(jobs)} submissions: {state}")
    return 1 if findings else 0


def trials(solved: Job, released: bytes, tasks: list[Task]) -> Iterator[tuple[Job, dict[str, str]]]:
    """Yield the submissions that prove a notebook, and the verdict that each task has to get."""
    yield solved, {task.name: "pass" for task in tasks}
    untouched = {task.name: "unsolved" for task in tasks}
    yield replace(solved, student="released", content=released), untouched
    for number in range(max((len(task.wrong) for task in tasks), default=0)):
        wrong = {t.name: sorted(t.wrong.items())[number][1] for t in tasks if number < len(t.wrong)}
        job = replace(solved, student=f"wrong-{number}", content=filled(released, wrong))
        yield job, untouched | dict.fromkeys(wrong, "fail")


def differences(outcome: dict[str, Any], expected: dict[str, str]) -> list[str]:
    """Return where an outcome is not what it has to be."""
    name = f"{outcome['unit']}/{outcome['notebook']}, {outcome['student']}"
    if outcome.get("failed") or outcome["refused"] or outcome["notes"]:
        return [f"{name}: {outcome.get('failed') or outcome['refused'] or outcome['notes']}"]
    return [
        f"{name}: {t['task']} is '{t['verdict']}' ({t['reason'][:200]}), not {expected[t['task']]}"
        for t in outcome["tasks"]
        if t["verdict"] != expected[t["task"]]
        or (t["points"] == t["of"]) != (t["verdict"] == "pass")
    ]

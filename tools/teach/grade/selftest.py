"""``grade --self-test``: the grader, proved on the course itself by the very same steps."""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tools.notebook.common import Notebook, select
from tools.notebook.tasks import tasks_of
from tools.teach.grade import scheduler
from tools.teach.grade.assignments import filled, prepare, solved_job
from tools.teach.grade.submission import Job


def self_test(options: argparse.Namespace) -> int:
    """Prove the grader on the course itself, through the very same steps."""
    notebooks = select(options.only or [])
    findings = []
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        out = Path(folder)
        masters = prepare({n.path.parent.name for n in notebooks}, out, options.tests)
        expected = {}
        for notebook in notebooks:
            expected |= trials(notebook, masters, out, options)
        jobs = [lambda job=job: job for job, _ in expected.values()]
        with (
            scheduler.cluster(min(options.jobs, len(jobs)), options.scheduler) as client,
            tqdm(total=len(jobs), desc="self-test", unit="notebook", disable=None) as bar,
        ):
            for outcome in scheduler.run(client, jobs):
                where = (outcome["student"], outcome["unit"], outcome["notebook"])
                findings += judged(outcome, expected[where][1])
                bar.update()
    tasks = sum(len(tasks_of(n)) for n in notebooks)
    for finding in sorted(findings):
        print(f"  - {finding}")
    state = f"{len(findings)} findings" if findings else "all is well"
    print(f"{len(notebooks)} notebooks, {tasks} tasks, {len(jobs)} submissions: {state}")
    return 1 if findings else 0


def trials(
    notebook: Notebook, masters: dict, out: Path, options: argparse.Namespace
) -> dict[tuple[str, str, str], tuple[Job, dict[str, set[str]]]]:
    """Return the submissions that prove a notebook, and which verdicts each task may get."""
    unit, name = notebook.path.parent.name, notebook.path.stem
    master = masters[unit, name]
    released = (out / "nbgrader" / "release" / unit / f"{name}.ipynb").read_bytes()
    tasks = tasks_of(notebook)
    solved = solved_job(unit, name, master, out, options)
    job = replace(solved, student="released", content=released)
    found = {
        ("released", unit, name): (job, {t.name: {"unsolved"} for t in tasks}),
        ("solved", unit, name): (solved, {t.name: {"pass"} for t in tasks}),
    }
    for number in range(max((len(t.wrong) for t in tasks), default=0)):
        wrong = {t.name: sorted(t.wrong.items())[number] for t in tasks if number < len(t.wrong)}
        student = f"wrong-{number}"
        content = filled(released, {task: source for task, (_, source) in wrong.items()})
        verdicts = {t.name: {"fail"} if t.name in wrong else {"unsolved"} for t in tasks}
        found[student, unit, name] = (replace(job, student=student, content=content), verdicts)
    return found


def judged(outcome: dict[str, Any], expected: dict[str, set[str]]) -> list[str]:
    """Return where an outcome is not what it has to be."""
    where = f"{outcome['unit']}/{outcome['notebook']}, {outcome['student']}"
    if outcome.get("failed") or outcome["refused"] or outcome["notes"]:
        return [f"{where}: {outcome.get('failed') or outcome['refused'] or outcome['notes']}"]
    return [
        f"{where}: {t['task']} is '{t['verdict']}' ({t['reason'][:200]}), not {expected[t['task']]}"
        for t in outcome["tasks"]
        if t["verdict"] not in expected[t["task"]]
        or (t["points"] == t["of"]) != (t["verdict"] == "pass")
    ]

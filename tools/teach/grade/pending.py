"""What is still to be graded: the notebooks that have no outcome of this very work yet."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tools.teach.grade import scheduler, store
from tools.teach.grade.submission import Job


def run(
    jobs: Sequence[Callable[[], Job]], out: Path, options: argparse.Namespace
) -> list[dict[str, Any]]:
    """Grade what is not graded yet; each outcome is written to ``out`` as soon as it is there.

    Each of ``jobs`` makes the job of one notebook; ``options`` has ``jobs`` and ``scheduler``.
    """
    outcomes, pending = [], []
    for make in jobs:
        job = make()
        before = store.read_json(store.outcome_path(out, job.head))
        if before and before["key"] == job.key:
            outcomes.append(before)
        else:
            pending.append(make)
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
                store.write_outcome(out, outcome)
            outcomes.append(outcome)
            bar.update()
    return outcomes

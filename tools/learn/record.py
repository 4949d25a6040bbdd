"""What a run leaves: results with time and memory, notes for the next one, a notebook's outputs."""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.learn.job import Job, executed_path
from tools.notebook import outputs
from tools.notebook.common import (
    BUILD,
    ROOT,
    Notebook,
    Problem,
    read,
    shown,
    write_notebook,
)
from tools.notebook.execute import clean
from tools.notebook.sources import changed_since, code, sources
from utils import Course, report, results

GUESSED_SECONDS = 60.0  # of a notebook that never ran
PACKAGES = ("tensorflow", "keras", "numpy", "scikit-learn", "scipy")


def finish(job: Job, options: argparse.Namespace) -> None:
    """Complete the notebook's result with time, memory and versions; remember what ran."""
    if job.state != "done":
        return
    name = job.notebook.name
    path = report.result_path(name, options.profile, options.data)
    if path.is_file():
        result = json.loads(path.read_text(encoding="utf-8"))
    else:  # it recorded nothing
        result = report.result_of(Course(name, options.profile, options.data, seed=0))
    result |= {
        "seconds": round(job.seconds, 1),
        "peak_mb": round(job.peak_mb),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "commit": what_ran(job),
    }
    write_text(path, json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    note = {"key": job.key, "seconds": job.seconds}
    write_text(note_path(job.notebook, options), json.dumps(note) + "\n")
    if options.update:
        update(job)


def what_ran(job: Job) -> str:
    """Return the commit that ran, with ``+`` where its sources were others; empty without git."""
    return job.commit + ("+" if job.commit and changed_since(job.notebook, job.commit) else "")


def key(notebook: Notebook, options: argparse.Namespace) -> str:
    """Return a hash of all that a run's outcome depends on.

    Raises Problem or DataError if the notebook can't be read, or names a data set that has no card.
    """
    digest = hashlib.sha256(f"{options.profile} {options.data} {sys.version}".encode())
    if options.data == "real":
        digest.update(os.environ.get("COURSE_DATA_DIR", "").encode())
    full = [results.full_run(notebook.name), results.benchmark_metrics(notebook.name)]
    shown_in_table = [results.reported().get(notebook.name), *full]
    digest.update(json.dumps([code(notebook.raw), *shown_in_table]).encode())
    for path in [ROOT / "requirements.txt", *sources(notebook)[1:]]:
        digest.update(f"{shown(path)} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def note_path(notebook: Notebook, options: argparse.Namespace) -> Path:
    """Where the time and the inputs of the last good run are kept."""
    return executed_path(notebook, options).with_suffix(".run.json")


def last_seconds(notebook: Notebook, options: argparse.Namespace) -> float:
    """Return how long it took last time, here or as accepted; else a guess."""
    if note := read_note(notebook, options):
        return note["seconds"]
    accepted = results.full_run(notebook.name) if options.profile == "full" else {}
    return accepted.get("seconds", notebook.meta.get("processor_seconds", GUESSED_SECONDS))


def read_note(notebook: Notebook, options: argparse.Namespace) -> dict[str, Any]:
    """Return what the last good run left behind."""
    path = note_path(notebook, options)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def remember(options: argparse.Namespace, jobs: list[Job]) -> None:
    """Keep which notebooks are still to do, for ``--resume``."""
    left = [job.notebook.name for job in jobs if job.state not in ("done", "skipped")]
    kept = {"profile": options.profile, "data": options.data, "left": left}
    write_text(BUILD / "run.json", json.dumps(kept) + "\n")


def resumed(options: argparse.Namespace) -> list[str]:
    """Return the notebooks that the last run left undone, and take over its switches."""
    path = BUILD / "run.json"
    if options.names:
        raise Problem("--resume goes on with the last run; leave the names out")
    if not path.is_file():
        raise Problem("there is no run to resume; start one with `course.py run`")
    kept = json.loads(path.read_text(encoding="utf-8"))
    if not kept["left"]:
        raise Problem("the last run left nothing undone", exit_code=0)
    options.profile, options.data = kept["profile"], kept["data"]
    return kept["left"]


def update(job: Job) -> None:
    """Write outputs and processor time of a quick run on the sample into the notebook itself."""
    options = argparse.Namespace(profile="quick", data="sample")
    executed = read(executed_path(job.notebook, options))
    clean(executed)
    outputs.write_time(executed, job.processor_seconds)
    write_notebook(job.notebook.path, executed)

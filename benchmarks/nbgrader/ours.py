"""Grading by this course: sandbox, gradebook, tables and feedback pages."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
import sys
from pathlib import Path

import clock

from tools.teach.grade import command, masters

UNIT = NAME = "01_light"


def main(folder: Path) -> None:
    """Grade the class with all cores, with one worker, and with one worker on one core."""
    work = {
        f"sandbox, {clock.threads()} workers": lambda out: once(folder, out, clock.threads()),
        "sandbox, 1 worker": lambda out: once(folder, out, 1),
        "sandbox, 1 worker, 1 core": lambda out: on_one_core(folder, out),
    }
    rows, prepared = {}, folder / f"prepared-{os.getpid()}"
    masters.prepare([UNIT], prepared, None, folder / "notebooks")  # nbgrader's part, as in the peer
    for number, (row, grading) in enumerate(work.items()):
        out = folder / f"ours-{os.getpid()}-{number}"
        shutil.copytree(prepared, out)
        rows[row] = clock.timed_with_children(lambda grading=grading, out=out: grading(out))
        rows[row]["answer"] = marks(out)
    clock.tell(rows, ("nbgrader", "distributed"))


def words(folder: Path, out: Path, jobs: int) -> list[str]:
    """Return the words of the command line."""
    places = ["--notebooks", str(folder / "notebooks"), "--out", str(out)]
    return [str(folder / "submitted"), *places, "--jobs", str(jobs)]


def once(folder: Path, out: Path, jobs: int) -> None:
    """Grade the class in one go."""
    with contextlib.redirect_stdout(io.StringIO()):
        if command.main(words(folder, out, jobs)):
            sys.exit("grading failed")


def on_one_core(folder: Path, out: Path) -> None:
    """Grade the class with one worker, all of whose processes share a single core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        once(folder, out, 1)
    finally:
        os.sched_setaffinity(0, cores)


def marks(out: Path) -> dict[str, dict[str, float]]:
    """Return the marks that stand in grades.csv, by student and task."""
    found: dict[str, dict[str, float]] = {}
    with open(out / "grades.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["student"], {})[row["task"]] = float(row["points"])
    return found


if __name__ == "__main__":
    main(clock.inputs())

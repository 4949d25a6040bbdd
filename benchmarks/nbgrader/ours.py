"""Grading by this course: sandbox, gradebook, tables and feedback pages."""

import contextlib
import csv
import io
import os
import shutil
import sys
from pathlib import Path

import clock
from units import checked

from tools.notebook import assignment
from tools.teach.grade import assignments, cli

LIGHT = "01_light"
KERAS = "02_keras"


def main(folder: Path) -> None:
    """Grade the light class with all cores, with one worker, and with that on one core.

    The class with a task in Keras is graded with all cores and with one worker.
    """
    work = {
        f"sandbox, {clock.threads()} workers": (LIGHT, clock.threads(), once),
        "sandbox, 1 worker": (LIGHT, 1, once),
        "sandbox, 1 worker, 1 core": (LIGHT, 1, on_one_core),
        f"Keras: sandbox, {clock.threads()} workers": (KERAS, clock.threads(), once),
        "Keras: sandbox, 1 worker": (KERAS, 1, once),
    }
    rows, prepared = {}, folder / f"prepared-{os.getpid()}"
    for unit in (LIGHT, KERAS):  # nbgrader's part, as in the peer
        chosen = assignment.every(folder / "notebooks")[unit]
        assignments.prepare([chosen], prepared / unit, None)
    for number, (row, (unit, jobs, grade)) in enumerate(work.items()):
        out = folder / f"ours-{os.getpid()}-{number}"
        shutil.copytree(prepared / unit, out)
        rows[row] = clock.timed_with_children(
            lambda grade=grade, unit=unit, out=out, jobs=jobs: grade(folder, unit, out, jobs)
        )
        rows[row]["answer"] = marks(out)
        rows[row]["items"] = len(list((folder / "submitted" / unit).iterdir()))
    for row, unit in {"Check NumPy": LIGHT, "Check Keras": KERAS}.items():
        rows[f"{row}: course.py check"] = clock.timed_with_children(
            lambda unit=unit: checked(folder / "solved" / f"{unit}.ipynb")
        ) | {"items": 1}
    clock.tell(rows, ("nbgrader", "distributed", "keras", "tensorflow"))


def words(folder: Path, unit: str, out: Path, jobs: int) -> list[str]:
    """Return the words of the command line."""
    places = ["--notebooks", str(folder / "notebooks"), "--out", str(out)]
    return [str(folder / "submitted" / unit), *places, "--jobs", str(jobs)]


def once(folder: Path, unit: str, out: Path, jobs: int) -> None:
    """Grade the class in one go."""
    with contextlib.redirect_stdout(io.StringIO()):
        if cli.main(words(folder, unit, out, jobs)):
            sys.exit("grading failed")


def on_one_core(folder: Path, unit: str, out: Path, jobs: int) -> None:
    """Grade the class with all processes on a single core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        once(folder, unit, out, jobs)
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

"""Grading by nbgrader itself: one ``nbgrader autograde`` over the whole class."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import clock
from nbgrader.api import Gradebook

UNIT = NAME = "01_light"


def main(folder: Path) -> None:
    """Time one autograde; making the assignment comes before, as on the other side."""
    course = folder / f"peer-{os.getpid()}"
    shutil.copytree(folder / "notebooks" / UNIT, course / "source" / UNIT)
    shutil.copytree(folder / "submitted", course / "submitted")
    nbgrader(course, "generate_assignment", UNIT, "--create", "--force")
    row = clock.timed_with_children(lambda: nbgrader(course, "autograde", UNIT, "--create"))
    row["answer"] = marks(course)
    clock.tell({"autograde": row}, ("nbgrader", "nbconvert", "ipykernel"))


def nbgrader(course: Path, *words: str) -> None:
    """Run one nbgrader command in a course folder."""
    environment = os.environ | {
        # nbgrader calls its helpers by bare name
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_CONFIG_DIR": str(course / "config"),
    }
    command = [sys.executable, "-m", "nbgrader", *words, f"--CourseDirectory.root={course}"]
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"nbgrader {words[0]} failed: {done.stderr[-1000:]}")


def marks(course: Path) -> dict[str, dict[str, float]]:
    """Return the marks that the gradebook holds, by student and task."""
    found: dict[str, dict[str, float]] = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions(UNIT):
            for notebook in submission.notebooks:
                grades = {g.name.removeprefix("test_"): g.score for g in notebook.grades}
                found[submission.student.id] = grades
    return found


if __name__ == "__main__":
    main(clock.inputs())

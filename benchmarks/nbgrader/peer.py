"""Grading by nbgrader itself: one ``nbgrader autograde`` over the whole class."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import clock
from nbgrader.api import Gradebook

LIGHT = "01_light"
KERAS = "02_keras"


def main(folder: Path) -> None:
    """Time one autograde a class; making the assignment comes before, as on the other side."""
    rows = {}
    for row, unit in {"autograde": LIGHT, "Keras: autograde": KERAS}.items():
        course = folder / f"peer-{os.getpid()}" / unit
        shutil.copytree(folder / "notebooks" / unit, course / "source" / unit)
        shutil.copytree(folder / "submitted" / unit, course / "submitted")
        nbgrader(course, "generate_assignment", unit, "--create", "--force")
        rows[row] = clock.timed_with_children(
            lambda course=course, unit=unit: nbgrader(course, "autograde", unit, "--create")
        )
        rows[row]["answer"] = marks(course, unit)
        rows[row]["items"] = len(list((course / "submitted").iterdir()))
    for row, unit in {"Check NumPy": LIGHT, "Check Keras": KERAS}.items():
        home = folder / f"peer-{os.getpid()}" / "checked"
        home.mkdir(exist_ok=True)
        path = Path(shutil.copy(folder / "solved" / f"{unit}.ipynb", home))
        rows[f"{row}: validate"] = clock.timed_with_children(
            lambda home=home, path=path: "passes all the tests" in nbgrader(home, "validate", path)
        ) | {"items": 1}
    clock.tell(rows, ("nbgrader", "nbconvert", "ipykernel", "keras", "tensorflow"))


def nbgrader(course: Path, *words: str | Path) -> str:
    """Run one nbgrader command in a course folder; return what it prints."""
    environment = os.environ | {
        # nbgrader calls its helpers by bare name
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_CONFIG_DIR": str(course / "config"),
    }
    command = [
        sys.executable,
        "-m",
        "nbgrader",
        *map(str, words),
        f"--CourseDirectory.root={course}",
    ]
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"nbgrader {words[0]} failed: {done.stderr[-1000:]}")
    return done.stdout


def marks(course: Path, unit: str) -> dict[str, dict[str, float]]:
    """Return the marks that the gradebook holds, by student and task."""
    found: dict[str, dict[str, float]] = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions(unit):
            for notebook in submission.notebooks:
                grades = {g.name.removeprefix("test_"): g.score for g in notebook.grades}
                found[submission.student.id] = grades
    return found


if __name__ == "__main__":
    main(clock.inputs())

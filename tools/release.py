"""``course.py release``: the student version of a unit, made by nbgrader.

nbgrader takes ``notebooks/`` as its source folder, takes solutions and hidden tests out, locks
the tests, and writes the student version under ``build/release/<unit>/``.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.common import BUILD, NOTEBOOKS, Problem, all_notebooks, read, shown
from tools.structure import BEGIN, BEGIN_HIDDEN

RELEASE = BUILD / "release"


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py release``."""
    p = argparse.ArgumentParser(
        prog="python course.py release",
        description="Make the student version of a unit: solutions, hidden tests and outputs are "
        "taken out, tests are locked. It is written to build/release/UNIT/.",
    )
    p.add_argument("unit", help="such as 06_graph_networks or 06")
    options = p.parse_args(argv)
    units = sorted({n.path.parent.name for n in all_notebooks()})
    unit = next((u for u in units if options.unit.rstrip("/") in (u, u[:2])), None)
    if unit is None:
        raise Problem(
            f"there is no unit {options.unit!r} with notebooks; it is one of {', '.join(units)}"
        )
    folder = release(unit, BUILD / "nbgrader")
    target = RELEASE / unit
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(folder, target)
    print(f"{len(list(target.glob('*.ipynb')))} notebooks released to {shown(target)}/")
    return 0


def release(unit: str, course: Path, source: Path = NOTEBOOKS) -> Path:
    """Generate a unit's student version in an nbgrader course folder.

    Returns
    -------
    Path
        The folder with the released notebooks.

    Raises
    ------
    Problem
        If nbgrader fails, or leaves a solution or a hidden test behind.
    """
    course.mkdir(parents=True, exist_ok=True)
    nbgrader(
        course,
        "generate_assignment",
        unit,
        "--force",
        "--create",
        f"--CourseDirectory.source_directory={source}",
    )
    folder = course / "release" / unit
    shutil.rmtree(folder / ".ipynb_checkpoints", ignore_errors=True)
    for path in sorted(folder.glob("*.ipynb")):
        text = "\n".join(c.source for c in read(path).cells)
        for mark in (BEGIN, BEGIN_HIDDEN):
            if mark in text:
                shutil.rmtree(folder)
                raise Problem(
                    f"{path.name} still holds '{mark}' after release; nothing is released",
                    exit_code=1,
                )
    return folder


def nbgrader(course: Path, *words: str) -> str:
    """Run one nbgrader command in a course folder and return what it printed."""
    environment = os.environ | {
        # nbgrader calls its helpers by bare name
        "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", ""),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_CONFIG_DIR": str(course / "config"),
    }
    command = [
        sys.executable,
        "-m",
        "nbgrader",
        *words,
        f"--CourseDirectory.root={course}",
        f"--CourseDirectory.db_url=sqlite:///{course / 'gradebook.db'}",
        "--CourseDirectory.course_id=deep-vision-course",
    ]
    done = subprocess.run(
        command,
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    text = done.stdout + done.stderr
    if done.returncode:
        errors = re.findall(r"^.*(?:ERROR|Error).*$", text, flags=re.M)[-3:]
        raise Problem(f"nbgrader {words[0]} failed: {' '.join(errors) or text[-500:]}", exit_code=1)
    return text

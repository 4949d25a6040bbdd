"""The commands of ``course.py``: each is a line here and a module with a function ``main(argv)``.

The modules stand in packages beside this file, one for each kind of user.

course.py reads this before there is an environment: standard library only.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PACKAGES = {
    "learn": {
        "lab": "open JupyterLab on your notebooks, or on the solved ones",
        "check": "run the visible tests of a notebook or unit, and explain what fails",
        "progress": "show what you have solved, the points so far, and what comes next",
        "run": "execute the solved notebooks, and show what they measured",
        "data": "list and fetch data sets and pretrained networks",
    },
    "teach": {
        "release": "make the student version of a unit: folder and zip",
        "slides": "make slides from a notebook, with the text as speaker's notes",
        "grade": "grade submissions in a sandbox: gradebook, tables, feedback",
    },
    "write": {
        "test": "check code, graded tasks and pages, and run every notebook",
        "new": "make a notebook with its lesson, a unit, or a data set",
        "lock": "compile the requirements again from pyproject.toml",
    },
    "publish": {
        "report": "write docs/results.md; --accept saves what was measured",
        "bench": "compare the speed of this course with other software",
        "book": "build the site of the course from the committed notebooks",
    },
}
PACKAGE_OF = {name: package for package, commands in PACKAGES.items() for name in commands}
COMMANDS = {name: text for commands in PACKAGES.values() for name, text in commands.items()}
FIRST_FOR = {next(iter(commands)): f"If you {package}" for package, commands in PACKAGES.items()}
FOR_STUDENTS = tuple(PACKAGES["learn"])
DOWNLOAD, DISK = "1 GB", "6 GB"  # what the environment takes, with the package cache, on Linux
RELEASED = Path(__file__).resolve().parent.parent / "data" / "release.json"


def offered() -> dict[str, str]:
    """Return the commands with their texts; of a release, those that it has for students."""
    if RELEASED.is_file():
        texts = {name: COMMANDS[name] for name in FOR_STUDENTS}
        texts["lab"] = texts["lab"].removesuffix(", or on the solved ones")
        return texts | {"run": texts["run"].replace("the solved", "your")}
    return COMMANDS


def module_of(command: str) -> str:
    """Return the name of a command's module, with that of its package."""
    return f"tools.{PACKAGE_OF[command]}.{command}"


def hand_over(command: list[str], environment: dict[str, str]) -> int:
    """Run a command in the place of this process; return its exit code where that can't be done.

    Ctrl-C, and a kill, reach the command itself, and it answers in its own way.
    """
    if os.name != "nt":
        os.execve(command[0], command, environment)
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the command got it as well

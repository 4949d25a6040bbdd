"""The commands of ``course.py``: one line here and a module with ``main(argv)`` make one.

course.py reads this before there is an environment: standard library only.
"""

from __future__ import annotations

from pathlib import Path

COMMANDS = {
    "lab": "open JupyterLab on your notebooks, or on the solved ones",
    "check": "run the visible tests of a notebook or unit, and say why one fails",
    "run": "execute notebooks side by side and show what they measured",
    "data": "list, fetch and verify data sets and weights",
    "release": "make what students are given of a unit: folder and zip",
    "grade": "grade submissions in a sandbox: gradebook, tables, feedback",
    "test": "lint, unit tests, structure, graded tasks, every notebook",
    "new": "make a notebook from the template",
    "new-data": "make the folder of a data set: card, reader, sample, tests",
    "train": "train what notebooks show, and keep the weights",
    "report": "draw docs/results.md; --accept keeps what was measured",
    "bench": "measure this course beside its peers",
    "book": "build the site of the course from the committed notebooks",
    "lock": "compile requirements.txt anew from pyproject.toml",
}
FIRST_FOR = {"lab": "If you learn", "release": "If you teach", "test": "If you write"}
MODULES = {"data": "catalogue"}  # where the module below tools/ has another name
FOR_STUDENTS = ("lab", "check", "run", "data")
RELEASED = Path(__file__).resolve().parent.parent / "data" / "release.json"


def offered() -> dict[str, str]:
    """Return the commands of this folder with their texts: a release has those for students."""
    if RELEASED.is_file():
        return {
            name: COMMANDS[name].removesuffix(", or on the solved ones") for name in FOR_STUDENTS
        }
    return COMMANDS


def module_of(command: str) -> str:
    """Return the name of the module below ``tools`` that a command is."""
    return MODULES.get(command, command.replace("-", "_"))

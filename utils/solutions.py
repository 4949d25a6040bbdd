"""Tasks in a running notebook: which tests pass, and the course's solution for who is stuck."""

import re
import sys
from typing import Any

from data.core.files import ROOT
from utils.code import cells_of

NOTEBOOKS = ROOT / "notebooks"
RELEASED = ROOT / "data" / "release.json"  # a folder that `release` made has no solutions
MARKS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[^\n]*\n?", re.M)
_tasks: dict[str, str] = {}  # of the running notebook, by the id of the cell with their test


def announce_passes(notebook: str) -> None:
    """Let the running notebook print below each test cell that it passes, which is silent alone.

    A cell is known by its id, which JupyterLab sends, and what only executes pages does not.
    """
    path, shell = NOTEBOOKS / f"{notebook}.ipynb", _shell()
    _tasks.clear()
    if shell is not None and path.is_file():
        blocks = {c.get("id"): c["metadata"].get("nbgrader", {}) for c in cells_of(path)}
        tests = {key: block["grade_id"] for key, block in blocks.items() if block.get("grade")}
        _tasks.update((k, n[5:]) for k, n in tests.items() if k and n.startswith("test_"))
        shell.events.register("post_run_cell", _say_passed)  # again is as once


def _say_passed(result: Any) -> None:
    name = _tasks.get(result.info.cell_id)
    if name and result.success:
        print(f"{name} passes its visible tests")


def _shell() -> Any:
    """Return the shell of the running notebook, or None."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def define(notebook: str, name: str) -> None:
    """Print the solution of a task and execute it in the running notebook: `Course.solution`."""
    shell = _shell()
    if shell is None:
        raise RuntimeError("course.solution defines a function in a notebook, and none is running")
    source = solution_of(notebook, name)
    print(f"{source}\n\n# {name} is defined as above. The task stays unsolved until you write it.")
    exec(compile(source, f"<solution of {name}>", "exec"), shell.user_ns)


def solution_of(notebook: str, name: str) -> str:
    """Return the course's solution of a task, without the marks around it.

    Raises ValueError where the notebook has no such task, RuntimeError where this folder has no
    solutions.
    """
    path = NOTEBOOKS / f"{notebook}.ipynb"
    if RELEASED.is_file() or not path.is_file():
        raise RuntimeError(
            "The solutions are not in this folder, which has what your teacher gave out: ask them, "
            "or look at the course's own notebook."
        )
    solutions = {}
    for cell in cells_of(path):
        graded = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and graded.get("solution"):
            solutions[graded.get("grade_id")] = "".join(cell["source"])
    if name not in solutions:
        known = ", ".join(map(repr, solutions)) or "none"
        raise ValueError(f"There is no task {name!r} here; the tasks of this notebook: {known}.")
    return MARKS.sub("", solutions[name]).rstrip()

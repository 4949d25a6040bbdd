"""The course's solution of a task, for who is stuck: printed, and defined in the notebook."""

import re
import sys

from data.core.files import ROOT
from utils.code import cells_of

NOTEBOOKS = ROOT / "notebooks"
RELEASED = ROOT / "data" / "release.json"  # a folder that `release` made has no solutions
MARKS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[^\n]*\n?", re.M)


def define(notebook: str, name: str) -> None:
    """Print the solution of a task and execute it in the running notebook: `Course.solution`."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
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

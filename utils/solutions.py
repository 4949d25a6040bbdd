"""Tasks in a running notebook: which tests pass, and the course's solution for who is stuck."""

import contextlib
import re
import symtable
import sys
from typing import Any

from data.core.files import ROOT
from utils.code import cells_of, is_below

NOTEBOOKS = ROOT / "notebooks"
RELEASED = ROOT / "data" / "release.json"  # a folder that `release` made has no solutions
MARKS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[^\n]*\n?", re.M)
_tasks: dict[str, str] = {}  # of the running notebook, by the id of the cell with their test
_code: list[str] = []  # of the running notebook's lesson, a text a cell


def accompany(notebook: str) -> None:
    """Let the running notebook say which tests pass, and which cell defines a name that is missing.

    A test that passes is silent alone. Its cell is known by the id that JupyterLab sends, and what
    only executes pages does not.
    """
    path, shell = NOTEBOOKS / f"{notebook}.ipynb", _shell()
    _tasks.clear()
    _code.clear()
    if shell is None or not path.is_file():
        return
    for cell in cells_of(path):
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if cell["cell_type"] == "code" and not is_below(cell):
            _code.append("".join(cell["source"]))
            if name.startswith("test_") and cell.get("id"):
                _tasks[cell["id"]] = name.removeprefix("test_")
    shell.events.register("post_run_cell", _after_cell)  # again is as once


def _after_cell(result: Any) -> None:
    task, error = _tasks.get(result.info.cell_id), result.error_in_exec
    if task and result.success:
        print(f"{task} passes its visible tests")
    if isinstance(error, NameError) and (source := _defining(error.name or "")):
        first = source.partition("\n")[0]
        print(f"{error.name} is defined in the cell that begins `{first}`: run that one first")


def _defining(name: str) -> str:
    """Return the cell of the page that assigns or imports a name; "" if none does."""
    for source in _code:
        with contextlib.suppress(SyntaxError, KeyError):
            symbol = symtable.symtable(source, "cell", "exec").lookup(name)
            if symbol.is_assigned() or symbol.is_imported():
                return source
    return ""


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

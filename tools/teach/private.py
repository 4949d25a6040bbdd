"""An instructor's private hidden tests, instead of the course's own."""

from __future__ import annotations

import ast
import copy
import shutil
from pathlib import Path
from typing import Any

from tools.notebook import tasks
from tools.notebook.cells import (
    BEGIN,
    BEGIN_HIDDEN,
    END,
    END_HIDDEN,
    grading,
    is_test,
    task_of,
    test_of,
)
from tools.notebook.common import NOTEBOOKS, Notebook, Problem, write_notebook
from tools.write.graded_rules import lenient
from utils import lessons

JUNK = shutil.ignore_patterns(
    "__pycache__",
    "*.pyc",
    ".*",
    "*~",
    "*.orig",
    "*.partial",
    "test_*.py",
    "conftest.py",
    "release.json",
)


def copy_with(notebook: Notebook, tests: Path | None) -> Any:
    """Return a notebook of the course with an instructor's hidden tests instead of its own.

    Its file stays as it is. ``tests`` is a folder with ``<unit>/<notebook>/<task>.py``; tasks
    without a file keep their tests, and without a folder all do. Raises Problem if a file names no
    task, can't be read, or holds tests that can't be run and trusted.
    """
    content = copy.deepcopy(notebook.content)
    cells = {grading(c).get("grade_id", ""): c for c in content.cells if is_test(c)}
    known = [task_of(name) for name in cells]
    for path in files_for(tests, notebook):
        if path.suffix != ".py" or path.stem not in known:
            raise Problem(
                f"{path} names no task of {notebook.name}; write TASK.py with one of "
                f"{', '.join(known) or 'none'}"
            )
        cell = cells[test_of(path.stem)]
        cell.source = tasks.replace_hidden(cell.source, read_test(path))
    return content


def files_for(tests: Path | None, notebook: Notebook) -> list[Path]:
    """Return the files of private tests for a notebook."""
    if tests is None:
        return []
    if not tests.is_dir():
        raise Problem(f"there is no folder {tests} with private tests")
    folder = tests / notebook.name
    if not folder.is_dir():
        return []
    return [p for p in sorted(folder.iterdir()) if not p.name.startswith((".", "__pycache__"))]


def read_test(path: Path) -> str:
    """Read one file of private tests and hold it to the rules of the course's own."""
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        compile(tree, str(path), "exec")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} can't be read: {error}; save it as UTF-8 text") from None
    except (SyntaxError, ValueError) as error:
        raise Problem(f"{path} is not valid Python: {error}") from None
    if marker := next((m for m in (BEGIN, END, BEGIN_HIDDEN, END_HIDDEN) if m in text), None):
        raise Problem(f"{path} contains '{marker}'; take it out, release writes it")
    if "assert" not in text:
        raise Problem(f"{path} asserts nothing; every answer would pass it")
    if fault := next(lenient(text), None):
        raise Problem(f"{path}: {fault}")
    return text


def source_with(unit: str, target: Path, source: Path, tests: Path) -> Path:
    """Copy a unit to another source folder, with private tests put in; return that folder."""
    notebooks = [Notebook(path) for path in sorted((source / unit).glob("*.ipynb"))]
    refuse_misplaced(unit, source, tests)
    contents = {n.path.name: copy_with(n, tests) for n in notebooks}
    shutil.rmtree(target / unit, ignore_errors=True)
    shutil.copytree(source / unit, target / unit, ignore=JUNK)
    for name, content in contents.items():
        write_notebook(target / unit / name, content)
    return target


def refuse_misplaced(unit: str, source: Path, tests: Path) -> None:
    """Raise Problem if a file of private tests is not at UNIT/NOTEBOOK/TASK.py."""
    if not tests.is_dir():
        raise Problem(f"there is no folder {tests} with private tests")
    units = lessons.units() if source == NOTEBOOKS else [path.name for path in source.iterdir()]
    notebooks = sorted(path.stem for path in (source / unit).glob("*.ipynb"))
    for path in sorted(tests.rglob("*.py")):
        folders = path.relative_to(tests).parts[:-1]
        if any(name.startswith(".") for name in folders):
            continue
        if len(folders) != 2:
            raise Problem(f"{path} is not in a folder UNIT/NOTEBOOK")
        if folders[0] not in units:
            raise Problem(f"{path}: the units are {', '.join(sorted(units))}")
        if folders[0] == unit and folders[1] not in notebooks:
            raise Problem(f"{path}: the notebooks of {unit} are {', '.join(notebooks)}")


def prove(unit: str, source: Path, tests: Path | None, what: str = "released") -> None:
    """Run the self-test with other tests than the course's: a wrong one costs every student points.

    What the course's own tests prove is left out; without ``tests``, all of the unit is proved.
    """
    notebooks = [Notebook(path) for path in sorted((source / unit).glob("*.ipynb"))]
    only = None
    if tests is not None:
        only = {n.name: [path.stem for path in files_for(tests, n)] for n in notebooks}
        notebooks = [n for n in notebooks if only[n.name]]
    findings = tasks.self_test_all(notebooks, least_wrong=0, only=only)
    if wrong := [f"{name}: {f}" for name, failures in findings.items() for f in failures]:
        raise Problem(
            f"with {'the private tests' if tests else 'these notebooks'} the self-test fails; "
            f"nothing is {what}:\n  " + "\n  ".join(wrong),
            exit_code=1,
        )

"""An instructor's private hidden tests, instead of the course's own."""

import copy
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tools.notebook import tasks
from tools.notebook.assignment import Assignment
from tools.notebook.cells import (
    BEGIN,
    BEGIN_HIDDEN,
    END,
    END_HIDDEN,
    grading,
    is_test,
    task_name,
    test_of,
)
from tools.notebook.common import Notebook, Problem, write_notebook
from tools.write.graded_rules import lenient
from tools.write.self_test import problems_by_notebook

# What is in a folder of the course and not part of it: caches, files of editors, tests.
JUNK = shutil.ignore_patterns(
    *("__pycache__", "*.pyc", ".*", "*~", "*.orig", "*.partial"),
    *("test_*.py", "conftest.py", "release.json"),
)


def copy_with(notebook: Notebook, tests: Path | None) -> Any:
    """Return a notebook of the course with an instructor's hidden tests instead of its own.

    Its file stays as it is. ``tests`` is a folder with ``<unit>/<notebook>/<task>.py``; tasks
    without a file keep their tests, and without a folder all do. Raises Problem if a file names no
    task, can't be read, or holds tests that can't be run and trusted.
    """
    content = copy.deepcopy(notebook.content)
    cells = {grading(c).get("grade_id", ""): c for c in content.cells if is_test(c)}
    known = [task_name(name) for name in cells]
    for path in files_for(tests, notebook):
        if path.suffix != ".py" or path.stem not in known:
            raise Problem(
                f"{path} names no task of {notebook.name}; name it TASK.py, for one of "
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
    files = sorted((tests / notebook.name).glob("*"))
    return [p for p in files if not p.name.startswith((".", "__pycache__"))]


def read_test(path: Path) -> str:
    """Read one file of private tests and hold it to the rules of the course's own."""
    try:
        text = path.read_text(encoding="utf-8")
        compile(text, str(path), "exec")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} can't be read: {error}; save it as UTF-8 text") from None
    except (SyntaxError, ValueError) as error:
        raise Problem(f"{path} is not valid Python: {error}") from None
    faults = [
        f"it contains '{marker}'; remove it: release adds it"
        for marker in (BEGIN, END, BEGIN_HIDDEN, END_HIDDEN)
        if marker in text
    ]
    if "assert" not in text:
        faults.append("it asserts nothing; every answer would pass it")
    if faults := [*faults, *lenient(text)]:
        raise Problem(f"{path}: {faults[0]}")
    return text


def source_with(chosen: Assignment, target: Path, tests: Path | None) -> Path:
    """Copy the notebooks of an assignment to ``target/NAME``, with private tests put in.

    Returns ``target``.
    """
    folders = {notebook.path.parent.parent for notebook in chosen.notebooks}
    if tests is not None:
        refuse_unknown(tests, folders)
    contents = {n.path.name: copy_with(n, tests) for n in chosen.notebooks}
    shutil.rmtree(target / chosen.name, ignore_errors=True)
    for name, content in contents.items():
        write_notebook(target / chosen.name / name, content)
    return target


def refuse_unknown(tests: Path, folders: Iterable[Path]) -> None:
    """Raise Problem if the path of a private test names no notebook of some folders of units."""
    for path in sorted(tests.rglob("*.py")):
        notebook = path.relative_to(tests).parent
        hidden = any(name.startswith(".") for name in notebook.parts)
        if not hidden and not any((folder / f"{notebook}.ipynb").is_file() for folder in folders):
            raise Problem(
                f"{path}: there is no notebook {notebook}; name the file UNIT/NOTEBOOK/TASK.py"
            )


def prove(chosen: Assignment, source: Path, tests: Path | None, what: str = "released") -> None:
    """Run the self-test with other tests than the course's: a wrong one costs every student points.

    What the course's own tests prove is left out; without ``tests``, everything is proved.
    """
    folder = source / chosen.name
    notebooks = [Notebook(folder / n.path.name, n.unit) for n in chosen.notebooks]
    only = None
    if tests is not None:
        only = {n.name: [path.stem for path in files_for(tests, n)] for n in notebooks}
        notebooks = [n for n in notebooks if only[n.name]]
    failures = problems_by_notebook(notebooks, least_wrong=0, only=only)
    if lines := [f"{name}: {text}" for name, texts in failures.items() for text in texts]:
        raise Problem(
            f"with {'the private tests' if tests else 'these notebooks'} the self-test fails; "
            f"nothing is {what}:\n  " + "\n  ".join(lines),
            exit_code=1,
        )

"""Where a notebook is to be had again that is damaged, missing or called something else."""

from __future__ import annotations

from pathlib import Path

from tools.commands import RELEASED
from tools.learn import work
from tools.notebook.common import Notebook, all_notebooks, shown


def fresh(notebook: Notebook) -> str:
    """Return what is told of a file that is no notebook any more, and where to get another."""
    instead = "take the notebook again from where you had it"
    if RELEASED.is_file():
        instead = again_file()
    elif notebook.path.is_relative_to(work.place()):
        instead = f"`python course.py lab {notebook.id}` makes a fresh one"
    return (
        f"{shown(notebook.path)} is damaged, no notebook any more: move it away, and {instead}. "
        "What you wrote may still be read in it with a text editor"
    )


def again(notebook: Notebook) -> str:
    """Return how to get an untouched copy."""
    if RELEASED.is_file():
        return (
            "take the notebook again from the zip that you were given, and copy your work into it"
        )
    return (
        f"move {shown(notebook.path)} away, call `python course.py lab {notebook.id}`, and copy "
        "your work into the fresh copy"
    )


def instead_of(name: str) -> str:
    """Return what to do about a notebook that is not there under its name."""
    if others := renamed(Notebook(work.place() / f"{name}.ipynb")):
        return f"if it is {', '.join(map(shown, others))}, give it its name back"
    return again_file()


def again_file() -> str:
    """Return where a missing notebook is to be had."""
    if RELEASED.is_file():
        return "take it again from the zip that you were given"
    return "`python course.py lab` makes it"


def renamed(notebook: Notebook) -> list[Path]:
    """Return the files beside a missing copy that may be it under another name."""
    number = notebook.path.name[:2]
    beside = sorted(notebook.path.parent.glob("*.ipynb"))
    given = {n.path.name for n in all_notebooks()}
    return [
        path
        for path in beside
        if path.name not in given
        and (path.name.startswith(number) or notebook.path.stem in path.stem)
    ]

"""Where a notebook is to be had again that is damaged, missing or called something else."""

from __future__ import annotations

from tools.commands import RELEASED
from tools.learn import work
from tools.notebook.common import Notebook, shown


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


def again_file() -> str:
    """Return where a missing notebook is to be had."""
    if RELEASED.is_file():
        return "take it again from the zip that you were given"
    return "`python course.py lab` makes it"

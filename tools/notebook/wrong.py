"""Wrong solutions: what a mistake replaces in the solution of a task, from a lesson's wrong.toml.

A lesson's folder is not in a student's release; there, no task has wrong solutions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path

from tools.notebook.common import Problem, shown
from utils import lessons

FORMS = ({"replace", "by"}, {"whole"})


def wrong_file(notebook: str) -> Path:
    """Return where the wrong solutions of a notebook are kept."""
    return lessons.folder(notebook) / "wrong.toml"


@cache
def read(path: Path) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Return what a file has, by task and mistake: pairs, or one whole cell.

    Raises Problem if it is no TOML, a task has no mistake, or an entry is neither.
    """
    if not path.is_file():
        return {}
    try:
        tasks = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Problem(f"{shown(path)} can't be read: {error}") from None
    for task, mistakes in tasks.items():
        if not isinstance(mistakes, dict) or not mistakes:
            raise Problem(f"{shown(path)}, {task}: it has no mistake; write [{task}.MISTAKE]")
        for mistake, entry in mistakes.items():
            mistakes[mistake] = parts = entry if isinstance(entry, list) else [entry]
            if not parts or not all(isinstance(p, dict) and p.keys() in FORMS for p in parts):
                raise Problem(
                    f"{shown(path)}, {task}.{mistake}: it needs 'replace' and 'by', or 'whole'"
                )
    return tasks


def mutants(notebook: str, task: str, solution: str) -> dict[str, str]:
    """Return the wrong solutions of a task, by their mistake.

    Raises Problem if the solution does not have a text that is replaced, or has it twice.
    """
    found, stale = {}, []
    for mistake, parts in read(wrong_file(notebook)).get(task, {}).items():
        source = solution
        for part in parts:
            # A text of several lines begins and ends beside its quotes or a line away from them.
            text = {key: value.strip("\n") for key, value in part.items()}
            if "whole" in text:
                source = text["whole"]
            elif (n := source.count(text["replace"])) == 1:
                source = source.replace(text["replace"], text["by"])
            else:
                what = "take more of what is around it" if n else "put what it has now"
                stale.append(
                    f"{shown(wrong_file(notebook))}, {task}.{mistake}: the solution has "
                    f"{text['replace']!r} {n} times and not once; {what}"
                )
        found[mistake] = source
    if stale:
        raise Problem("\n".join(stale))
    return found


def strangers(notebook: str, tasks: Collection[str]) -> list[str]:
    """Return what is wrong with entries for tasks that the notebook does not have."""
    return [
        f"{shown(wrong_file(notebook))}, {task}: the notebook has no such task; "
        f"it has {', '.join(tasks)}"
        for task in read(wrong_file(notebook))
        if task not in tasks
    ]

"""What ``check`` last found of each task: ``.checked.json`` beside the learner's notebooks."""

from __future__ import annotations

import json
from typing import Any

from data.core.files import write_text
from tools.learn import work
from tools.notebook.cells import fingerprint
from tools.notebook.common import Notebook, Problem, all_notebooks, remedy, shown
from tools.notebook.tasks import Task

CHECKED = ".checked.json"


def code_of(task: Task) -> str:
    """Return a fingerprint of all that decides whether a task passes its visible test."""
    return fingerprint("\n".join([task.before, task.solution, task.harness, task.visible]))


def read() -> dict[str, Any]:
    """Return by notebook and task what `check` last found; Problem if the file is damaged."""
    path = work.place() / CHECKED
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(tasks, dict) for tasks in found.values()):
            raise ValueError("it is no table of tasks")
    except (OSError, ValueError, AttributeError) as error:
        raise Problem(
            f"{shown(path)} can't be read ({error}); move it away and check your notebooks again"
        ) from None
    return found


def remember(notebook: Notebook, tasks: list[Task], results: list[dict[str, Any]]) -> None:
    """Keep what came of the tasks of one of the learner's copies; of no other notebook."""
    if not notebook.path.is_relative_to(work.place()) or not is_course(notebook):
        return
    error = {r["task"]: r["error"] for r in results}
    kept = read()
    kept[notebook.name] = {
        t.name: {"code": code_of(t), "passes": not error[t.name]} for t in tasks if t.name in error
    }
    path = work.place() / CHECKED
    try:
        write_text(path, json.dumps(kept, indent=1) + "\n")
    except OSError as failure:
        raise Problem(
            f"{shown(path)} can't be written ({failure}); "
            f"{remedy(failure, 'make that folder writable')}"
        ) from None


def is_course(notebook: Notebook) -> bool:
    """Say whether a file is the copy of one of the course's notebooks, at its place."""
    return notebook.path == work.place() / f"{notebook.name}.ipynb" and any(
        n.name == notebook.name for n in all_notebooks()
    )

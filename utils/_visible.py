"""What a student's test cell says once it passes: an empty output looks as if nothing happened."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

OWN = "### BEGIN SOLUTION"  # only the course's own notebooks have it
_callback: Callable[[Any], None] | None = None


def watch(shell: Any, notebook: str) -> None:
    """Say below each test of a student's copy, ``unit/name`` in this folder, that it passes.

    In the course's own notebooks, and where there is no such file, nothing is said.
    """
    global _callback
    tests = tests_of(Path.cwd() / f"{notebook.rpartition('/')[2]}.ipynb")
    if not tests:
        return
    if _callback is not None:  # the settings cell was run again
        shell.events.unregister("post_run_cell", _callback)

    def say(result: Any) -> None:
        task = tests.get(str(getattr(result.info, "cell_id", "")))
        if task and result.success:
            print(f"{task}: passes its visible tests. Hidden tests come with the grade.")

    _callback = say
    shell.events.register("post_run_cell", say)


def tests_of(path: Path) -> dict[str, str]:
    """Return the tasks of a student's copy by the id of their test cells; none of other files."""
    if not path.is_file():
        return {}
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError):  # `check` and `lab` say what is wrong with it
        return {}
    if any(OWN in "".join(cell["source"]) for cell in cells):
        return {}
    graded = {cell.get("id"): cell["metadata"].get("nbgrader", {}) for cell in cells}
    return {
        i: str(metadata["grade_id"]).removeprefix("test_")
        for i, metadata in graded.items()
        if metadata.get("grade") and str(metadata.get("grade_id")).startswith("test_")
    }

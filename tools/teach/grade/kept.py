"""Files that the grader keeps for itself in its output folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tools.notebook.common import Problem, shown


def read_json(path: Path) -> Any:
    """Return what a file of the grader's own holds, or None if there is no such file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise damaged(path, error) from None


def damaged(path: Path, error: ValueError) -> Problem:
    """Return what to say of such a file that can't be read."""
    return Problem(
        f"{shown(path)} is damaged ({error}); put it back from a backup, or delete it and "
        "grade the submissions again"
    )

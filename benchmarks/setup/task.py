"""A fresh clone to set up: what both sides install from."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from tools.notebook.common import ROOT


def make(folder: Path, tier: str) -> dict[str, Any]:
    """Write a clone of the last commit."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "clone")], check=True)
    return {"items": 1, "what": "of the pinned packages"}


def judge(folder: Path, answers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], dict]:
    """Return 1 where what was installed can be imported, else 0."""
    return {row: {"works": float(found)} for row, found in answers.items()}

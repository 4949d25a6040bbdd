"""Set-up by this course: its first command in a fresh clone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import clock
import fresh


def install(clone: Path) -> None:
    """Call any command: what is missing is installed first."""
    words = [fresh.base_python(), "course.py", "check", "--help"]
    subprocess.run(words, cwd=clone, check=True, capture_output=True)


if __name__ == "__main__":
    clock.tell(fresh.rows(clock.inputs(), "course.py", install), ("uv",))

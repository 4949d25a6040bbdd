"""Set-up by pip: an environment, and the course's pinned requirements in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import clock
import fresh


def install(clone: Path) -> None:
    """Make an environment and install into it what the course pins, and the course."""
    venv = [fresh.base_python(), "-m", "venv", "--without-pip", ".venv"]  # this pip is newer
    subprocess.run(venv, cwd=clone, check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(clone / ".venv"), "install", "--quiet"]
    for words in (
        # GraKeL works with Python 3.13 and declares an older one.
        ["--ignore-requires-python", "--require-hashes", "-r", "requirements.txt"],
        ["--no-deps", "--no-build-isolation", "-e", "."],
    ):
        subprocess.run([*pip, *words], cwd=clone, check=True, capture_output=True)


if __name__ == "__main__":
    clock.tell(fresh.rows(clock.inputs(), "pip", install), ("pip",))

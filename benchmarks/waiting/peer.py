"""What a student waits for with otter and plain Jupyter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import clock
import opened

LAB = ("-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port_retries=0")


def main(folder: Path) -> None:
    """Time a check with NumPy and one with Keras, a first cell, and JupyterLab."""
    first = json.loads((folder / "first.json").read_text(encoding="utf-8"))["peer"]
    with opened.settings_of_nobody() as settings:
        os.environ.update(settings)
        rows = {
            "Check NumPy: otter check": lambda: checked(folder / "numpy-otter"),
            "Check Keras: otter check": lambda: checked(folder / "keras-otter"),
            "First cell: its libraries alone": lambda: opened.first_cell(first, folder),
            "JupyterLab: jupyter lab": lambda: lab(folder / "notebooks"),
        }
        told = opened.timed(rows)
    clock.tell(told, ("otter-grader", "jupyterlab", "ipykernel", "keras", "tensorflow"))


def checked(folder: Path) -> bool:
    """Check a notebook by the files of tests beside it; return whether all pass."""
    (path,) = folder.glob("*.ipynb")
    words = [sys.executable, "-m", "otter", "check", path.name, "-t", "tests"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    return done.returncode == 0 and "All tests passed" in done.stdout


def lab(folder: Path) -> bool:
    """Open the same notebooks in JupyterLab."""
    return opened.page(
        lambda port: [sys.executable, *LAB, f"--ServerApp.port={port}"], "/lab", folder
    )


if __name__ == "__main__":
    main(clock.inputs())

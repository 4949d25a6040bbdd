"""What a student of this course waits for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import clock
import opened
from units import checked

from tools.notebook.common import ROOT

LAB = ("-P", "-m", "tools", "lab", "06/01", "--no-browser")


def main(folder: Path) -> None:
    """Time a check with NumPy and one with Keras, a first cell, and ``lab``, first and again."""
    first = json.loads((folder / "first.json").read_text(encoding="utf-8"))["ours"]
    clone = folder / f"clone-{os.getpid()}"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    with opened.settings_of_nobody() as settings:
        os.environ.update(settings)
        rows = {
            "Check NumPy: course.py check": lambda: checked(folder / "numpy.ipynb"),
            "Check Keras: course.py check": lambda: checked(folder / "keras.ipynb"),
            "First cell: of 06/01": lambda: opened.first_cell(first, ROOT),
            "JupyterLab: course.py lab, first": lambda: lab(clone),
            "JupyterLab: course.py lab, again": lambda: lab(clone),
        }
        told = opened.timed(rows)
    clock.tell(told, ("jupyterlab", "ipykernel", "keras", "tensorflow"))


def lab(clone: Path) -> bool:
    """Open a lesson in JupyterLab; the first time the notebooks are copied for the student."""
    return opened.page(
        lambda port: [sys.executable, *LAB, f"--port={port}"],
        "/lab",
        clone,
        PYTHONPATH=str(clone),
    )


if __name__ == "__main__":
    main(clock.inputs())

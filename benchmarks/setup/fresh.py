"""Fresh clones, and whether one was set up. Standard library only, for both sides."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clock

CAN = "import keras, jupyterlab, sklearn, utils.report"


def rows(folder: Path, side: str, install: Callable[[Path], None]) -> dict[str, dict[str, Any]]:
    """Time a set-up from an empty package cache, and one more from what it has kept."""
    names = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "UV_CACHE_DIR", "PIP_CACHE_DIR")
    for name in names:
        os.environ.pop(name, None)
    here = str(Path(sys.executable).parent)  # its uv is not a new student's
    places = os.environ["PATH"].split(os.pathsep)
    os.environ["PATH"] = os.pathsep.join(place for place in places if place != here)
    found = {}
    with tempfile.TemporaryDirectory(dir=folder, prefix="setup-") as scratch:
        for name in ("UV_CACHE_DIR", "PIP_CACHE_DIR"):
            os.environ[name] = str(Path(scratch, name))
        for row in ("Nothing kept", "Downloads kept"):
            clone = Path(scratch, row.replace(" ", "-"))
            shutil.copytree(folder / "clone", clone)
            told = clock.timed_with_children(lambda clone=clone: install(clone))
            python = clone / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
            works = subprocess.run([str(python), "-c", CAN], cwd=scratch, capture_output=True)
            found[f"{row}: {side}"] = told | {"answer": works.returncode == 0}
            shutil.rmtree(clone)
    return found


def base_python() -> str:
    """Return the interpreter that this environment was made from."""
    return getattr(sys, "_base_executable", sys.executable)

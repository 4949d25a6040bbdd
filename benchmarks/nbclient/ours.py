"""Notebooks executed by ``course.py run``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import clock
from cells import ran

from tools.notebook.common import ROOT


def main(folder: Path) -> None:
    """Time one call of the command, from its start to its end."""
    work = json.loads((folder / "work.json").read_text(encoding="utf-8"))
    build = folder / f"ours-{os.getpid()}"
    # The command itself shares the threads out among the notebooks that run at a time.
    shared = ("OMP_", "OPENBLAS_", "MKL_", "TF_NUM_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(shared)}
    environment |= {"COURSE_BUILD_DIR": str(build)}
    words = ["run", *work["names"], "--data", work["tier"], "--jobs", str(clock.threads())]

    def execute() -> None:
        done = subprocess.run(
            [sys.executable, "-m", "tools", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(f"course.py run failed: {done.stdout[-1000:]} {done.stderr[-1000:]}")

    row = clock.timed_with_children(execute)
    row["answer"] = ran(sorted((build / "executed").glob("*/*/*.ipynb")))
    clock.tell({"course.py run": row}, ("nbclient", "ipykernel", "tensorflow"))


if __name__ == "__main__":
    main(clock.inputs())

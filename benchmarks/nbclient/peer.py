"""Notebooks executed by nbclient, one after another."""

from __future__ import annotations

import json
import os
from pathlib import Path

import clock
import nbformat
from cells import ran
from nbclient import NotebookClient


def main(folder: Path) -> None:
    """Time all notebooks, each with a kernel of its own."""
    work = json.loads((folder / "work.json").read_text(encoding="utf-8"))
    out = folder / f"peer-{os.getpid()}"
    out.mkdir()
    os.environ["JUPYTER_PATH"] = str(folder / "jupyter")
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[2]),  # notebooks import the course's `utils`
        "COURSE_BUILD_DIR": str(out / "build"),
        "COURSE_DATA": work["tier"],
    }

    def execute() -> None:
        for path in map(Path, work["paths"]):
            content = nbformat.read(path, as_version=4)
            place = {"metadata": {"path": str(path.parent)}}
            client = NotebookClient(content, kernel_name=work["kernel"], resources=place)
            client.execute(env=environment)
            nbformat.write(content, out / path.name)

    row = clock.timed_with_children(execute)
    row["answer"] = ran(sorted(out.glob("*.ipynb")))
    clock.tell({"one after another": row}, ("nbclient", "nbformat", "jupyter-client"))


if __name__ == "__main__":
    main(clock.inputs())

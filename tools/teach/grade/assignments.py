"""The course's side: what notebooks are graded with, proved before any student is graded."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.notebook.cells import grading
from tools.notebook.common import NOTEBOOKS, Notebook, Problem
from tools.notebook.tasks import describe, tasks_among
from tools.teach.grade import gradebook, store
from tools.teach.grade.submission import Job, examine


def notebooks_in(source: Path, unit: str = "*") -> list[Notebook]:
    """Return the notebooks of a folder of units, or of one unit of it, in order."""
    return [Notebook(path) for path in sorted(source.glob(f"{unit}/*.ipynb"))]


def prepare(
    units: Iterable[str], out: Path, tests: Path | None, source: Path = NOTEBOOKS
) -> dict[tuple[str, str], Job]:
    """Put units into the gradebook, and return a job without a student for each notebook.

    Tests that are not the course's own are proved first: a wrong one gives everybody nothing.
    """
    from tools.teach import private

    assignments = {}
    for unit in sorted(units):
        signature, state = out / "nbgrader" / f"{unit}.json", files_of(unit, tests, source)
        graded_with = store.read_json(signature)
        if tests is None and any(str(file[0]).endswith(".py") for file in graded_with or []):
            raise Problem(
                f"{unit} was graded with private tests before: give --tests again, or another "
                "folder with --out; nothing was graded"
            )
        current = unit in gradebook.units(out) and graded_with == state
        if not current:
            gradebook.refuse_other_tasks(out, unit, graded_cells(unit, source))
            signature.unlink(missing_ok=True)
            release(unit, out, tests, source)
        for notebook in notebooks_in(source, unit):
            course = without_outputs(private.copy_with(notebook, tests))
            released = out / "nbgrader" / "release" / unit / notebook.path.name
            locked = describe(Notebook(released).content.cells)["locked"]
            job = Job("", unit, notebook.path.stem, b"", course, locked)
            if not current and (source != NOTEBOOKS or private.files_for(tests, notebook)):
                prove(solved(job, out))
            assignments[unit, notebook.path.stem] = job
        write_text(signature, json.dumps(state))
    return assignments


def files_of(unit: str, tests: Path | None, source: Path) -> list[Any]:
    """Return names, sizes and times of the files that a unit's release is made of."""
    files = [*sorted((source / unit).glob("*.ipynb"))]
    files += sorted((tests / unit).rglob("*.py")) if tests else []
    return [
        "proved",
        *([str(file), file.stat().st_size, file.stat().st_mtime_ns] for file in files),
    ]


def release(unit: str, out: Path, tests: Path | None, source: Path) -> None:
    """Make the student version of a unit, and put its cells into the gradebook, by nbgrader."""
    from tools.teach import generate, private

    generate.student_version(unit, out / "nbgrader", source, tests=tests)
    if source != NOTEBOOKS:
        private.prove(unit, out / "nbgrader" / "source" if tests else source, None, "graded")
    elif tests:
        private.prove(unit, out / "nbgrader" / "source", tests, "graded")


def graded_cells(unit: str, source: Path) -> set[str]:
    """Return the cells of a unit that nbgrader has rows for, as ``NOTEBOOK/CELL``."""
    return {
        f"{notebook.path.stem}/{grading(cell)['grade_id']}"
        for notebook in notebooks_in(source, unit)
        for cell in notebook.content.cells
        if any(grading(cell).get(kind) for kind in ("grade", "solution", "task"))
    }


def without_outputs(content: Any) -> str:
    """Return a notebook as JSON without outputs, which nobody needs on a worker."""
    import nbformat

    for cell in content.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nbformat.writes(content)


def prove(job: Job) -> None:
    """Raise Problem if the solutions of a notebook don't get full points in the sandbox."""
    failing = [t for t in examine(job)["tasks"] if t["verdict"] != "pass"]
    if failing:
        lines = [f"{t['task']}: {t.get('detail') or t['reason']}" for t in failing]
        raise Problem(
            f"{job.unit}/{job.notebook}: the solution itself fails these tests, so nobody could "
            "pass them; nothing is graded:\n  " + "\n  ".join(lines),
            exit_code=1,
        )


def solved(job: Job, out: Path) -> Job:
    """Return the work on a notebook that is handed in with the course's own solutions."""
    import nbformat

    name = f"{job.unit}/{job.notebook}"
    released = (out / "nbgrader" / "release" / f"{name}.ipynb").read_bytes()
    tasks = tasks_among(nbformat.reads(job.course, as_version=4).cells, name)
    content = filled(released, {task.name: task.solution for task in tasks})
    return replace(job, student="solved", content=content)


def filled(released: bytes, sources: dict[str, str]) -> bytes:
    """Return a released notebook with solution cells filled in, as a student hands it in."""
    content = json.loads(released)
    for cell in content["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = sources.get(name, cell["source"])
    return json.dumps(content).encode()

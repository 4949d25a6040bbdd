"""The course's side: what notebooks are graded with, proved before any student is graded."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.notebook.cells import grading
from tools.notebook.common import NOTEBOOKS, Notebook, Problem
from tools.notebook.tasks import describe, tasks_among
from tools.teach.grade import examine, gradebook, store
from tools.teach.grade.examine import Job


@dataclass(frozen=True)
class Assignment:
    """What one notebook of the course is graded with."""

    unit: str
    name: str
    course: str  # The course's own notebook, private tests put in, as JSON
    locked: dict[str, str]  # SHA-256 of the source of each locked cell that students got


def notebooks_in(source: Path, unit: str = "*") -> list[Notebook]:
    """Return the notebooks of a folder of units, or of one unit of it, in order."""
    return [Notebook(path) for path in sorted(source.glob(f"{unit}/*.ipynb"))]


def prepare(
    units: Iterable[str], out: Path, tests: Path | None, source: Path = NOTEBOOKS
) -> dict[tuple[str, str], Assignment]:
    """Put units into the gradebook, and return what their notebooks are graded with.

    nbgrader makes the student version too: the locked cells that came back are compared with it.
    """
    from tools.teach import private

    assignments = {}
    for unit in sorted(units):
        release(unit, out, tests, source)
        for notebook in notebooks_in(source, unit):
            name, course = notebook.path.stem, private.copy_with(notebook, tests)
            released = Notebook(out / "nbgrader" / "release" / unit / notebook.path.name)
            locked = describe(released)["locked"]
            assignments[unit, name] = Assignment(unit, name, without_outputs(course), locked)
    return assignments


def release(unit: str, out: Path, tests: Path | None, source: Path) -> None:
    """Put a unit into the gradebook and release it, unless that was done with the same files."""
    from tools.teach import generate, private

    folder = out / "nbgrader"
    stamp = folder / f"{unit}.json"
    files = [*sorted((source / unit).glob("*.ipynb"))]
    files += sorted((tests / unit).rglob("*.py")) if tests else []
    state = ["proved", *([str(f), f.stat().st_mtime, f.stat().st_size] for f in files)]
    if unit in gradebook.units(out) and store.read_json(stamp) == state:
        return
    gradebook.refuse_other_tasks(out, unit, graded_cells(unit, source))
    stamp.unlink(missing_ok=True)
    generate.student_version(unit, folder, source, tests=tests)
    if tests is not None or source != NOTEBOOKS:
        proved = folder / "source" if tests is not None else source
        private.prove(unit, proved, None if source != NOTEBOOKS else tests, "graded")
    write_text(stamp, json.dumps(state))


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


def prove(assignments: Mapping[tuple[str, str], Assignment], options: argparse.Namespace) -> None:
    """Grade the solutions before any student: tests that they fail give everybody nothing.

    The course's own self-test proves the rest. Raises Problem if a solution does not get full
    points from tests that are not the course's own.
    """
    from tools.teach import private

    stamp = options.out / "nbgrader" / "proved.json"
    proved = store.read_json(stamp) or []
    for (unit, name), assignment in assignments.items():
        notebook = Notebook(options.notebooks / unit / f"{name}.ipynb")
        if options.notebooks == NOTEBOOKS and not private.files_for(options.tests, notebook):
            continue
        job = solved_job(assignment, options.out, options.unsafe)
        if job.key in proved:
            continue
        failing = [t for t in examine.examine(job)["tasks"] if t["verdict"] != "pass"]
        if failing:
            lines = [f"{t['task']}: {t.get('detail') or t['reason']}" for t in failing]
            raise Problem(
                f"{unit}/{name}: the solution itself fails these tests, so nobody could pass them; "
                "nothing is graded:\n  " + "\n  ".join(lines),
                exit_code=1,
            )
        proved.append(job.key)
        write_text(stamp, json.dumps(proved))


def solved_job(assignment: Assignment, out: Path, unsafe: bool) -> Job:
    """Return the work on a notebook that is handed in with the course's own solutions."""
    import nbformat

    unit, name, course = assignment.unit, assignment.name, assignment.course
    released = (out / "nbgrader" / "release" / unit / f"{name}.ipynb").read_bytes()
    tasks = tasks_among(nbformat.reads(course, as_version=4).cells, f"{unit}/{name}")
    content = filled(released, {task.name: task.solution for task in tasks})
    return Job("solved", unit, name, content, course, assignment.locked, unsafe=unsafe)


def filled(released: bytes, sources: dict[str, str]) -> bytes:
    """Return a released notebook with solution cells filled in, as a student hands it in."""
    content = json.loads(released)
    for cell in content["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = sources.get(name, cell["source"])
    return json.dumps(content).encode()

"""The course's side: what notebooks are graded with, proved before any student is graded."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.notebook.assignment import Assignment
from tools.notebook.cells import grading
from tools.notebook.common import Notebook, Problem
from tools.notebook.tasks import describe, tasks_among
from tools.teach.grade import gradebook, store
from tools.teach.grade.submission import Job, examine


def prepare(
    chosen: Iterable[Assignment], out: Path, tests: Path | None
) -> dict[tuple[str, str], Job]:
    """Put assignments into the gradebook, and return a job without a student for each notebook.

    Tests that are not the course's own are proved first: a wrong one gives everybody nothing.
    """
    from tools.teach import private

    assignments = {}
    for each in sorted(chosen, key=lambda assignment: assignment.name):
        unit = each.name
        signature, state = out / "nbgrader" / f"{unit}.json", files_of(each, tests)
        graded_with = store.read_json(signature)
        if tests is None and any(str(file[0]).endswith(".py") for file in graded_with or []):
            raise Problem(
                f"{unit} was graded with private tests before: give --tests again, or another "
                "folder with --out; nothing was graded"
            )
        current = unit in gradebook.units(out) and graded_with == state
        if not current:
            gradebook.refuse_other_tasks(out, unit, graded_cells(each))
            signature.unlink(missing_ok=True)
            release(each, out, tests)
        for notebook in each.notebooks:
            course = without_outputs(private.copy_with(notebook, tests))
            released = out / "nbgrader" / "release" / unit / notebook.path.name
            locked = describe(Notebook(released).content.cells)["locked"]
            job = Job("", unit, notebook.path.stem, b"", course, locked)
            if not current and (not each.is_of_course or private.files_for(tests, notebook)):
                prove(solved(job, out))
            assignments[unit, notebook.path.stem] = job
        write_text(signature, json.dumps(state))
    return assignments


def files_of(chosen: Assignment, tests: Path | None) -> list[Any]:
    """Return names, sizes and times of the files that a release is made of."""
    from tools.teach import private

    files = [notebook.path for notebook in chosen.notebooks]
    files += [path for notebook in chosen.notebooks for path in private.files_for(tests, notebook)]
    return [
        "proved",
        *([str(file), file.stat().st_size, file.stat().st_mtime_ns] for file in files),
    ]


def release(chosen: Assignment, out: Path, tests: Path | None) -> None:
    """Make the student version of an assignment, and put its cells into the gradebook."""
    from tools.teach import generate, private

    generate.student_version(chosen, out / "nbgrader", tests=tests)
    source = out / "nbgrader" / "source"
    if not chosen.is_of_course:
        private.prove(chosen, source, None, "graded")
    elif tests:
        private.prove(chosen, source, tests, "graded")


def graded_cells(chosen: Assignment) -> set[str]:
    """Return the cells that nbgrader has rows for, as ``NOTEBOOK/CELL``."""
    return {
        f"{notebook.path.stem}/{grading(cell)['grade_id']}"
        for notebook in chosen.notebooks
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

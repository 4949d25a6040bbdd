"""The course's side: what notebooks are graded with, proved before any student is graded."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.notebook.cells import grading
from tools.notebook.common import NOTEBOOKS, Notebook, Problem
from tools.notebook.tasks import describe, tasks_among
from tools.teach.grade import gradebook, output
from tools.teach.grade.submission import Job, examine


@dataclass(frozen=True)
class Assignment:
    """What the grader knows of one notebook of the course."""

    unit: str
    name: str
    course: str
    locked: dict[str, str]


def notebooks_in(source: Path) -> list[Notebook]:
    """Return the notebooks of a folder of units, in order."""
    return [Notebook(p) for p in sorted(source.glob("*/*.ipynb"))]


def prepare(
    units: Iterable[str], out: Path, tests: Path | None, source: Path = NOTEBOOKS
) -> dict[tuple[str, str], Assignment]:
    """Put units into the gradebook, and return what their notebooks are graded with.

    nbgrader makes the student version too: the locked cells that came back are compared with it.
    """
    from tools.teach import generate, private

    masters = {}
    for unit in sorted(units):
        folder = out / "nbgrader"
        mark = folder / f"{unit}.json"
        state = json.dumps(["proved", *release_state(unit, tests, source)])
        current = unit in gradebook.units(out / output.GRADEBOOK) and mark.is_file()
        if not current or mark.read_text(encoding="utf-8") != state:
            gradebook.refuse_other_tasks(out / output.GRADEBOOK, unit, graded_cells(unit, source))
            mark.unlink(missing_ok=True)
            generate.student_version(unit, folder, source, tests=tests)
            if tests is not None or source != NOTEBOOKS:
                place = folder / "source" if tests is not None else source
                private.prove(unit, place, None if source != NOTEBOOKS else tests, "graded")
            write_text(mark, state)
        for notebook in (n for n in notebooks_in(source) if n.path.parent.name == unit):
            course = private.copy_with(notebook, tests)
            released = Notebook(folder / "release" / unit / notebook.path.name)
            masters[unit, notebook.path.stem] = Assignment(
                unit,
                notebook.path.stem,
                without_outputs(course),
                describe(released.content.cells)["locked"],
            )
    return masters


def graded_cells(unit: str, source: Path) -> dict[str, set[str]]:
    """Return the names of a unit's cells that nbgrader keeps, by notebook."""
    kept = ("grade", "solution", "task", "locked")
    return {
        n.path.stem: {
            grading(c)["grade_id"]
            for c in n.content.cells
            if any(grading(c).get(kind) for kind in kept)
        }
        for n in notebooks_in(source)
        if n.path.parent.name == unit
    }


def release_state(unit: str, tests: Path | None, source: Path) -> list[tuple[str, float, int]]:
    """Return names, times and sizes of the files that a unit's release is made of."""
    files = sorted((source / unit).glob("*.ipynb"))
    files += sorted((tests / unit).rglob("*.py")) if tests else []
    return [(str(f), f.stat().st_mtime, f.stat().st_size) for f in files]


def without_outputs(content: Any) -> str:
    """Return a notebook as JSON without outputs, which nobody needs on a worker."""
    import nbformat

    for cell in content.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nbformat.writes(content)


def prove(masters: dict, out: Path, source: Path, options: argparse.Namespace) -> None:
    """Grade the solutions before any student: tests that they fail give everybody nothing.

    What the course's own self-test proves is left out. Raises Problem if a solution does not get
    full points from the tests that are not the course's own.
    """
    from tools.teach import private

    mark = out / "nbgrader" / "proved.json"
    proved = json.loads(mark.read_text(encoding="utf-8")) if mark.is_file() else []
    for (unit, name), master in masters.items():
        notebook = Notebook(source / unit / f"{name}.ipynb")
        if source == NOTEBOOKS and not private.files_for(options.tests, notebook):
            continue
        job = solved_job(unit, name, master, out, options)
        if job.key in proved:
            continue
        failing = [t for t in examine(job)["tasks"] if t["verdict"] != "pass"]
        if failing:
            told = [f"{t['task']}: {t.get('detail') or t['reason']}" for t in failing]
            raise Problem(
                f"{unit}/{name}: the solution itself fails these tests, so nobody could pass them; "
                "nothing is graded:\n  " + "\n  ".join(told),
                exit_code=1,
            )
        proved.append(job.key)
        write_text(mark, json.dumps(proved))


def solved_job(
    unit: str, name: str, master: Assignment, out: Path, options: argparse.Namespace
) -> Job:
    """Return the work on a notebook that is handed in with the course's own solutions."""
    import nbformat

    released = (out / "nbgrader" / "release" / unit / f"{name}.ipynb").read_bytes()
    known = tasks_among(nbformat.reads(master.course, as_version=4).cells, f"{unit}/{name}")
    content = filled(released, {t.name: t.solution for t in known})
    return Job("solved", unit, name, content, master.course, master.locked, unsafe=options.unsafe)


def filled(released: bytes, sources: dict[str, str]) -> bytes:
    """Return a released notebook with solution cells filled in, as a student hands it in."""
    content = json.loads(released)
    for cell in content["cells"]:
        block = cell["metadata"].get("nbgrader", {})
        if block.get("grade_id") in sources:
            cell["source"] = sources[block["grade_id"]]
    return json.dumps(content).encode()

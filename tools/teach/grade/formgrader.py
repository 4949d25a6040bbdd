"""The folders that nbgrader's formgrader looks for, and the call that opens it.

It lists an assignment that has ``source/``, a submission that has ``submitted/`` and
``autograded/``, and shows the notebook in the latter. Here that is a sheet to mark: each open
question with its rubric, the model answer and the student's, then the tasks. Answers are text:
formgrader shows HTML as it finds it, in a page that may use Jupyter with the teacher's rights.
Nothing that can be run lies in ``submitted/``.
"""

import argparse
import html
import os
import shlex
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat

from data.core.files import write_bytes, write_text
from tools.learn import lab
from tools.notebook.cells import is_question, is_solution, is_test, name_of, text_above
from tools.notebook.common import BUILD, Problem, shown
from tools.teach.grade import gradebook, store
from tools.teach.grade.assignments import filled
from tools.teach.grade.pages import visible


def main(options: argparse.Namespace) -> int:
    """Write the folders, and open formgrader on them until Ctrl-C."""
    out = options.out
    gradebook.require(out)
    course = out / "nbgrader"
    with store.only_one(out):
        outcomes, state = gradebook.update(out)  # it may be a copy that was put back
        nameable = [o for o in outcomes if is_name(o["student"])]
        write(course, nameable, state.times, options.notebooks)
    if others := {o["student"] for o in outcomes} - {o["student"] for o in nameable}:
        listed = visible(", ".join(sorted(others)))
        print(f"not shown, since these ids of the class list can't name a folder: {listed}")
    print(f"notebooks that can be marked: {len(nameable)}; after that, write the pages again:")
    print(f"  {command(out, '--feedback')}")
    port = lab.free_port("localhost", None)
    return lab.open_lab(course, "/formgrader/gradebook", dict(os.environ), port=port)


def command(out: Path, *words: str) -> str:
    """Return a call of ``grade`` for an output folder, as it is typed."""
    where = () if out == BUILD / "grade" else ("--out", shown(out))
    return shlex.join(["python", "course.py", "grade", *words, *where])


def write(
    course: Path,
    outcomes: Iterable[Mapping[str, Any]],
    times: Mapping[tuple[str, str], float],
    notebooks: Path,
) -> None:
    """Write the folders of an nbgrader course.

    ``notebooks`` is the folder of units with the model answers.
    """
    for name in ("submitted", "autograded"):
        shutil.rmtree(course / name, ignore_errors=True)
    # At each page it complains where it has no folder to exchange files by, which nobody uses here.
    (course / "exchange").mkdir(parents=True, exist_ok=True)
    config = f"c = get_config()\nc.Exchange.root = {str(course / 'exchange')!r}\n"
    write_text(course / "nbgrader_config.py", config)
    for path in sorted((course / "release").glob("*/*.ipynb")):
        source = course / "source" / path.parent.name / path.name
        if not source.is_file():  # with private tests there is one
            write_bytes(source, path.read_bytes())
    for outcome in outcomes:
        student, unit, notebook = store.key_of(outcome)
        released = course / "release" / unit / f"{notebook}.ipynb"
        if not released.is_file():
            raise Problem(f"there is no {shown(released)}: grade an upload of {unit} again")
        answers = {t["task"]: t["answer"] for t in outcome["tasks"] if t["answer"]}
        answers |= {q["task"]: as_text(q["answer"]) for q in outcome["questions"] if q["answer"]}
        sheet = sheet_of(released, notebooks / unit / released.name, answers)
        write_bytes(course / "autograded" / student / unit / released.name, sheet)
        submitted = course / "submitted" / student / unit
        submitted.mkdir(parents=True, exist_ok=True)
        if seconds := times.get((student, unit)):
            when = datetime.fromtimestamp(seconds, UTC)
            write_text(submitted / "timestamp.txt", f"{when:%Y-%m-%d %H:%M:%S.%f} UTC\n")


def is_name(student: str) -> bool:
    """Say whether a student's id can be the name of a folder, as nbgrader needs it."""
    is_plain = student not in ("", ".", "..") and not {"/", "\\", "\0"} & {*student}
    return is_plain and len(student.encode(errors="replace")) <= 255


def sheet_of(released: Path, solved: Path, answers: dict[str, str]) -> bytes:
    """Return what is marked of a notebook: its questions, then its tasks, each below its text."""
    content = nbformat.reads(filled(released.read_bytes(), answers), as_version=4)
    models = {}
    if solved.is_file():
        cells = nbformat.read(solved, as_version=4).cells
        models = {name_of(cell): cell.source for cell in cells if is_question(cell)}
    content.cells = [*questions_of(content.cells, models), *tasks_of(content.cells)]
    return nbformat.writes(content).encode()


def questions_of(cells: list[Any], models: Mapping[str, str]) -> Iterator[Any]:
    """Yield each open question, its model answer and what the student wrote."""
    for cell in filter(is_question, cells):
        if above := text_above(cells, cell):
            yield above
        if model := models.get(name_of(cell)):
            yield nbformat.v4.new_markdown_cell(f"**Model answer**\n\n{model}")
        yield cell


def tasks_of(cells: list[Any]) -> Iterator[Any]:
    """Yield the text of each task, the student's solution and the visible tests."""
    for cell in cells:
        if is_solution(cell) and (above := text_above(cells, cell)):
            yield above
        if is_solution(cell) or is_test(cell):
            yield cell


def as_text(answer: str) -> str:
    """Return an answer as HTML that shows it as it is, in lines that wrap."""
    style = "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; font: inherit"
    return f'<pre style="{style}">{html.escape(answer)}</pre>'

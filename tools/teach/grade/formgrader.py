"""The folders that nbgrader's formgrader looks for beside the gradebook.

It lists an assignment that has ``source/``, a submission that has ``submitted/`` and
``autograded/``, and shows the notebook in the latter. Those are the released notebooks with the
students' answers in them, as text: formgrader shows HTML as it finds it, in a page that may use
Jupyter with the teacher's rights. Nothing that can be run lies in ``submitted/``.
"""

import argparse
import re
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.core.files import write_bytes, write_text
from tools.notebook.common import Problem, shown
from tools.teach.grade import gradebook, store
from tools.teach.grade.assignments import filled


def main(options: argparse.Namespace) -> int:
    """Write the folders, and say how to open formgrader."""
    out = options.out
    gradebook.require(out)
    course = out / "nbgrader"
    with store.only_one(out):
        outcomes, state = gradebook.update(out)  # it may be a copy that was put back
        number = write(course, outcomes, state.times)
    print(f"{number} student notebooks are ready for nbgrader's formgrader; start it like this:")
    print(f"  cd {shlex.quote(str(course))} && {shlex.quote(sys.executable)} -m jupyterlab")
    print("then open /formgrader instead of /lab; after marking, write the pages again:")
    print(f"  python course.py grade --feedback --out {shlex.quote(shown(out))}")
    return 0


def write(
    course: Path,
    outcomes: Iterable[Mapping[str, Any]],
    times: Mapping[tuple[str, str], float],
) -> int:
    """Write the folders of an nbgrader course; return how many notebooks of students there are."""
    for name in ("submitted", "autograded"):
        shutil.rmtree(course / name, ignore_errors=True)
    number = 0
    for path in sorted((course / "release").glob("*/*.ipynb")):
        source = course / "source" / path.parent.name / path.name
        if not source.is_file():  # with private tests there is one
            write_bytes(source, path.read_bytes())
    for outcome in outcomes:
        student, unit, notebook = store.key_of(outcome)
        if student in ("", ".", "..") or "/" in student or "\\" in student:
            continue
        released = course / "release" / unit / f"{notebook}.ipynb"
        if not released.is_file():
            raise Problem(f"there is no {shown(released)}: grade an upload of {unit} again")
        answers = {t["task"]: t["answer"] for t in outcome["tasks"] if t["answer"]}
        answers |= {q["task"]: fenced(q["answer"]) for q in outcome["questions"] if q["answer"]}
        answered = filled(released.read_bytes(), answers)
        write_bytes(course / "autograded" / student / unit / released.name, answered)
        submitted = course / "submitted" / student / unit
        submitted.mkdir(parents=True, exist_ok=True)
        if seconds := times.get((student, unit)):
            when = datetime.fromtimestamp(seconds, UTC)
            write_text(submitted / "timestamp.txt", f"{when:%Y-%m-%d %H:%M:%S.%f} UTC\n")
        number += 1
    return number


def fenced(text: str) -> str:
    """Return a text as Markdown that shows it as it is."""
    longest = max((len(run) for run in re.findall("~+", text)), default=0)
    fence = "~" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"

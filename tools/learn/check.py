"""``course.py check``: what a student runs before handing in.

In a folder that ``release`` made, ``data/release.json`` says which graded cells a notebook was
given and what its locked cells held. A copy is read as ``grade`` reads it (``matching.py``).
"""

from __future__ import annotations

import ast
import getpass
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
import zipfile
from pathlib import Path
from typing import Any

from tqdm import tqdm

from data.core.files import write_text
from tools.commands import RELEASED
from tools.learn import checked, work
from tools.learn.again import again, again_file, fresh
from tools.notebook import matching
from tools.notebook.cells import fingerprint, heading_of, is_answered, is_question, name_of, test_of
from tools.notebook.common import (
    BUILD,
    NOTEBOOKS,
    ROOT,
    UTF_8,
    Notebook,
    Parser,
    Problem,
    all_notebooks,
    remedy,
    select,
    shown,
    units,
)
from tools.notebook.explain import statement
from tools.notebook.tasks import UNSOLVED, Task, describe, tasks_among

NOT_PYTHON = ("SyntaxError", "IndentationError")
SPLIT = "the cell was split in two: merge it with the cell below (Edit, Merge Cell Below)"
SECONDS = 600  # of a task, by the clock: only what hangs meets it


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py check``."""
    p = Parser(
        prog="python course.py check",
        description="Run the visible tests of a notebook and list what is unsolved. "
        "A check that passes here is no grade: hidden tests and open questions come later.",
    )
    p.add_argument("notebook", nargs="?", help="a path, or numbers such as 06/01; 06 is the unit")
    p.add_argument("--pack", metavar="UNIT", help="make the zip of a unit that is handed in")
    p.add_argument("--name", help="yours, for the zip's name (default: your login name)")
    options = p.parse_args(argv)
    if bool(options.notebook) == bool(options.pack):
        raise Problem("name a notebook to check, or --pack a unit")
    if options.pack:
        return pack(options.pack, options.name)
    found, missing = find(options.notebook)
    codes = [check_notebook(notebook) for notebook in found]
    if missing:
        print(f"no copy yet of {', '.join(missing)}: `python course.py lab` makes them")
    return max(codes)


def find(name: str) -> tuple[list[Notebook], list[str]]:
    """Return the learner's copies that a path, a number or a unit means, and which are missing."""
    path = Path(name)
    if path.suffix == ".ipynb":
        if not path.is_file():
            raise Problem(f"there is no file {name}")
        return [Notebook(path.resolve())], []
    chosen = [Notebook(work.place() / f"{n.name}.ipynb") for n in select([name])]
    here = [n for n in chosen if n.path.is_file()]
    if not here:
        raise Problem(
            f"there is no {shown(chosen[0].path)}: `python course.py lab {chosen[0].id}` makes it; "
            "a copy of another name is checked by its path, and graded under its own name alone"
        )
    return here, [n.id for n in chosen if n not in here]


def check_notebook(notebook: Notebook) -> int:
    """Run a notebook's visible tests in a process of their own and print the outcome."""
    number = f"{notebook.id}  " if notebook.path.parent.name in units() else ""
    if work.damaged(notebook.path):
        print(f"{number}{fresh(notebook)}")
        return 1
    print(f"{number}{shown(notebook.path)}, {age(notebook.path)}", flush=True)
    wrong = cells_amiss(notebook)
    results = outcomes(notebook)
    tampered = edited(notebook)
    for r in results:
        if test_of(r["task"]) in tampered:  # what it would pass is not what it is graded with
            r |= {"error": "its test was edited", "told": []}
        elif r["error"].startswith(NOT_PYTHON) and goes_on_below(notebook, r["task"]):
            r |= {"error": SPLIT, "told": []}
    if not results and not wrong:
        print("it has no graded task")
        return 0
    good = sum(not r["error"] for r in results)
    lines = [line for r in results for line in verdict(r)]
    questions = unanswered(notebook)
    lines += [f'  open      the question under "{q}" has no answer yet' for q in questions]
    lines += [f"  mend      {finding}" for finding in wrong]
    empty = [r["task"] for r in results if r["error"] == UNSOLVED]
    lines += [f"  note      {note}" for note in [*notes(notebook), *elsewhere(notebook, empty)]]
    if course_changed(notebook):
        lines.append(
            "  note      the course has changed this notebook since your copy was made: "
            f"`python course.py lab {notebook.id}` carries your answers over"
        )
    if is_solved(notebook):
        mine = f"{shown(work.WORK)}/{notebook.name}.ipynb"
        lines.append(f"  note      this is the solved notebook; yours is {mine}")
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    for line in lines:
        print(folded(line, width))
    print(f"{good} of {len(results)} tasks pass their visible tests")
    if good == len(results) and not wrong and not questions:
        print("what can be seen from here is done; `python course.py progress` says what is next")
    checked.remember(notebook, readable_tasks(notebook), results)  # for `progress`
    return 0 if good == len(results) and not wrong else 1


def goes_on_below(notebook: Notebook, task: str) -> bool:
    """Say whether a solution is Python only together with the cell below it: it was split."""
    cells = [cell for cell in matched(notebook).cells if cell["cell_type"] == "code"]
    place = next(k for k, cell in enumerate(cells) if name_of(cell) == task)
    below = cells[place + 1 : place + 2]
    if not below or name_of(below[0]):
        return False
    try:
        ast.parse(f"{cells[place]['source']}\n{below[0]['source']}")
    except SyntaxError:
        return False
    return True


def course_changed(notebook: Notebook) -> bool:
    """Say whether a copy in ``work/`` was made of an older notebook than the course now has."""
    if RELEASED.is_file() or not notebook.path.is_relative_to(work.WORK):
        return False
    same = [n for n in all_notebooks() if n.name == notebook.name]
    return bool(same) and work.changed_since(same[0], work.WORK)


def is_solved(notebook: Notebook) -> bool:
    """Say whether this is one of the course's own notebooks, or the copy of one to look at."""
    folders = (NOTEBOOKS, work.WORK / work.SOLVED)
    return not RELEASED.is_file() and any(notebook.path.is_relative_to(f) for f in folders)


def verdict(result: dict[str, Any]) -> list[str]:
    """Return what is printed of one task."""
    name = f"{result['task']} ({result['points']} points)"
    if not result["error"]:
        return [f"  passes    {name}", *(f"              {line}" for line in result["told"])]
    if result["error"] == UNSOLVED:
        return [f"  unsolved  {name}", *(f"              {line}" for line in result["told"])]
    first = re.sub(r" \(<\w+>, line \d+\)$|: $", "", result["error"].splitlines()[0])
    return [f"  fails     {name}: {first}", *(f"              {line}" for line in result["told"])]


def folded(line: str, width: int) -> str:
    """Fold a line at words, so that what follows stands below where its text began."""
    indent = len(re.findall(r"^ *(?:\w+ {2,})?", line)[0])
    return textwrap.fill(line, width, subsequent_indent=" " * indent, break_on_hyphens=False)


def age(path: Path) -> str:
    """Return how long ago a file was saved, as a person says it."""
    seconds = max(0.0, time.time() - path.stat().st_mtime)
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            number = int(seconds // size)
            if number > 365 and name == "day":  # the date that files have in a release's zip
                return "not saved since you got it"
            return f"saved {number} {name}{'s' if number > 1 else ''} ago"
    return "saved just now"


# ------------------------------------------------------------------ tests


def outcomes(notebook: Notebook) -> list[dict[str, Any]]:
    """Run the tasks in a process that may hang or die without harm, and return what came of each.

    Cells are read as they are graded. A task that ends the process costs none but itself: the next
    process goes on behind it.
    """
    found, known = matched(notebook), given(notebook)["cells"]
    tasks = {task.name: task for task in readable_tasks(notebook, found.cells)}
    foreign = tasks.keys() - known.keys()
    lines = {name: {"error": "it can't be graded", "told": []} for name in sorted(found.unclear)}
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        copy = Path(folder) / notebook.path.name
        write_text(copy, json.dumps(notebook.content | {"cells": found.cells}))
        while left := [name for name in tasks if name not in lines.keys() | foreign]:
            ran, reason = run_tasks(copy, left, [*lines, *foreign])
            lines |= ran
            if left := [name for name in left if name not in lines]:
                lines[left[0]] = ended(tasks[left[0]], reason)
    for name, line in lines.items():
        if line["error"] == UNSOLVED and not line["told"]:
            line["told"] = to_write(tasks[name])
    return [
        {"task": name, "points": int(known[test_of(name)]["nbgrader"]["points"]), **lines[name]}
        for name in known
        if name in lines and test_of(name) in known
    ]


def to_write(task: Task) -> list[str]:
    """Return what a task's function is to do, as the docstring of its cell begins."""
    for node in ast.parse(task.solution).body:
        text = ast.get_docstring(node) if isinstance(node, ast.FunctionDef | ast.ClassDef) else None
        if text:
            return [f"to write: {text.partition(chr(10))[0]}"]
    return []


def ended(task: Task, reason: str) -> dict[str, Any]:
    """Return what is told of a task that ended the process, or did not end itself."""
    if not (late := re.search(r"^Timeout \(.*", reason, flags=re.S | re.M)):
        last = (reason.strip().splitlines() or ["no message"])[-1]
        return {"error": f"Python ended here ({last}); is there a call that ends it?", "told": []}
    error = f"not finished after {SECONDS} s; is there a loop that does not end?"
    place = re.search(r'File "<solution>", line (\d+)', late[0])  # the innermost call comes first
    if not place:
        return {"error": error, "told": []}
    line = int(place[1])
    return {"error": error, "told": [f"line {line} of your cell: {statement(task.solution, line)}"]}


def readable_tasks(notebook: Notebook, cells: list[Any] | None = None) -> list[Task]:
    """Return the tasks of a student's cells, whose metadata may be damaged."""
    try:
        return tasks_among(notebook.content.cells if cells is None else cells, notebook.name)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Problem(
            f"the metadata of a graded cell of {notebook.path.name} is damaged "
            f"({type(error).__name__}: {error}); copy your code into a fresh copy of the notebook",
            exit_code=1,
        ) from None


def run_tasks(
    path: Path, names: list[str], done: list[str]
) -> tuple[dict[str, dict[str, Any]], str]:
    """Run the tasks of a notebook that are not done yet, in a process of their own.

    Returns by task, of those that it came to, the error ("" if it passes) and what it is due to;
    and what the process said at its end.
    """
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        # A file of their own: a student's functions print what they like, and how they like.
        record = Path(folder) / "outcomes"
        record.touch()
        words = [str(path), str(record), str(SECONDS), *done]
        with open(Path(folder) / "messages", "w+", encoding="utf-8", errors="replace") as messages:
            process = subprocess.Popen(
                [sys.executable, "-m", "tools.notebook.tasks", *words],
                cwd=ROOT,
                env=os.environ | UTF_8,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=messages,  # a file: a pipe is open as long as any process of a task
            )
            with process:
                try:
                    watch(process, record, [name for name in names if name not in done])
                except BaseException:  # such as Ctrl-C
                    process.kill()
                    raise
            messages.seek(0)
            reason = f"{messages.read()}\nexit code {process.returncode}"
        lines = map(json.loads, record.read_text(encoding="utf-8").splitlines())
        return {line.pop("task"): line for line in lines}, reason


def watch(process: subprocess.Popen[bytes], record: Path, names: list[str]) -> None:
    """Wait for the process of some tasks; on a terminal say which one runs, and since when."""
    with tqdm(total=len(names), unit="task", leave=False, disable=None) as bar:
        while True:
            done = min(record.read_bytes().count(b"\n"), len(names))
            bar.n = done
            if done < len(names):
                bar.set_description(f"{names[done]}, at most {SECONDS} s")
            try:
                process.wait(timeout=0.2)
                return
            except subprocess.TimeoutExpired:
                continue


def unanswered(notebook: Notebook) -> list[str]:
    """Return the headings of the open questions without an answer, in their cell or below it."""
    return [heading for heading, below in empty_questions(notebook) if not below]


def empty_questions(notebook: Notebook) -> list[tuple[str, bool]]:
    """Return the headings of questions whose cell is empty, and whether an answer stands below."""
    cells = matched(notebook).cells
    answers = {name for name, _ in own_cells(notebook)}
    return [
        (heading_of(cells, c), name_of(c) in answers)
        for c in cells
        if is_question(c) and not is_answered(c.source)
    ]


def own_cells(notebook: Notebook) -> list[tuple[str, Any]]:
    """Return the cells that a student has added, each with the grade_id of the cell above."""
    return matching.own_cells(matched(notebook).cells, given(notebook))


def elsewhere(notebook: Notebook, unsolved: list[str]) -> list[str]:
    """Return which answers do not stand in the cells that were given for them."""
    own, known = own_cells(notebook), given(notebook)["cells"]
    found = [
        f"{name}: {matching.ELSEWHERE}"
        for name in unsolved
        if name in known and matching.is_elsewhere(known[name], own)
    ]
    return found + [
        f"{heading}: {matching.BELOW}" for heading, below in empty_questions(notebook) if below
    ]


# ------------------------------------------------------------------ what was released


def given(notebook: Notebook) -> dict[str, Any]:
    """Return what a copy is compared with: what was released, else the copy itself."""
    return released(notebook) or describe(notebook.content.cells)


def matched(notebook: Notebook) -> matching.Matched:
    """Return the cells of a copy as they are graded, and what is to be said of them."""
    return matching.match(notebook.content.cells, given(notebook))


def released(notebook: Notebook) -> dict[str, Any] | None:
    """Return what a notebook was released with; None where this folder does not know it.

    A copy in a folder that is no unit is known by its file's name; one in ``work/`` by what it was
    made from, and one elsewhere by what the course gives now.
    """
    if is_solved(notebook):
        return None
    before = work.WORK / work.GIVEN / f"{notebook.name}.ipynb"
    if notebook.path.is_relative_to(work.WORK) and before.is_file():
        return describe(Notebook(before).content.cells)
    every = released_all()
    if notebook.path.parent.name in units():
        return every.get(notebook.name) or of_course(notebook.name)
    names = every or [n.name for n in all_notebooks()]
    same = [name for name in names if name.endswith(f"/{notebook.path.stem}")]
    name = notebook.name if notebook.name in names else same[0] if len(same) == 1 else ""
    return every.get(name) or of_course(name)


def of_course(name: str) -> dict[str, Any] | None:
    """Return what the course gives of a notebook; None in a release, or where it has no such one.

    A release's own notebooks are the student's.
    """
    same = [n for n in all_notebooks() if n.name == name and not RELEASED.is_file()]
    return describe(work.unsolved(same[0]).cells) if same else None


def released_all() -> dict[str, dict[str, Any]]:
    """Return what this folder's notebooks were released with, by name; empty in the course."""
    if not RELEASED.is_file():
        return {}
    try:
        return json.loads(RELEASED.read_text(encoding="utf-8"))["notebooks"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(
            f"{shown(RELEASED)} can't be read ({error}); "
            "take that file again from the zip that you were given"
        ) from None


def cells_amiss(notebook: Notebook) -> list[str]:
    """Return what happened to graded cells that must not: missing, doubled, edited."""
    lines = [line for line in matched(notebook).lines() if matching.FOREIGN not in line]
    return lines + [again(notebook)] * any(matching.COPY in line for line in lines)


def edited(notebook: Notebook) -> list[str]:
    """Return the names of the locked cells that hold something else than what was given."""
    return [
        name
        for name, sentences in matched(notebook).findings.items()
        if matching.EDITED in sentences
    ]


def notes(notebook: Notebook) -> list[str]:
    """Return what is allowed, and yet will surprise whoever is graded."""
    foreign = [line for line in matched(notebook).lines() if matching.FOREIGN in line]
    have = {fingerprint(c.source) for c in notebook.content.cells}
    if set(given(notebook)["given"]) <= have:
        return foreign
    return [
        *foreign,
        "a cell tagged 'imports' or 'given' was changed: your functions are graded with the "
        "original one, so put what they need into their own cells",
    ]


# ------------------------------------------------------------------ handing in


def pack(unit: str, name: str | None = None) -> int:
    """Write the unit's notebooks into one zip, and say what is unsolved or wrong in them."""
    every = all_notebooks(work.place())
    if not every:
        raise Problem("there is nothing to pack yet: `python course.py lab` makes your notebooks")
    wanted = re.sub(r"^(\./)?(notebooks|work)/", "", unit).rstrip("/").zfill(2)
    if "/" in wanted:
        raise Problem(f"a unit is handed in as a whole: --pack {wanted.partition('/')[0].zfill(2)}")
    chosen = [n for n in every if wanted in (n.path.parent.name, n.id[:2])]
    if not chosen:
        units = ", ".join(sorted({n.path.parent.name for n in every}))
        raise Problem(
            f"there is no unit {unit!r} in {shown(work.place())}/; it is one of {units or 'none'}"
        )
    folder = chosen[0].path.parent.name
    here = {n.name for n in chosen}
    whole = released_all() or {n.name: {} for n in all_notebooks()}
    wrong = [
        f"{shown(work.place())}/{name}.ipynb is missing; {again_file()}"
        for name in sorted(whole)
        if name.startswith(f"{folder}/") and name not in here
    ]
    for notebook in chosen:
        if work.damaged(notebook.path):
            raise Problem(fresh(notebook))  # nobody hands in what can't be read
        findings = cells_amiss(notebook)
        print(f"{notebook.id}  {summary(notebook)}", flush=True)
        wrong += [f"{notebook.id}: {finding}" for finding in findings]
    target = write_pack(f"{file_name(name)}_{folder}", chosen)
    print(f"notebooks packed into {shown(target)}: {len(chosen)}")
    if wrong:
        print("to mend before you hand it in; then pack again:")
    for finding in wrong:
        print(f"  {finding}")
    return 1 if wrong else 0


def summary(notebook: Notebook) -> str:
    """Return in one line how far a notebook is."""
    results = outcomes(notebook)
    good, empty = sum(not r["error"] for r in results), len(unanswered(notebook))
    text = f"{good} of {len(results)} tasks pass their visible tests"
    if good < len(results):
        text += f" (`python course.py check {notebook.id}` tells more)"
    return text + (f"; open questions without an answer: {empty}" if empty else "")


def file_name(name: str | None) -> str:
    """Return a person's name as every system takes it in a file's name."""
    try:
        name = name or getpass.getuser()
    except (ImportError, KeyError, OSError):  # a system that knows no login names
        name = "me"
    return re.sub(r"[^\w-]+", "_", name).strip("_").lower() or "me"


def write_pack(name: str, notebooks: list[Notebook]) -> Path:
    """Write the zip in one step: a half-made one is never handed in."""
    target = BUILD / f"{name}.zip"
    partial = target.with_suffix(".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Files that came out of a zip may carry a date that a zip can't hold.
        packing = zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(partial, "w", packing, strict_timestamps=False) as archive:
            for n in notebooks:
                archive.write(n.path, f"{n.name}.ipynb")
        partial.replace(target)
    except OSError as error:
        raise Problem(
            f"{shown(target)} can't be written ({error}); "
            + remedy(error, "set COURSE_BUILD_DIR to a folder that you may write to")
        ) from None
    return target

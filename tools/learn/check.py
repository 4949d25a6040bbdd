"""``course.py check``: what a student runs before handing in.

A copy is read as ``grade`` reads it (``matching.py``) and compared with what was given: in a folder
that ``release`` made, ``data/release.json`` describes it. What came of each task is saved for
``progress`` in ``.checked.json`` beside the notebooks.
"""

import ast
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock
from nbformat.v4 import new_code_cell
from tqdm import tqdm

from data.core.files import temporary_path, write_text
from tools.commands import RELEASED
from tools.learn import work
from tools.notebook import assignment, common, matching
from tools.notebook.bounds import FEW_THREADS
from tools.notebook.cells import fingerprint, heading_of, is_answered, is_question, name_of, test_of
from tools.notebook.common import Notebook, Parser, Problem, all_notebooks, select, shown
from tools.notebook.explain import GROWS, statement
from tools.notebook.handed_in import Course, too_large
from tools.notebook.matching import Finding
from tools.notebook.processes import MEMORY, TOO_MUCH_MEMORY, hold_more, kill_marked
from tools.notebook.tasks import UNSOLVED, Task, describe, tasks_among

CHECKED = ".checked.json"
ANSWER = "five to ten sentences are enough"  # as on the units' sheets
NOT_PYTHON = ("SyntaxError", "IndentationError")
SPLIT = "the cell was split in two: merge it with the cell below (Edit, Merge Cell Below)"
CHANGED = (
    "you changed a cell with the tag 'imports' or 'given'. Your functions are graded with the "
    "original cell, so put what they need into their own cells"
)
SECONDS = 600  # of a task, by the clock: only what waits without end meets it
BUSY_SECONDS = 60.0  # of a task, of processor time as in grade: neighbours cost nothing of it
OUT_OF_TIME = -getattr(signal, "SIGPROF", math.inf)  # the exit code of a task that was too long
COMMAND = (sys.executable, "-m", "tools.notebook.tasks")
ENDLESS = "is there a loop that does not end?"
MARK = "COURSE_CHECK"  # in the environment of what a task starts
KILLED = -9  # the exit code of a process that the system has ended: SIGKILL


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py check``."""
    p = Parser(
        prog="python course.py check",
        description="Run the visible tests of a notebook, and list the tasks that are not solved "
        "yet. Passing here is not a grade: hidden tests and open questions come later.",
    )
    p.add_argument("notebook", help="a path or a number: 06/01 is a notebook, 06 a unit")
    text = "also make the zip of the unit or assignment to hand in, build/NAME_UNIT.zip"
    p.add_argument("--pack", action="store_true", help=text)
    p.add_argument("--name", help="your name, for the zip (default: that of your home folder)")
    options = p.parse_args(argv)
    packed = assignment_of(options.notebook) if options.pack else None
    notebooks, missing = find(options.notebook, packed)
    for notebook in notebooks:
        if message := work.damage(notebook.path):
            raise Problem(message)
    codes = [check_notebook(notebook) for notebook in notebooks]
    for path in missing:
        print(f"{shown(path)} is missing; {work.fresh_copy()}")
    if packed:
        target = pack(notebooks, packed[0], options.name)
        print(f"notebooks packed into {shown(target)}: {len(notebooks)}")
        print(
            "".join(f"  {line}\n" for notebook in notebooks for line in lacking(notebook)), end=""
        )
        return 0  # it was made; whether all is solved stands above
    return 1 if missing else max(codes)


def assignment_of(name: str) -> tuple[str, list[str]]:
    """Return the name of the assignment that a word means, and its notebooks, to be packed.

    A release is one: whatever of it is named, all of it is handed in. In the course it is a unit,
    or one of assignments.toml.
    """
    if RELEASED.is_file():
        released = record()
        unit = min(released["notebooks"]).partition("/")[0]
        whole = released.get("assignment", unit)  # an older release is of a unit
        units = {notebook.partition("/")[0] for notebook in released["notebooks"]}
        numbers = {notebook[:2] for notebook in units}
        if name not in {whole} | units | numbers | {n.id for n in all_notebooks()}:
            raise Problem(f"this folder is the assignment {whole}: check --pack {whole}")
        return whole, sorted(released["notebooks"])
    found = assignment.get(name)
    unit = found or assignment.get(select([name])[0].unit)
    if unit is None:
        known = ", ".join(assignment.every())
        raise Problem(f"{name} belongs to no assignment that can be packed; there are {known}")
    return unit.name, sorted(notebook.name for notebook in unit.notebooks)


def find(name: str, packed: tuple[str, list[str]] | None) -> tuple[list[Notebook], list[Path]]:
    """Return the learner's copies that a path, a number or a unit means, and which are missing.

    With ``packed``, these are the notebooks of the assignment. Raises Problem if none is there.
    """
    path = Path(name)
    if path.suffix == ".ipynb" and path.is_file() and not packed:
        return [Notebook(path.resolve())], []
    names = packed[1] if packed else [n.name for n in select([name])]
    paths = [work.folder() / f"{name}.ipynb" for name in names]
    here = [Notebook(path) for path in paths if path.is_file()]
    if not here:
        raise Problem(
            f"there is no {shown(paths[0])}; {work.fresh_copy()}. If your copy has another name, "
            "check it by its path, and give it this name again before you hand it in"
        )
    return here, [path for path in paths if not path.is_file()]


def pack(notebooks: list[Notebook], assigned: str, name: str | None) -> Path:
    """Write the zip of an assignment that is handed in, in one step, and return its path."""
    person = re.sub(r"[^\w-]+", "_", name or Path.home().name).strip("_").lower() or "me"
    target = common.BUILD / f"{person}_{assigned}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        temporary_path(target) as partial,
        # Files that came out of a zip may carry a date that a zip can't hold.
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
    ):
        for notebook in notebooks:
            archive.write(notebook.path, f"{assigned}/{notebook.path.name}")
    return target


def lacking(notebook: Notebook) -> list[str]:
    """Return what a packed notebook lacks beside its tasks: answers, and a run to its end."""
    lines = compare(notebook, given(notebook), [])["open"]
    if waiting := not_run(notebook):
        lines.append(f"{waiting}: run it to its end, save, and pack again")
    return [f"{notebook.name}: {line}" for line in lines]


def not_run(notebook: Notebook) -> str:
    """Return how many cells of a saved notebook have not run, or ended in an error; "" for none."""
    code = [c for c in notebook.content.cells if c.cell_type == "code" and c.source.strip()]
    waiting = sum(
        cell.get("execution_count") is None
        or any(output.output_type == "error" for output in cell.outputs)
        for cell in code
    )
    return f"{waiting} of {len(code)} code cells have not run without an error" if waiting else ""


def check_notebook(notebook: Notebook) -> int:
    """Run a notebook's visible tests in a process of their own and print the outcome."""
    saved = time.strftime("%Y-%m-%d %H:%M", time.localtime(notebook.path.stat().st_mtime))
    print(f"{shown(notebook.path)}, saved {saved}", flush=True)
    known = given(notebook)
    results = outcomes(notebook, known)
    unsolved = [r["task"] for r in results if r["error"] == UNSOLVED]
    remarks = compare(notebook, known, unsolved)
    if not results and not remarks["mend"]:
        print("this notebook has no graded task")
        return 0
    remarks["mend"] += file_remarks(notebook)
    for result in results:
        print("\n".join(verdict(result)))
    for kind, texts in remarks.items():
        print("".join(f"  {kind:<9} {text}\n" for text in texts), end="")
    passing = sum(not r["error"] for r in results)
    print(f"{passing} of {len(results)} tasks pass their visible tests")
    solved = passing == len(results) and not remarks["mend"]
    if solved and not remarks["open"]:
        waiting = not_run(notebook)
        end = f"; {waiting}: now run the notebook to its end, and save it" if waiting else ""
        print(f"visible tests pass{end}")
        print("`python course.py progress` shows what comes next")
    save_results(notebook, known, results)
    return 0 if solved else 1


def verdict(result: dict[str, Any]) -> list[str]:
    """Return what is printed of one task."""
    points = f"{result['points']} point{'s' if result['points'] != 1 else ''}"
    line = f"{result['task']} ({points})"
    if not result["error"]:
        line = f"  passes    {line}"
    elif result["error"] == UNSOLVED:
        line = f"  unsolved  {line}"
    else:
        first = result["error"].splitlines()[0]
        line = f"  fails     {line}: " + re.sub(r" \(<\w+>, line \d+\)$|: $", "", first)
    return [line, *(f"{'':14}{text}" for text in result["explained"])]


def compare(notebook: Notebook, known: dict[str, Any], unsolved: list[str]) -> dict[str, list[str]]:
    """Return what there is to say of a copy's cells, compared with what was given.

    ``open`` are questions without an answer; ``mend`` what must not happen to a graded cell;
    ``note`` what is allowed, and yet will surprise whoever is graded.
    """
    matched = matching.match(notebook.content.cells, known)
    own = matching.own_cells(matched.cells, known)
    notes = matched.lines(Finding.FOREIGN, Finding.EDITED, Finding.MISSING_LOCKED)
    wrong = [line for line in matched.lines() if line not in notes]
    if matched.findings() & matching.FRESH_COPY:
        wrong.append(f"move {shown(notebook.path)} away, and {work.fresh_copy()}")
    questions = []
    sums = {fingerprint(cell.source) for cell in notebook.content.cells}
    if not {fingerprint(source) for source in known["given"]} <= sums:
        notes.append(CHANGED)
    notes += altered(notebook.content.cells, known)
    for name in unsolved:
        if matching.is_elsewhere(known["cells"][name], own):
            notes.append(f"{name}: {Finding.ELSEWHERE}")
    beside = matching.answers_beside(matched.cells, own, known)
    notes += [f"{name}: {text}" for name, text in beside.items()]
    filled = answered(matched.cells, own)
    for cell in matched.cells:
        if is_question(cell) and name_of(cell) not in filled:
            heading = heading_of(matched.cells, cell)
            questions.append(f'the question under "{heading}" has no answer yet; {ANSWER}')
    if is_solved(notebook):
        path = f"{shown(work.WORK)}/{notebook.name}.ipynb"
        notes.append(f"this is the solved notebook; yours is {path}")
    return {"open": questions, "mend": wrong, "note": notes}


def altered(cells: list[Any], known: dict[str, Any]) -> list[str]:
    """Return which code that was given, and that no task needs, is not as given."""
    sums = {fingerprint(cell.source) for cell in cells}
    now = {cell.get("id"): cell.source.splitlines() for cell in cells}
    lost: dict[str, list[str]] = {"changed": [], "deleted": []}
    for key, source in known.get("code", {}).items():  # an older release has none
        if fingerprint(source) not in sums:
            lines = [line for line in source.splitlines() if line not in now.get(key, [])]
            kind = "changed" if key in now else "deleted"
            lost[kind].append(f"`{(lines or [source])[0].strip()}`")
    return [
        f"given cells are {kind}: before you hand in, restore what had {', '.join(lines[:3])}"
        f"{' and others' if lines[3:] else ''}"
        for kind, lines in lost.items()
        if lines
    ]


def answered(cells: list[Any], own: Iterable[tuple[str, Any]] = ()) -> set[str]:
    """Return the open questions that have an answer: in their cell, or in ``own`` cells below."""
    filled = {name_of(c) for c in cells if is_question(c) and is_answered(c.source)}
    return filled | {above for above, _ in own}


# ------------------------------------------------------------------ tests


def graded(notebook: Notebook, known: dict[str, Any]) -> tuple[matching.Matched, dict[str, Task]]:
    """Return a copy's cells and its tasks as they are graded: with the cells that were given.

    An edited test counts as little as the imports do, and a lost one is found again.
    """
    matched = matching.match(notebook.content.cells, known)
    for cell in matched.cells:
        cell["source"] = known["tests"].get(name_of(cell), cell["source"])
    lost = known["tests"].keys() - {name_of(cell) for cell in matched.cells}
    for name in sorted(lost):
        metadata = {"nbgrader": known["cells"][name]["nbgrader"]}
        matched.cells.append(new_code_cell(known["tests"][name], metadata=metadata))
    tasks = tasks_among(matched.cells, notebook.name, "\n".join(known["given"]))
    return matched, {task.name: task for task in tasks}


def outcomes(notebook: Notebook, known: dict[str, Any]) -> list[dict[str, Any]]:
    """Run the tasks in a process that may hang or die without harm, and return what came of each.

    Cells are read as they are graded. A task that ends the process costs none but itself: the next
    process goes on behind it.
    """
    (matched, tasks), cells = graded(notebook, known), known["cells"]
    foreign = tasks.keys() - cells.keys()
    results = {name: failure("it can't be graded") for name in matched.unclear | foreign}
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        while left := [task for name, task in tasks.items() if name not in results]:
            results |= run_tasks(Path(folder), left)
    for name, result in results.items():
        if result["error"].startswith(NOT_PYTHON) and goes_on_below(matched.cells, name):
            results[name] = failure(SPLIT)
    return [
        {"task": name, "points": int(cells[test_of(name)]["nbgrader"]["points"]), **results[name]}
        for name in cells
        if name in results and test_of(name) in cells
    ]


def failure(error: str, *explained: str) -> dict[str, Any]:
    """Return the outcome of a task that failed: the error, and the lines that explain it."""
    return {"error": error, "explained": list(explained)}


def goes_on_below(cells: list[Any], task: str) -> bool:
    """Say whether a solution is Python only together with the cell below it: it was split."""
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    place = [name_of(cell) for cell in code].index(task)
    both = code[place : place + 2]
    try:
        ast.parse("\n".join(cell["source"] for cell in both))
    except SyntaxError:
        return False
    return not name_of(both[-1])


def run_tasks(folder: Path, tasks: list[Task]) -> dict[str, dict[str, Any]]:
    """Run tasks of a notebook in a process of their own, with files in a folder of its own.

    Returns by task the error ("" if it passes) and the lines that explain it. The last of them may
    have ended the process: those behind it are not run.
    """
    # Files: a student's functions print what they like, and a pipe is open as long as any process
    # of a task.
    given, record, messages = (folder / name for name in ("tasks", "outcomes", "messages"))
    write_text(given, json.dumps([asdict(task) for task in tasks]))
    record.write_bytes(b"")
    with (
        open(messages, "wb") as errors,
        subprocess.Popen(
            [*COMMAND, given, record, str(SECONDS), str(BUSY_SECONDS)],
            cwd=common.ROOT,
            env=os.environ | common.UTF_8 | FEW_THREADS | {MARK: str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        ) as process,
    ):
        over = watch(process, record, tasks)
    results = {}
    for line in record.read_text(encoding="utf-8").splitlines():
        result = json.loads(line)
        results[result.pop("task")] = result
    if lost := [task for task in tasks if task.name not in results]:
        said = messages.read_text(encoding="utf-8", errors="replace")
        reason = f"{TOO_MUCH_MEMORY}; {GROWS}" if over else why_ended(said, process.returncode)
        results[lost[0].name] = failure(reason, *where_ended(lost[0], said))
    return results


def watch(process: subprocess.Popen, record: Path, tasks: list[Task]) -> bool:
    """Show how far a process of tasks is until it ends, and end what they have started.

    Returns whether it was ended because they held too much memory.
    """
    with tqdm(total=len(tasks), unit="task", leave=False, disable=None) as bar:
        try:
            while process.poll() is None:
                bar.n = min(record.read_bytes().count(b"\n"), len(tasks) - 1)
                bar.set_description(tasks[bar.n].name)
                time.sleep(0.1)
                if hold_more(process.pid, MEMORY):
                    return True
        finally:  # after Ctrl-C, too
            process.kill()
            kill_marked(MARK, str(record.parent))
    return False


def why_ended(said: str, code: int) -> str:
    """Return why a process of tasks ended, given what it said to the terminal and its exit code."""
    if code == OUT_OF_TIME:
        return f"stopped after {BUSY_SECONDS:g} s of processor time; {ENDLESS}"
    if re.search(r"^Timeout \(", said, flags=re.M):
        return f"not finished after {SECONDS} s; {ENDLESS}"
    if code == KILLED or re.search("MemoryError|bad_alloc", said):
        return f"Python was ended (exit code {code}): this computer ran out of memory"
    if code < 0 or code >= 2**31:  # by a signal, or by an exception of Windows
        return f"Python crashed (exit code {code}), for example by too deep recursion"
    return f"Python ended here (exit code {code}); is there a call that ends it, as exit()?"


def where_ended(task: Task, said: str) -> list[str]:
    """Return the line of the cell in which a process of tasks ended, where it said so."""
    begins = r"^(Timeout \(|Fatal Python error|Windows fatal|Thread 0x|Current thread 0x).*"
    last = re.search(begins, said, flags=re.S | re.M)
    # The innermost call comes first.
    place = last and re.search(r'File "<solution>", line (\d+)', last[0])
    if not place:
        return []
    line = int(place[1])
    return [f"line {line} of your cell: {statement(task.solution, line)}"]


# ------------------------------------------------------------------ what was given


def given(notebook: Notebook) -> dict[str, Any]:
    """Return what a copy is compared with, as ``describe`` has it: its given form, or itself.

    In the course that is what the copy in ``work/`` was made from. A copy is known by the name of
    its file as in grading, else by the number in its metadata.
    """
    known = originals()
    same = meant(notebook, known)
    if len(same) != 1:
        same = numbered(notebook, known)
    if is_solved(notebook) or len(same) != 1:
        return describe(notebook.content.cells)
    if RELEASED.is_file():
        return known[same[0]]
    original = work.WORK / work.GIVEN / f"{same[0]}.ipynb"
    content = Notebook(original).content if original.is_file() else work.unsolved(known[same[0]])
    return describe(content.cells)


def meant(notebook: Notebook, known: Iterable[str]) -> list[str]:
    """Return the notebooks of the course that a file's name means: in grading it has to be one."""
    course = Course(name.partition("/")[::2] for name in known)
    return ["/".join(pair) for pair in course.notebooks_of(notebook.path.parts)]


def numbered(notebook: Notebook, known: Iterable[str]) -> list[str]:
    """Return the notebooks of the course that have the number in a copy's metadata."""
    return [n for n in known if Notebook(Path(f"{n}.ipynb")).id == notebook.meta.get("id")]


def file_remarks(notebook: Notebook) -> list[str]:
    """Return why a copy's file would not be graded, whatever its cells are."""
    if is_solved(notebook):
        return []
    known, lines = originals(), []
    if (count := len(meant(notebook, known))) != 1:
        name = next(iter(numbered(notebook, known)), "its unit/its given name")
        many = f"{count} notebooks of the course have" if count else "no notebook has"
        lines = [f"{many} this name: name the file {name}.ipynb"]
    large = too_large(notebook.path.read_bytes())
    return [*lines, large] if large else lines


def is_solved(notebook: Notebook) -> bool:
    """Say whether this is one of the course's own notebooks, or the copy of one to look at."""
    folders = (common.NOTEBOOKS, work.WORK / work.SOLVED)
    return not RELEASED.is_file() and any(notebook.path.is_relative_to(f) for f in folders)


def originals() -> dict[str, Any]:
    """Return by name what a release says of its notebooks; in the course, its own notebooks."""
    if not RELEASED.is_file():
        return {notebook.name: notebook for notebook in all_notebooks()}
    return record()["notebooks"]


def record() -> dict[str, Any]:
    """Return what a release says of itself: its assignment, and its notebooks by name."""
    try:
        content = json.loads(RELEASED.read_text(encoding="utf-8"))
        return content | {"notebooks": dict(content["notebooks"])}
    except (ValueError, KeyError, TypeError) as error:
        raise Problem(
            f"{shown(RELEASED)} can't be read ({error!r}); take that file again from the zip that "
            "you were given"
        ) from None


# ------------------------------------------------------------------ what is saved


def fingerprint_of(task: Task) -> str:
    """Return a fingerprint of all that decides whether a task passes its visible test."""
    return fingerprint("\n".join([task.given_code, task.solution, task.adapter, task.visible]))


def state_of(error: str) -> str:
    """Return the state of a task whose visible test ended with an error, or with none."""
    return {"": "passes", UNSOLVED: "empty"}.get(error, "fails")


def saved_results() -> dict[str, Any]:
    """Return what came of each task when it was last checked, by notebook and task.

    Where the file is damaged, that is said, and nothing is known.
    """
    path = work.folder() / CHECKED
    try:
        saved = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        if all(isinstance(task, dict) for tasks in saved.values() for task in tasks.values()):
            return saved
    except (ValueError, AttributeError):
        pass
    print(f"{shown(path)} is damaged, so it is begun anew: check again what you had checked")
    return {}


def save_results(notebook: Notebook, known: dict[str, Any], results: list[dict[str, Any]]) -> None:
    """Save what came of the tasks of one of the learner's copies; of no other notebook."""
    if notebook.path != work.folder() / f"{notebook.name}.ipynb":
        return
    _, tasks = graded(notebook, known)
    own = {
        r["task"]: {"code": fingerprint_of(tasks[r["task"]]), "state": state_of(r["error"])}
        for r in results
        if r["task"] in tasks
    }
    path = work.folder() / CHECKED
    with FileLock(path.with_suffix(".lock")):  # another check may end just now
        saved = saved_results() | {notebook.name: own}
        write_text(path, json.dumps(saved, indent=1) + "\n")

"""Graded tasks, taken from a notebook's own source and run alone.

A task is a solution cell and the test cell after it. It runs in a namespace of the cells tagged
``imports`` and ``given``, with no data set and no trained model. Where the solution is no function
of plain values (a Keras layer, a loss, a training step), an adapter cell between the two turns it
into some.
"""

import builtins
import faulthandler
import json
import os
import re
import signal
import sys
import traceback
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.notebook import bounds, wire
from tools.notebook.cells import (
    BEGIN,
    BEGIN_HIDDEN,
    END,
    END_HIDDEN,
    adapter_of,
    comes_before,
    defined,
    fingerprint,
    grading,
    is_solution,
    is_test,
    points,
    test_of,
)
from tools.notebook.common import Notebook
from tools.notebook.explain import explain, plain, unsolved
from tools.notebook.names import STUB, STUB_SAYS, is_stub, names_used, needed_imports
from tools.notebook.shell import Shell

UNSOLVED = f"NotImplementedError: {STUB_SAYS}"


@dataclass(frozen=True)
class Task:
    """One graded piece of code of one notebook; ``adapter`` is "" where the test asks itself."""

    notebook: str
    name: str
    points: int
    given_code: str
    solution: str
    test: str
    adapter: str = ""

    @property
    def emptied(self) -> str:
        """The solution cell as a student gets it; nbgrader empties one without marks."""
        return empty(self.solution) if BEGIN in self.solution else STUB

    @property
    def visible(self) -> str:
        """The test without its hidden part."""
        return without_hidden(self.test)


def tasks_of(notebook: Notebook) -> list[Task]:
    """Return the graded tasks of a notebook, in order."""
    return tasks_among(notebook.content.cells, notebook.name)


def tasks_among(cells: list[Any], notebook: str, given_code: str | None = None) -> list[Task]:
    """Return the graded tasks among the cells of a notebook, in order.

    Test and adapter are found by name, so that a cell which a student puts between parts nothing,
    and a lost tag costs nothing. ``given_code`` stands in the place of the cells that come before.
    """
    if given_code is None:
        given_code = "\n".join(c.source for c in cells if comes_before(c))
    tests = {grading(c).get("grade_id"): c for c in reversed(cells) if is_test(c)}
    code = [c for c in reversed(cells) if c.cell_type == "code"]
    adapters = {grading(c).get("grade_id"): c.source for c in code}
    tasks = []
    for cell in filter(is_solution, cells):
        name = grading(cell).get("grade_id", "")
        if test := tests.get(test_of(name)):
            adapter = adapters.get(adapter_of(name), "")
            sources = cell.source, test.source, adapter
            tasks.append(Task(notebook, name, points(test), given_code, *sources))
    return tasks


def describe(cells: Sequence[Any]) -> dict[str, Any]:
    """Return what a student's copy is compared with, as plain values.

    ``cells``: of each graded cell by grade_id its ``kind``, its ``id``, the names that it
    ``defines`` and its ``nbgrader`` metadata; ``locked``: the sum of each locked cell by grade_id,
    and ``tests``: the text of those with code; ``given``: the text of the cells that come before
    every task, and ``code``: by id that of the other code that is not graded; ``others``: the sums
    of what is not graded, and ``ids``: the ids of all, by which what a student has added is known.
    """
    graded = {grading(c)["grade_id"]: c for c in cells if grading(c).get("grade_id")}
    locked = {name: cell for name, cell in graded.items() if grading(cell).get("locked")}
    return {
        "cells": {
            name: {
                "kind": cell.cell_type,
                "id": cell.get("id"),
                "defines": defined(cell),
                "nbgrader": grading(cell),
            }
            for name, cell in graded.items()
        },
        "locked": {name: fingerprint(cell.source) for name, cell in locked.items()},
        "tests": {n: cell.source for n, cell in locked.items() if cell.cell_type == "code"},
        "given": [c.source for c in cells if comes_before(c)],
        "code": {
            c.id: c.source
            for c in cells
            if c.get("id") and c.cell_type == "code" and not grading(c) and not comes_before(c)
        },
        "others": [fingerprint(c.source) for c in cells if not grading(c)],
        "ids": [c.get("id") for c in cells],
    }


def empty(source: str) -> str:
    """Replace what stands between the solution marks by nbgrader's stub."""
    pattern = rf"^([ \t]*){re.escape(BEGIN)}.*?{re.escape(END)}[^\n]*"
    return re.sub(pattern, lambda m: m[1] + STUB, source, flags=re.S | re.M)


def without_hidden(source: str) -> str:
    """Take the hidden tests out."""
    pattern = rf"^[ \t]*{re.escape(BEGIN_HIDDEN)}.*?{re.escape(END_HIDDEN)}[^\n]*\n?"
    return re.sub(pattern, "", source, flags=re.S | re.M)


def replace_hidden(source: str, hidden: str) -> str:
    """Return a test cell with other hidden tests than its own; they come last."""
    visible, hidden = without_hidden(source).rstrip("\n"), hidden.strip("\n")
    return f"{visible}\n{BEGIN_HIDDEN}\n{hidden}\n{END_HIDDEN}"


def outcome(
    task: Task,
    solution: str,
    test: str,
    *,
    warn: Any = "ignore",
    explained: list[str] | None = None,
) -> str:
    """Run a solution of a task, and its adapter, against a test in this process.

    Returns "" if it passes, else the error as ``Type: text``; ``UNSOLVED`` where the cell is still
    the one that was given.

    What holds in grading holds here: the test has the course's own names, and of the student's
    cells the functions that it asks, whose answers have to be plain values.

    With ``warn="error"`` a warning fails it: nbgrader gives no points where a test cell writes to
    standard error. ``explained`` gets the lines that explain an error to a student, and those on
    what another test may find.
    """
    lines: list[str] = [] if explained is None else explained
    student, tester, changed = Shell(), Shell(), set()
    try:
        student.run(needed_imports(task.given_code, solution, task.adapter), "<given>")
        tester.run(needed_imports(task.given_code, test), "<given>")
        with student.as_main(), warnings.catch_warnings():
            warnings.simplefilter(warn)
            student.run(solution, "<solution>")
            student.run(task.adapter, "<adapter>")
            own = student.space.keys() - tester.space.keys() - set(dir(builtins))
            for name in names_used(test) & own:
                tester.space[name] = as_graded(name, student.space[name], changed)
            tester.run(test, "<test>")
    except Exception as error:
        steps = [s for s in traceback.extract_tb(error.__traceback__) if s.filename == "<solution>"]
        line = (steps[-1].lineno or 0) if steps else 0
        if isinstance(error, NotImplementedError) and is_stub(solution, line, str(error)):
            lines += unsolved(solution, line)
            return UNSOLVED
        if explained is not None:
            cells = {"<solution>": solution, "<adapter>": task.adapter, "<test>": test}
            explained += explain(error, cells)
        last = traceback.format_exception_only(error)
        return plain(f"{type(error).__name__}: {error}") if str(error) else last[-1].strip()
    finally:
        lines += [f"{name} changes its arguments in place: work on copies" for name in changed]
    return ""


def as_graded(name: str, value: Any, changed: set[str]) -> Any:
    """Return what a student's cell defines as a test meets it in grading.

    Names of functions that change an argument in place are added to ``changed``.
    """
    if not callable(value):
        return value

    def function(*args: Any, **keywords: Any) -> Any:
        sent = wire.pack("arguments", args, keywords, exact=True)
        try:
            return wire.travelled(value(*args, **keywords))
        except wire.NotPlain as error:
            raise wire.NotPlain(f"{wire.NOT_PLAIN}: {error}") from None
        finally:
            if wire.pack("arguments", args, keywords) != sent:
                changed.add(name)

    function.__name__ = function.__qualname__ = name
    return function


def main(argv: list[str]) -> int:
    """Run tasks of a student's notebook; ``check`` starts this in a process of its own.

    The file ``argv[0]`` holds the tasks, and ``argv[1]`` gets a line of JSON for each as soon as it
    has ended. One that takes more than ``argv[2]`` seconds by the clock, or ``argv[3]`` seconds of
    processor time (not on Windows), ends the process, whatever it does.
    """
    path, record, seconds, busy = argv
    faulthandler.enable()  # a crash says in which line it was
    if can_bound := hasattr(signal, "setitimer"):
        faulthandler.register(signal.SIGPROF, chain=True)  # says the line, and ends the process
    bounds.share_cores()
    bounds.bound_memory()
    with open(record, "a", encoding="utf-8") as file:
        for task in json.loads(Path(path).read_text(encoding="utf-8")):
            faulthandler.dump_traceback_later(float(seconds), exit=True)
            if can_bound:
                signal.setitimer(signal.ITIMER_PROF, float(busy))
            explained: list[str] = []
            known = Task(**task)
            error = outcome(known, known.solution, known.visible, explained=explained)
            faulthandler.cancel_dump_traceback_later()
            line = json.dumps({"task": known.name, "error": error, "explained": explained})
            print(line, file=file, flush=True)
    return 0


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))  # threads that a task left behind are not waited for

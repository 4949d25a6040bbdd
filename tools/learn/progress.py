"""``course.py progress``: what of each unit is solved, the points so far, and what comes next.

Nothing is run: ``check`` keeps what came of each task in ``.checked.json`` beside the notebooks,
with a fingerprint of the code that it ran, so that code written since is told from checked code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tools.learn import checked, work
from tools.learn.again import fresh
from tools.learn.check import given as as_given
from tools.learn.check import readable_tasks, unanswered
from tools.notebook import order
from tools.notebook.cells import is_question, test_of
from tools.notebook.common import (
    Notebook,
    Parser,
    select,
    shown,
)
from tools.notebook.names import STUB
from tools.notebook.tasks import Task, describe
from utils import lessons

STATES = ("passes", "fails", "changed", "empty")


@dataclass
class Standing:
    """How far one notebook is: its tasks by state, and its open questions."""

    notebook: Notebook
    tasks: dict[str, list[Task]] = field(default_factory=lambda: {state: [] for state in STATES})
    questions: int = 0
    answered: int = 0

    @property
    def count(self) -> int:
        """The number of tasks."""
        return sum(map(len, self.tasks.values()))

    @property
    def begun(self) -> bool:
        """Whether something was written."""
        return len(self.tasks["empty"]) < self.count or self.answered > 0

    @property
    def done(self) -> bool:
        """Whether all tasks pass and all questions have an answer."""
        return len(self.tasks["passes"]) == self.count and self.answered == self.questions

    def points(self, *states: str) -> int:
        """Return the points of the tasks in some states; of all where none is named."""
        return sum(task.points for state in states or STATES for task in self.tasks[state])


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py progress``."""
    p = Parser(
        prog="python course.py progress",
        description="Show what of each unit is solved, the points so far, and what comes next. "
        "It runs nothing: whether a task passes is what `check` last said of this very code.",
    )
    p.add_argument("names", nargs="*", help="units or notebooks, such as 06 or 06/01; all if none")
    options = p.parse_args(argv)
    chosen = select(options.names)
    kept = checked.read()
    standings = [standing(notebook, kept) for notebook in chosen]
    print("\n".join(told(standings)))
    return 0


def standing(given: Notebook, kept: dict[str, Any]) -> Standing:
    """Return how far the learner's copy of a notebook is, given what `check` kept of all.

    Without a copy nothing is written.
    """
    path = work.place() / f"{given.name}.ipynb"
    here = path.is_file() and not work.damaged(path)
    copy = Notebook(path) if here else given
    known = as_given(copy)["cells"] if here else describe(given.content.cells)["cells"]
    tasks = {task.name: task for task in readable_tasks(copy)} if here else {}
    found, own = Standing(given), kept.get(given.name, {})
    for name in (name for name in known if test_of(name) in known):  # one may be lost in the copy
        points = int(known[test_of(name)]["nbgrader"]["points"])
        task = tasks.get(name) or Task(given.name, name, points, "", STUB, "")
        found.tasks[state_of(task, own)].append(task)
    found.questions = sum(
        cell["kind"] == "markdown" and bool(cell["nbgrader"].get("grade"))
        for cell in known.values()
    )
    if here:
        found.answered = sum(map(is_question, copy.content.cells)) - len(unanswered(copy))
    return found


def state_of(task: Task, kept: dict[str, Any]) -> str:
    """Return a task's state, given what `check` kept of its notebook."""
    if STUB in task.solution:
        return "empty"
    last = kept.get(task.name, {})
    if last.get("code") != checked.code_of(task):
        return "changed"
    return "passes" if last["passes"] else "fails"


# ------------------------------------------------------------------ what is said


def told(standings: list[Standing]) -> list[str]:
    """Return the lines: a table of the units, what is begun, and what comes next."""
    tasks = sum(s.count for s in standings)
    passing = sum(len(s.tasks["passes"]) for s in standings)
    points, whole = (sum(s.points(*of) for s in standings) for of in (["passes"], []))
    lines = [
        f"{shown(work.place())}/: {passing} of {tasks} tasks pass their visible tests, "
        f"{points} of the tasks' {whole} points; hidden tests and open questions come later",
        "",
        *table(standings),
    ]
    for one in standings:
        path = work.place() / f"{one.notebook.name}.ipynb"
        if path.is_file() and work.damaged(path):
            lines += ["", fresh(Notebook(path))]
    if begun := [s for s in standings if s.begun and not s.done]:
        lines += ["", "begun:", *(f"  {in_words(s)}" for s in begun)]
    if after := following(standings):
        lines += ["", f"next: {after}"]
    return lines


def table(standings: list[Standing]) -> list[str]:
    """Return a line a unit: tasks that pass, points, questions answered, notebooks done."""
    rows: list[tuple[str, ...]] = [("unit", "tasks pass", "points", "questions", "notebooks done")]
    for unit in sorted({s.notebook.path.parent.name for s in standings}):
        own = [s for s in standings if s.notebook.path.parent.name == unit]
        pairs = (
            (sum(len(s.tasks["passes"]) for s in own), sum(s.count for s in own)),
            (sum(s.points("passes") for s in own), sum(s.points() for s in own)),
            (sum(s.answered for s in own), sum(s.questions for s in own)),
            (sum(s.done for s in own), len(own)),
        )
        rows.append((lessons.heading(unit), *(f"{a} of {b}" if b else "none" for a, b in pairs)))
    wide = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(wide[0]), *(c.rjust(w) for c, w in zip(row[1:], wide[1:], strict=True))]
        )
        for row in rows
    ]


def in_words(one: Standing) -> str:
    """Return what is done of a notebook that is begun, and what would say more."""
    names = {"passes": "pass", "fails": "fail", "changed": "written since the last check"}
    parts = [f"{len(one.tasks['passes'])} of {one.count} tasks pass"]
    parts += [f"{len(one.tasks[s])} {names[s]}" for s in ("fails", "changed") if one.tasks[s]]
    if one.questions:
        parts.append(f"{one.answered} of {one.questions} questions answered")
    more = one.tasks["fails"] or one.tasks["changed"]
    command = f": `python course.py check {one.notebook.id}`" if more else ""
    return f"{one.notebook.id} {one.notebook.title}: {', '.join(parts)}{command}"


def following(standings: list[Standing]) -> str:
    """Return the first notebook of the term that is not begun, and what it builds on."""
    begun = {s.notebook.id for s in standings if s.begun}
    here = {s.notebook.id: s for s in standings}
    for notebook in order.in_order([s.notebook for s in standings]):
        if notebook.id in begun:
            continue
        open_ones = [i for i in notebook.prerequisites if i in here and not here[i].done]
        needs = f"; it builds on {', '.join(open_ones)}, not done yet" if open_ones else ""
        week = notebook.lesson.get("week")
        told = f"week {week} of the term, {notebook.hours:g} hours" if week else "a draft"
        return (
            f"{notebook.id} {notebook.title} ({told}{needs}): `python course.py lab {notebook.id}`"
        )
    return ""

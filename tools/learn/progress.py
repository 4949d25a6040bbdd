"""``course.py progress``: what of each unit is solved, the points so far, and what comes next.

Nothing is run: ``check`` saves what came of each task, with a fingerprint of the code that it ran,
so that code written since is told from checked code.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tools.learn import work
from tools.learn.check import answered, fingerprint_of, given, graded, saved_results
from tools.notebook.cells import test_of
from tools.notebook.common import Notebook, Parser, Problem, in_order, select, shown
from tools.notebook.matching import own_cells
from tools.notebook.names import STUB
from tools.notebook.tasks import Task
from utils import lessons
from utils.code import without_comments


@dataclass
class Standing:
    """How far one notebook is: its tasks and points by state, and its open questions."""

    notebook: Notebook
    # By state: passes, fails, changed since the last check, empty
    tasks: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    questions: int = 0
    answered: int = 0
    for_answers: int = 0  # points

    @property
    def begun(self) -> bool:
        """Whether something was written."""
        return self.tasks["empty"] < self.tasks.total() or self.answered > 0

    @property
    def done(self) -> bool:
        """Whether all tasks pass and all questions have an answer."""
        return self.tasks["passes"] == self.tasks.total() and self.answered == self.questions


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py progress``."""
    p = Parser(
        prog="python course.py progress",
        description="Show for each unit that you have begun which tasks are solved, the points so "
        "far, and what comes next. This command runs no task: it shows what `check` said of your "
        "code, if you have not changed the code since then.",
    )
    p.add_argument("names", nargs="*", help="units or notebooks, such as 06/01 (default: all)")
    options = p.parse_args(argv)
    saved = saved_results()
    chosen = {n.name for n in select(options.names)}
    every, damaged = [], []
    for notebook in select([]):
        try:
            every.append(standing(notebook, saved.get(notebook.name, {})))
        except Problem as problem:  # the others are still counted
            damaged.append(f"not counted: {problem}")
    print("\n".join(report([s for s in every if s.notebook.name in chosen], every)))
    if damaged:
        print("\n".join(["", *damaged]), file=sys.stderr)
    return 1 if damaged else 0


def standing(notebook: Notebook, saved: dict[str, Any]) -> Standing:
    """Return how far the learner's copy of a notebook is, given what `check` saved of it.

    Without a copy nothing is written. Raises Problem if the copy is damaged.
    """
    copy = Notebook(work.folder() / f"{notebook.name}.ipynb")
    known, result, tasks, filled = given(copy), Standing(notebook), {}, set()
    if copy.path.is_file():
        if message := work.damage(copy.path):
            raise Problem(message)
        matched, tasks = graded(copy, known)
        filled = answered(matched.cells, own_cells(matched.cells, known))
    for name, cell in known["cells"].items():
        if test := known["cells"].get(test_of(name)):
            # One may be lost in the copy.
            state = state_of(tasks[name], saved.get(name, {})) if name in tasks else "empty"
            result.tasks[state] += 1
            result.points[state] += int(test["nbgrader"]["points"])
        if cell["kind"] == "markdown" and cell["nbgrader"].get("grade"):
            result.questions += 1
            result.answered += name in filled
            result.for_answers += int(cell["nbgrader"]["points"])
    return result


def state_of(task: Task, saved: dict[str, Any]) -> str:
    """Return a task's state: what `check` saved of this code, else whether a stub stands in it."""
    if saved.get("code") == fingerprint_of(task):
        return saved.get("state", "changed")
    return "empty" if STUB in without_comments(task.solution) else "changed"


# ------------------------------------------------------------------ what is printed


def report(standings: list[Standing], every: list[Standing]) -> list[str]:
    """Return the lines: a table of the units, what is begun, and of all what comes next."""
    lines = [
        f"{shown(work.folder())}/: {passing(s.tasks for s in standings)} tasks pass their visible "
        f"tests, which makes {passing(s.points for s in standings)} points if they pass the hidden "
        f"ones; open questions are worth {sum(s.for_answers for s in standings)} more",
        *table(standings),
    ]
    if begun := [s for s in standings if s.begun and not s.done]:
        lines += ["", "begun:", *map(begun_line, begun)]
    return lines + following(standings, every)


def passing(counts: Iterable[Counter[str]]) -> str:
    """Return how many tasks, or their points, pass, and of how many: "3 of 7"."""
    total = sum(counts, Counter())
    return f"{total['passes']} of {total.total()}"


def table(standings: list[Standing]) -> list[str]:
    """Return a line for each unit that is begun: tasks, points, questions and notebooks done."""
    line = "{:<40}  {:>10}  {:>12}  {:>10}  {:>14}".format
    units = begun_units(standings)
    lines = ["", line("unit", "tasks pass", "their points", "questions", "notebooks done")]
    for unit in sorted(units):
        own = [s for s in standings if s.notebook.path.parent.name == unit]
        tasks, points = passing(s.tasks for s in own), passing(s.points for s in own)
        questions = f"{sum(s.answered for s in own)} of {sum(s.questions for s in own)}"
        done = f"{sum(s.done for s in own)} of {len(own)}"
        lines.append(line(lessons.heading(unit), tasks, points, questions, done))
    return lines if units else []


def begun_units(standings: list[Standing]) -> set[str]:
    """Return the units in which something was written."""
    return {s.notebook.path.parent.name for s in standings if s.begun}


def begun_line(standing: Standing) -> str:
    """Return what is done of a notebook that is begun, and what would say more."""
    parts = [f"{passing([standing.tasks])} tasks pass"]
    if fails := standing.tasks["fails"]:
        parts.append(f"{fails} fail")
    if changed := standing.tasks["changed"]:
        parts.append(f"{changed} changed since the last check")
    if standing.questions:
        parts.append(f"{standing.answered} of {standing.questions} questions answered")
    command = "check" if fails or changed else "lab"
    what = f"{standing.notebook.id} {standing.notebook.title}: {', '.join(parts)}"
    return f"  {what}: `python course.py {command} {standing.notebook.id}`"


def following(standings: list[Standing], every: list[Standing]) -> list[str]:
    """Return the next notebook that is not begun, and what it builds on.

    The chosen ones come first, then those of units that are begun, in the order of their sheets.
    """
    here, units = {s.notebook.id: s for s in every}, begun_units(every)
    chosen = {s.notebook.id for s in standings}
    left = [n for n in in_order([s.notebook for s in every]) if not here[n.id].begun]
    if not left:
        return []
    notebook = min(left, key=lambda n: (n.id not in chosen, n.path.parent.name not in units))
    before = [i for i in notebook.prerequisites if i in here and not here[i].done]
    needs = f"; it builds on {', '.join(before)}, not done yet" if before else ""
    week = notebook.lesson.get("week")
    when = f"week {week} of the course, {notebook.hours:g} hours" if week else "a draft"
    command = f"`python course.py lab {notebook.id}`"
    return ["", f"next: {notebook.id} {notebook.title} ({when}{needs}): {command}"]

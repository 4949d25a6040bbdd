"""``grade --rehearse``: a class of invented students, to try all of grading before a term.

Hand-ins are made of the released notebooks: right ones from the course's solutions, wrong ones from
the lessons' ``wrong.toml``, and the odd ones that classes hand in. What grading has to make of each
stands in ``expected.csv``, which ``grade --check`` compares with a book.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from data.core.files import write_bytes, write_text
from tools.notebook.cells import PLACEHOLDER, grading, test_of
from tools.notebook.common import Notebook, Problem, select, shown
from tools.notebook.tasks import Task, tasks_of
from tools.teach.grade import rehearse_class
from tools.teach.grade.masters import prepare
from tools.teach.grade.rehearse_class import DUE, Upload, Who
from tools.teach.grade.rows import as_csv

EACH = 2  # notebooks that a student hands in
DAY = 86_400.0
COLUMNS = ("student", "name", "hand-in", "unit", "notebook", "task", "points", "verdict", "late")
WAITS, NOTHING = "waits", "not handed in"
WORDS = (
    "The weights are learned, so the layer may choose whom it listens to.",
    "It depends on the data: where neighbours differ, the average blurs them.",
    "Because the sum over each row is 1, as the test shows.",
    "I would say both, since $\\\\alpha_{ij}$ is the average when all scores are equal.",
)
HELPER = """

def steps_of_{a}({b}, {c}):
    {d} = []
    while {b} > {c} and len({d}) < 99:
        if {b} % 3 == 1:
            {b} = {b} // 3 + 7 * {c}
        else:
            {b} -= {c} ^ 5
        {d}.append(({b}, {c} & 31))
    return sorted({d}, key=lambda {a}: -{a}[1])
"""
HOSTILE = {
    "ends its process": ("import os\n\n    os._exit(0)", "died"),
    "never ends": ("while True:\n        pass", "timeout"),
    "looks for the tests": (
        "import gc, os\n\n"
        "    seen = [o for o in gc.get_objects() if isinstance(o, str) and 'HIDDEN' in o]\n"
        "    for top, _, files in os.walk('/'):\n"
        "        seen += [f for f in files if f.endswith('.db')]\n"
        "        if len(seen) > 9:\n            break\n"
        "    return seen[0] if seen else None",
        "fail",
    ),
}


@dataclass(frozen=True)
class Part:
    """One notebook of the unit as students have it, and its tasks."""

    unit: str
    name: str
    released: bytes
    tasks: list[Task]
    wrong: dict[str, list[str]]  # Wrong solutions of each task
    questions: list[str]  # Names of the open ones

    def filled(self, code: dict[str, str], words: str = "") -> bytes:
        """Return it with solutions, and with an answer to each open question."""
        content = json.loads(self.released)
        for cell in content["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in code:
                cell["source"] = code[name]
            elif words and "".join(cell["source"]) == PLACEHOLDER:
                cell["source"] = words
        return json.dumps(content).encode()


@dataclass
class HandIn:
    """What one student uploads, and what grading has to make of it."""

    what: str
    uploads: list[Upload] = field(default_factory=list)
    # Unit, notebook, task and verdict; points follow from it
    expected: list[tuple[Part, str, str]] = field(default_factory=list)
    late: bool = False


class Dice(random.Random):
    """What is drawn by chance, the same in every call."""

    def solutions(self, part: Part, wrong: Sequence[Task] = ()) -> dict[str, str]:
        """Return the course's solutions, but for kept wrong ones of some tasks."""
        found = {task.name: task.solution for task in part.tasks}
        return found | {task.name: self.choice(part.wrong[task.name]) for task in wrong}

    def some(self, tasks: Sequence[Task]) -> list[Task]:
        """Return some tasks, at least one."""
        return self.sample(tasks, self.randint(1, len(tasks)))


# ------------------------------------------------------------------ hand-ins

Made = list[tuple[str, bytes]]  # notebooks by name in the student's folder


def verdicts(part: Part, answered: bool, **of_tasks: str) -> list[tuple[Part, str, str]]:
    """Return what is expected of a notebook: ``pass``, but for what is named."""
    found = [(part, t.name, of_tasks.get(t.name, "pass")) for t in part.tasks]
    return found + [(part, name, WAITS if answered else "no answer") for name in part.questions]


def right(dice: Dice, parts: list[Part], hand_in: HandIn) -> Made:
    """Solve all tasks."""
    hand_in.expected = [line for part in parts for line in verdicts(part, answered=True)]
    return [(p.name, p.filled(dice.solutions(p), dice.choice(WORDS))) for p in parts]


def wrong(dice: Dice, parts: list[Part], hand_in: HandIn) -> Made:
    """Solve some tasks with one of the mistakes that the lesson keeps."""
    made = []
    for part in parts:
        mistaken = dice.some([task for task in part.tasks if part.wrong[task.name]])
        hand_in.expected += verdicts(part, True, **{task.name: "fail" for task in mistaken})
        made.append((part.name, part.filled(dice.solutions(part, mistaken), dice.choice(WORDS))))
    return made


def half(dice: Dice, parts: list[Part], hand_in: HandIn) -> Made:
    """Solve the first task of each notebook."""
    made = []
    for part in parts:
        first, *others = part.tasks
        hand_in.expected += verdicts(part, False, **{task.name: "unsolved" for task in others})
        made.append((part.name, part.filled({first.name: first.solution})))
    return made


def untouched(dice: Dice, parts: list[Part], hand_in: HandIn) -> Made:
    """Hand in what was released."""
    for part in parts:
        hand_in.expected += verdicts(part, False, **{t.name: "unsolved" for t in part.tasks})
    return [(part.name, part.released) for part in parts]


def hostile(dice: Dice, parts: list[Part], hand_in: HandIn) -> Made:
    """Attack in the first task that is a plain function; ``what`` says how."""
    body, verdict = HOSTILE[hand_in.what]
    plain = [(p, t) for p in parts for t in p.tasks if not t.harness]
    made = []
    for part in parts:
        code, told = dice.solutions(part), {}
        if plain and plain[0][0] is part:
            task = plain[0][1]
            code[task.name] = f"def {task.name}(*args, **more):\n    {body}\n"
            told[task.name] = verdict
        hand_in.expected += verdicts(part, True, **told)
        made.append((part.name, part.filled(code, dice.choice(WORDS))))
    return made


def edited(dice: Dice, parts: list[Part], hand_in: HandIn) -> Made:
    """Empty the test of a task that is wrong: the course's own counts."""
    part, *others = parts
    task = next(task for task in part.tasks if part.wrong[task.name])
    code = dice.solutions(part, [task]) | {test_of(task.name): "assert True"}
    hand_in.expected = verdicts(part, True, **{task.name: "fail"})
    return [(part.name, part.filled(code, dice.choice(WORDS))), *right_too(dice, others, hand_in)]


def lacking(dice: Dice, parts: list[Part], hand_in: HandIn) -> Made:
    """Delete the cell of a solution."""
    part, *others = parts
    task = part.tasks[0]
    content = json.loads(part.filled(dice.solutions(part), dice.choice(WORDS)))
    content["cells"] = [
        cell
        for cell in content["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") != task.name
    ]
    hand_in.expected = verdicts(part, True, **{task.name: "cells"})
    return [(part.name, json.dumps(content).encode()), *right_too(dice, others, hand_in)]


def refused(content: bytes) -> Callable[[Dice, list[Part], HandIn], Made]:
    """Return how a file that is no notebook of the course is handed in."""

    def make(dice: Dice, parts: list[Part], hand_in: HandIn) -> Made:
        part, *others = parts
        names = [*(task.name for task in part.tasks), *part.questions]
        hand_in.expected = [(part, name, "refused") for name in names]
        return [(part.name, content), *right_too(dice, others, hand_in)]

    return make


def right_too(dice: Dice, parts: list[Part], hand_in: HandIn) -> Made:
    """Solve the other notebooks."""
    more = HandIn("")
    made = right(dice, parts, more)
    hand_in.expected += more.expected
    return made


def alike(names: Sequence[str]) -> Callable[[Dice, list[Part], HandIn], Made]:
    """Return how one of two who work together hands in: other names, another order of nothing."""

    def make(dice: Dice, parts: list[Part], hand_in: HandIn) -> Made:
        part, *others = parts
        task = part.tasks[0]
        helper = HELPER.format(**dict(zip("abcd", names, strict=True)))
        code = dice.solutions(part) | {task.name: task.solution + helper}
        hand_in.expected = verdicts(part, answered=True)
        return [(part.name, part.filled(code, WORDS[0])), *right_too(dice, others, hand_in)]

    return make


# What is handed in, how often, how the notebooks are made and how they are packed
CASES = (
    ("right", 7, right, "packed"),
    ("right, as single notebooks", 2, right, "single"),
    ("with a known mistake", 8, wrong, "packed"),
    ("half done", 3, half, "packed"),
    ("as it was released", 2, untouched, "packed"),
    ("two days late", 2, right, "late"),
    ("two uploads, the later one right", 2, right, "twice"),
    ("a zip in a zip", 1, right, "nested"),
    ("copies, renamed by a browser", 1, right, "renamed"),
    ("alike: the first of two", 1, alike("abcd"), "packed"),
    ("alike: the second of two", 1, alike(["n", "count", "width", "path"]), "packed"),
    ("an empty file", 1, refused(b""), "packed"),
    ("a file that a disk has cut", 1, refused(b'{"cells": [{"cell_type": "code", "sour'), "packed"),
    ("another notebook of that name", 1, refused(b'{"cells": [], "nbformat": 4}'), "packed"),
    ("a test emptied", 1, edited, "packed"),
    ("a solution's cell deleted", 1, lacking, "packed"),
    *((how, 1, hostile, "packed") for how in HOSTILE),
    ("a file of a name that means nothing", 1, right, "nameless"),
    ("nothing", 1, None, ""),
)


def hand_ins(parts: list[Part], dice: Dice) -> Iterator[HandIn]:
    """Yield the hand-ins of the class, in the order of ``CASES``."""
    at = 0
    for what, number, make, packing in CASES:
        for _ in range(number):
            mine = [parts[(at + step) % len(parts)] for step in range(min(EACH, len(parts)))]
            if what.startswith("alike"):
                mine = parts[:EACH]  # both have the same
            at += 1
            hand_in = HandIn(what)
            if make:
                PACKED[packing](make(dice, mine, hand_in), mine[0], hand_in, dice)
            yield hand_in


# ------------------------------------------------------------------ how they are packed


def zipped(members: Sequence[tuple[str, bytes]]) -> bytes:
    """Return files as a zip."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in members:
            archive.writestr(zipfile.ZipInfo(name, (2027, 5, 29, 9, 0, 0)), inner)
    return content.getvalue()


def in_unit(made: Made, part: Part) -> bytes:
    """Return notebooks as ``check --pack`` packs them."""
    return zipped([(f"{part.unit}/{name}.ipynb", content) for name, content in made])


def packed(made: Made, part: Part, hand_in: HandIn, dice: Dice) -> None:
    """Hand in one zip, some hours before it is due."""
    when = DUE - dice.randint(1, 200) * 1800.0
    hand_in.uploads = [Upload("{login}_" + f"{part.unit}.zip", in_unit(made, part), when)]


def single(made: Made, part: Part, hand_in: HandIn, dice: Dice) -> None:
    """Hand in the notebooks themselves."""
    hand_in.uploads = [Upload(f"{name}.ipynb", content, DUE - 3600) for name, content in made]


def late(made: Made, part: Part, hand_in: HandIn, dice: Dice) -> None:
    """Hand in two days after it is due."""
    packed(made, part, hand_in, dice)
    hand_in.late = True
    hand_in.uploads = [replace(one, when=DUE + 1.5 * DAY) for one in hand_in.uploads]


def twice(made: Made, part: Part, hand_in: HandIn, dice: Dice) -> None:
    """Hand in what was released, and the work later."""
    packed(made, part, hand_in, dice)
    ((last),) = hand_in.uploads
    first = in_unit([(name, b"{}") for name, _ in made], part)
    again = replace(last, name=last.name.replace(".zip", " (1).zip"), when=DUE - 60)
    hand_in.uploads = [Upload(last.name, first, DUE - 4 * DAY), again]


def nested(made: Made, part: Part, hand_in: HandIn, dice: Dice) -> None:
    """Hand in a zip that holds the zip."""
    inner = zipped([(f"{part.unit}.zip", in_unit(made, part))])
    hand_in.uploads = [Upload("homework.zip", inner, DUE - 7200)]


def renamed(made: Made, part: Part, hand_in: HandIn, dice: Dice) -> None:
    """Hand in notebooks whose names a browser has changed."""
    names = ("Copy of {}.ipynb", "{} (2).ipynb")
    hand_in.uploads = [
        Upload(form.format(name), content, DUE - 7200)
        for form, (name, content) in zip(names, made, strict=False)
    ]


def nameless(made: Made, part: Part, hand_in: HandIn, dice: Dice) -> None:
    """Hand in a notebook of a name that no notebook has: it is told, and not graded."""
    hand_in.expected = []
    hand_in.uploads = [Upload("homework_final_NEW.ipynb", made[0][1], DUE - 7200)]


PACKED = {f.__name__: f for f in (packed, single, late, twice, nested, renamed, nameless)}


# ------------------------------------------------------------------ the command


def main(options: argparse.Namespace) -> int:
    """Write a class into a new folder, and say what to try."""
    folder = options.into.absolute()
    if folder.exists():
        raise Problem(f"{shown(folder)} is there already: name a new folder by --into")
    notebooks = select([options.rehearse])
    every = parts_of(notebooks[0].path.parent.name)
    parts = [part for part in every if part.name in {n.path.stem for n in notebooks}]
    dice = Dice(options.rehearse)
    class_ = list(rehearse_class.people(sum(number for _, number, *_ in CASES)))
    made = list(zip(class_, shuffled(list(hand_ins(parts, dice)), dice), strict=True))
    write(folder, parts[0].unit, sum(map(points_of, every)), made)
    number = len({(w, *of) for w, h in made for of in ((p.name,) for p, *_ in h.expected)})
    print(walk_through(folder, parts[0].unit, number))
    return 0


def shuffled(hand_ins: list[HandIn], dice: Dice) -> list[HandIn]:
    """Return hand-ins in an order that says nothing."""
    return dice.sample(hand_ins, len(hand_ins))


def parts_of(unit: str) -> list[Part]:
    """Return the notebooks of a unit as students have them: released by nbgrader."""
    with tempfile.TemporaryDirectory(prefix="rehearse-") as place:
        prepare([unit], Path(place), None)
        release = Path(place, "nbgrader", "release", unit)
        return [part_of(n, (release / n.path.name).read_bytes()) for n in select([unit])]


def part_of(notebook: Notebook, released: bytes) -> Part:
    """Return a notebook of the course, and what students have of it."""
    cells = [c for c in notebook.content.cells if c.cell_type == "markdown"]
    questions = [grading(c)["grade_id"] for c in cells if grading(c).get("grade")]
    unit, name, tasks = notebook.path.parent.name, notebook.path.stem, tasks_of(notebook)
    wrong = {task.name: [source for _, source in sorted(task.wrong.items())] for task in tasks}
    return Part(unit, name, released, tasks, wrong, questions)


def points_of(part: Part) -> float:
    """Return the most points of a notebook."""
    cells = json.loads(part.released)["cells"]
    blocks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    return sum(block["points"] for block in blocks if block.get("grade"))


def write(folder: Path, unit: str, of: float, made: Sequence[tuple[Who, HandIn]]) -> None:
    """Write uploads in both forms, tables of the class, and what to expect."""
    class_ = [who for who, _ in made]
    uploads = [(who, hand_in.uploads) for who, hand_in in made]
    uploads.append((rehearse_class.STRANGER, next(mine for _, mine in uploads if mine)))
    write_bytes(folder / "moodle.zip", rehearse_class.moodle_zip(uploads))
    write_bytes(folder / "canvas.zip", rehearse_class.canvas_zip(uploads))
    write_text(folder / "class.csv", rehearse_class.roster_csv(class_))
    times = {who.id: mine[-1].when for who, mine in uploads if mine}
    write_bytes(folder / f"moodle_{unit}.csv", rehearse_class.worksheet(class_, of, times))
    write_bytes(folder / "canvas.csv", rehearse_class.export(class_, unit, of))
    lines = [line for who, hand_in in made for line in expected_of(who, hand_in)]
    write_text(folder / "expected.csv", as_csv(COLUMNS, lines))


def expected_of(who: Who, hand_in: HandIn) -> Iterator[tuple[object, ...]]:
    """Yield what is expected of a student, a line for each task."""
    head = (who.id, who.name, hand_in.what)
    if not hand_in.expected:
        yield (*head, "", "", "", "", NOTHING, "")
    for part, name, verdict in hand_in.expected:
        of = {task.name: task.points for task in part.tasks}.get(name, 0)
        points = "" if verdict == WAITS else f"{of if verdict == 'pass' else 0:g}"
        late = "yes" if hand_in.late else ""
        yield (*head, part.unit, part.name, name, points, verdict, late)


def walk_through(folder: Path, unit: str, number: int) -> str:
    """Return the commands of the guide for this class."""
    at, due = shown(folder), datetime.fromtimestamp(DUE).isoformat(timespec="minutes")
    grade = "python course.py grade"
    how = f"--roster {at}/class.csv --late {unit[:2]}={due}"
    return f"""\
40 invented students, {number} notebooks of {unit}, in {at}/: a minute or two for ten notebooks
on two cores. Try, as in docs/teaching.md:

1. From Moodle: all submissions, the worksheet, a roster of your own
   {grade} {at}/moodle.zip --worksheet {at}/moodle_{unit}.csv {how} --out {at}/book
2. Is everybody graded as expected.csv says? It tells what each student hands in
   {grade} --check {at} --out {at}/book
3. Look at {at}/book/overview.html, and mark the open questions
   {grade} --mark --out {at}/book
4. What goes back to Moodle is in {at}/book/import/
5. The same class from Canvas
   {grade} {at}/canvas.zip --worksheet {at}/canvas.csv {how} --out {at}/book-canvas
   {grade} --check {at} --out {at}/book-canvas"""

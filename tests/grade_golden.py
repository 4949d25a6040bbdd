"""A golden class: students of a small unit, what each hands in, and the marks it must get.

The unit is made here, so that a lesson of the course may change without it. ``EXPECTED`` says by
kind of hand-in what becomes of each task; it is written by hand, and never taken from a result.
"""

import json
from dataclasses import dataclass
from datetime import datetime

import nbformat
from grade_course import (
    CENTRE,
    COUNTED,
    COUNTER,
    DOUBLE,
    HARNESS,
    SECRET,
    course,
    course_with_harness,
    zipped,
)

from data.core.files import write_bytes, write_text

UNIT = "01_golden"
SMALL, COUNT = "01_small", "02_counter"
DUE, DAY = datetime(2027, 5, 31, 18).timestamp(), 86_400.0
ANSWER = "The mean is 0, since each column's mean was taken off."
COUNTER_SOLUTION = "\n".join(line for line in COUNTER.splitlines() if "###" not in line)
SOLUTIONS = {SMALL: {"double": DOUBLE, "centre": CENTRE}, COUNT: {"Counter": COUNTER_SOLUTION,
                                                                "double": DOUBLE}}  # fmt: skip
POINTS = {(SMALL, "double"): 2, (SMALL, "centre"): 3, (SMALL, "a_why"): 4, (COUNT, "Counter"): 3,
          (COUNT, "double"): 2}  # fmt: skip
# What no page may run or load, with letters that no file takes.
EVIL = '<script>alert(1)</script><img src="http://example.org/x.png" onerror="alert(2)">'
# Lines of hidden tests, which no student may see.
SECRETS = (SECRET, "centre(np.arange(3.0))", "totals(-4", "totals(5, [])")


def body(code):
    """Return an answer for ``double`` that does something else first."""
    return f"def double(x):\n    {code}\n    return 2 * x"


CHANGES = {
    "right": {},
    "two days late": {},
    "a visible test fails": {(SMALL, "double"): "def double(x):\n    return 3 * x"},
    # The visible test passes, which is worth a point of its own.
    "a hidden test fails": {
        (SMALL, "centre"): "def centre(a):\n    return a - a.mean(axis=0) if a.ndim == 2 else a"
    },
    "a private test fails": {(SMALL, "double"): "def double(x):\n    return 2 * np.minimum(x, 5)"},
    "a hidden test of a class fails": {
        (COUNT, "Counter"): COUNTER_SOLUTION.replace("= start", "= abs(start)")
    },
    "an error": {
        (COUNT, "double"): f"def double(x):\n    raise ValueError({EVIL + chr(0xD800)!r})",
        (SMALL, "a_why"): f"{EVIL}\ud800\0",
    },
    "no Python": {(SMALL, "double"): "def double(x)\n    return 2 * x"},
    "half done": {(SMALL, "centre"): None, (SMALL, "a_why"): None, (COUNT, "Counter"): None},
    "as it was released": dict.fromkeys(POINTS),
    "a test emptied": {
        (SMALL, "double"): "def double(x):\n    return 3 * x",
        (SMALL, "test_double"): "assert True",
    },
    "ends its process": {(SMALL, "double"): body("import os; os._exit(0)")},
}
# The points, where they are not full; None for an open answer, which waits.
NOTHING_OF_SMALL = {(SMALL, task): 0 for task in ("double", "centre", "a_why")}
EXPECTED = {
    "a visible test fails": {(SMALL, "double"): 0},
    "a hidden test fails": {(SMALL, "centre"): 1},
    "a private test fails": {(SMALL, "double"): 0},
    "a hidden test of a class fails": {(COUNT, "Counter"): 0},
    "an error": {(COUNT, "double"): 0},
    "no Python": {(SMALL, "double"): 0},
    "half done": {(SMALL, "centre"): 0, (SMALL, "a_why"): 0, (COUNT, "Counter"): 0},
    "as it was released": dict.fromkeys(POINTS, 0),
    "a test emptied": {(SMALL, "double"): 0},
    "ends its process": {(SMALL, "double"): 0},
    "a solution's cell deleted": {(SMALL, "double"): 0},
    "a file that a disk has cut": NOTHING_OF_SMALL,
    "another notebook of that name": NOTHING_OF_SMALL,
}
BROKEN = {
    "a file that a disk has cut": b'{"cells": [{"cell_type": "code", "sour',
    "another notebook of that name": b'{"cells": [], "nbformat": 4}',
}
NOTHING = ("nothing", "a name that means nothing")
KINDS = (
    *CHANGES,
    *BROKEN,
    "a solution's cell deleted",
    "renamed by a browser",
    "two uploads, the later one right",
    *NOTHING,
)
NAMES = {0: "Jürgen Großbeispiel", 1: "Zoë O'Sample", 2: "例 样本", 3: "Max <img> Sample,Jr.",
         4: "=1+1 Formula", 5: "Пример Образцов"}  # fmt: skip


@dataclass(frozen=True)
class Student:
    """One of the class; nobody is called so."""

    id: str  # Leading zeros are part of it
    name: str
    email: str
    number: int  # Moodle's, of this assignment
    canvas: int
    kind: str

    @property
    def marks(self):
        """The points of each task, by notebook and task; None where they wait for a person."""
        if self.kind in NOTHING:
            return {}
        return POINTS | {(SMALL, "a_why"): None} | EXPECTED.get(self.kind, {})


def students():
    """Return the class: one student of each kind."""
    return [
        Student(f"{70 * n + 41:06d}", NAMES.get(n, f"Given{n} Example"), f"s{n:02d}@example.org",
                4001 + 7 * n, 501 + 3 * n, kind)
        for n, kind in enumerate(KINDS)
    ]  # fmt: skip


STRANGER = Student("", "Nobody Unlisted", "nobody@example.org", 9999, 8888, "right")


def write_unit(source):
    """Write the unit's two notebooks into a folder of units."""
    small = course()
    small.cells[5].source += "\n### PARTIAL CREDIT: 1"
    for cell in small.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") in ("double", "centre"):
            first, inner = cell.source.split("\n")
            marks = ("    ### BEGIN SOLUTION", "    ### END SOLUTION")
            cell.source = "\n".join((first, marks[0], inner, marks[1]))
    counter = course_with_harness("Counter", COUNTER, HARNESS, COUNTED)
    (double,) = (cell for cell in counter.cells if cell.source == DOUBLE)
    double.source = small.cells[2].source
    for name, notebook in ((SMALL, small), (COUNT, counter)):
        write_text(source / UNIT / f"{name}.ipynb", nbformat.writes(notebook))


def write_private_test(folder):
    """Write a hidden test that the course does not have; returns the folder."""
    text = f'assert double(7) == 14, "{SECRET}"\n'
    write_text(folder / UNIT / SMALL / "double.py", text)
    return folder


# ------------------------------------------------------------------ what is handed in


def answered(student, name, released):
    """Return a released notebook as a student hands it in."""
    if name == SMALL and student.kind in BROKEN:
        return BROKEN[student.kind]
    code = {(name, task): source for task, source in SOLUTIONS[name].items()}
    code |= {(SMALL, "a_why"): ANSWER} | CHANGES.get(student.kind, {})
    content = json.loads(released)
    for cell in content["cells"]:
        place = (name, cell["metadata"].get("nbgrader", {}).get("grade_id"))
        cell["source"] = code.get(place) or cell["source"]
    if student.kind == "a solution's cell deleted" and name == SMALL:
        content["cells"] = [c for c in content["cells"] if "return 2 * x" not in c["source"]]
    return json.dumps(content).encode()


def uploads(student, release):
    """Return the files that a student uploads: name, content, time in seconds."""
    login, kind = student.email.partition("@")[0], student.kind
    made = {name: answered(student, name, release[name]) for name in (SMALL, COUNT)}
    whole = zipped(*((f"{UNIT}/{name}.ipynb", made[name], DUE - DAY) for name in made))
    name = f"{login}_{UNIT}.zip"
    if kind == "nothing":
        return []
    if kind == "renamed by a browser":
        return [(f"Copy of {name} (2).ipynb", made[name], DUE - 3600) for name in made]
    if kind == "two uploads, the later one right":
        first = zipped(*((f"{UNIT}/{name}.ipynb", b"{}", DUE - DAY) for name in made))
        return [(name, first, DUE - 4 * DAY), (f"{login}_{UNIT} (1).zip", whole, DUE - 60)]
    if kind == "a name that means nothing":
        return [("homework_final_NEW.ipynb", made[SMALL], DUE - 7200)]
    return [(name, whole, DUE + 1.5 * DAY if kind == "two days late" else DUE - 5400)]


def moodle_zip(class_, release):
    """Return all submissions as Moodle hands them out: a folder a student."""
    return zipped(*(
        (f"{s.name}_{s.number}_assignsubmission_file_/{name}", content, when)
        for s in (*class_, STRANGER)
        for name, content, when in uploads(s, release)
    ))  # fmt: skip


def write_class(folder, class_):
    """Write the list of the class."""
    heads = "id,first_name,last_name,email,lms_user_id"
    lines = []
    for student in class_:
        first, _, last = student.name.rpartition(" ")
        lines.append(f'{student.id},{first},"{last}",{student.email},{student.canvas}')
    write_bytes(folder / "class.csv", "\n".join([heads, *lines, ""]).encode())
    return folder / "class.csv"

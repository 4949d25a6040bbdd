"""A golden class: students of a small unit, what each hands in, and the marks it must get.

The unit is made here, so that a lesson of the course may change without it. ``CHANGES`` says by
kind of hand-in what becomes of each task; it is written by hand, and never taken from a result.
"""

import json
from dataclasses import dataclass

import grade_course as parts
import nbformat
from grade_course import CENTRE, COUNTER, DOUBLE, SECRET, course, course_with_adapter, zipped

from data.core.files import write_bytes, write_text

UNIT = "01_golden"
SMALL, COUNT = "01_small", "02_counter"
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


# By kind of hand-in: cells that are not right, None for one as it was released, and their points.
CHANGES = {
    "right": {},
    "a visible test fails": {(SMALL, "double"): ("def double(x):\n    return 3 * x", 0)},
    # The visible test passes, which is worth a point of its own.
    "a hidden test fails": {
        (SMALL, "centre"): ("def centre(a):\n    return a - (a.ndim > 1) * a.mean(axis=0)", 1)
    },
    "a private test fails": {
        (SMALL, "double"): ("def double(x):\n    return 2 * np.minimum(x, 5)", 0)
    },
    "a hidden test of a class fails": {
        (COUNT, "Counter"): (COUNTER_SOLUTION.replace("= start", "= abs(start)"), 0)
    },
    "an error": {
        (COUNT, "double"): (f"def double(x):\n    raise ValueError({EVIL + chr(0xD800)!r})", 0),
        (SMALL, "a_why"): (f"{EVIL}\ud800\0", None),
    },
    "half done": dict.fromkeys(
        [(SMALL, "centre"), (SMALL, "a_why"), (COUNT, "Counter")], (None, 0)
    ),
    "a test emptied": {
        (SMALL, "double"): ("def double(x):\n    return 3 * x", 0),
        (SMALL, "test_double"): ("assert True", None),
    },
    "a file that a disk has cut": {
        (SMALL, task): (None, 0) for task in ("double", "centre", "a_why")
    },
}
# Some of one kind, so that a call that is killed has work left.
KINDS = (*CHANGES, *["right"] * 4)
NAMES = {0: "Jürgen Großbeispiel", 1: "Zoë O'Sample", 2: "例 样本", 3: "Max <img> Sample,Jr.",
         4: "=1+1 Formula", 5: "Пример Образцов"}  # fmt: skip


@dataclass(frozen=True)
class Student:
    """One of the class; nobody is called so."""

    id: str  # Leading zeros are part of it
    name: str
    number: int  # Moodle's, of this assignment
    kind: str

    @property
    def marks(self):
        """The points of each task, by notebook and task; None where they wait for a person."""
        marks = POINTS | {(SMALL, "a_why"): None}
        return marks | {p: mark for p, (_, mark) in CHANGES[self.kind].items() if p in POINTS}


def students():
    """Return the class: a student of each kind, or more."""
    return [
        Student(f"{70 * n + 41:06d}", NAMES.get(n, f"Given{n} Example"), 4001 + 7 * n, kind)
        for n, kind in enumerate(KINDS)
    ]


STRANGER = Student("", "Nobody Unlisted", 9999, "right")


def write_unit(source):
    """Write the unit's two notebooks into a folder of units."""
    small = course()
    small.cells[5].source += "\n### PARTIAL CREDIT: 1"
    for cell in (small.cells[2], small.cells[4]):
        first, inner = cell.source.split("\n")
        cell.source = f"{first}\n    ### BEGIN SOLUTION\n{inner}\n    ### END SOLUTION"
    counter = course_with_adapter("Counter", COUNTER, parts.ADAPTER, parts.COUNTED)
    (double,) = (cell for cell in counter.cells if cell.source == DOUBLE)
    double.source = small.cells[2].source
    for name, notebook in ((SMALL, small), (COUNT, counter)):
        write_text(source / UNIT / f"{name}.ipynb", nbformat.writes(notebook))


def answered(student, name, released):
    """Return a released notebook as a student hands it in."""
    if name == SMALL and student.kind == "a file that a disk has cut":
        return b'{"cells": [{"cell_type": "code", "sour'
    code = {(name, task): source for task, source in SOLUTIONS[name].items()}
    changed = {place: source for place, (source, _) in CHANGES[student.kind].items()}
    code |= {(SMALL, "a_why"): ANSWER} | changed
    content = json.loads(released)
    for cell in content["cells"]:
        place = (name, cell["metadata"].get("nbgrader", {}).get("grade_id"))
        cell["source"] = code.get(place) or cell["source"]
    return json.dumps(content).encode()


def moodle_zip(class_, release):
    """Return all submissions as Moodle hands them out: a folder a student, with a zip of theirs."""
    members = []
    for s in (*class_, STRANGER):
        files = ((f"{UNIT}/{name}.ipynb", answered(s, name, release[name])) for name in release)
        members.append((f"{s.name}_{s.number}_assignsubmission_file_/{UNIT}.zip", zipped(*files)))
    return zipped(*members)


def write_class(folder, class_):
    """Write the list of the class."""
    lines = ["id,first_name,last_name"]
    for student in class_:
        first, _, last = student.name.rpartition(" ")
        lines.append(f'{student.id},{first},"{last}"')
    write_bytes(folder / "class.csv", "\n".join([*lines, ""]).encode())
    return folder / "class.csv"

"""Two classes, one with a light notebook and one with a task in Keras, and a student of each.

Both sides grade the very same files, and check the same solved ones.
"""

import json
import random
from pathlib import Path
from typing import Any

from units import KERAS, LIGHT, Unit, released

from tools.teach.grade import assignments

UNITS = (LIGHT, KERAS)


def make(folder: Path, source: str) -> dict[str, Any]:
    """Write the course's notebooks, the submissions of both classes, and the marks they earn."""
    told = {unit.name: _hand_in(folder, unit) for unit in UNITS}
    (folder / "earned.json").write_text(json.dumps(told), encoding="utf-8")
    what = f"of one light notebook with two tasks; {KERAS.students} of one with a task in Keras"
    return {"items": LIGHT.students, "what": what}


def _hand_in(folder: Path, unit: Unit) -> dict[str, dict[str, float]]:
    """Write a unit and what its class hands in; return the marks by student and task."""
    blank = released(unit, folder / "notebooks", folder / "release")
    rng, earned = random.Random(0), {}
    for number in range(unit.students):
        student = f"student-{number:03}"
        filled = {}
        for name in unit.right:
            kind = rng.choices(("right", "wrong", "left"), (70, 20, 10))[0]
            if kind != "left":
                filled[name] = {"right": unit.right, "wrong": unit.wrong}[kind][name]
            earned.setdefault(student, {})[name] = unit.points[name] if kind == "right" else 0
        path = folder / "submitted" / unit.name / student / unit.name / f"{unit.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(assignments.filled(blank, filled))
    solved = folder / "solved" / f"{unit.name}.ipynb"
    solved.parent.mkdir(exist_ok=True)
    solved.write_bytes(assignments.filled(blank, unit.right))  # what a student checks at the end
    return earned


def judge(folder: Path, answers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], dict]:
    """Return the share of students whose marks are those they earned; of a check, 1 or 0."""
    earned = json.loads((folder / "earned.json").read_text(encoding="utf-8"))
    quality = {}
    for (side, row), found in answers.items():
        if row.startswith("Check "):  # whether it said that all is well, which it is
            quality[side, row] = {"right marks": float(found)}
            continue
        marks = earned[KERAS.name if row.startswith("Keras: ") else LIGHT.name]
        right = sum(found.get(student) == own for student, own in marks.items())
        quality[side, row] = {"right marks": right / len(marks)}
    return quality

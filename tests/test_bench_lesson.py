"""What benchmarks take from a notebook is the notebook's own code, and a missing name is named."""

import json
import runpy

import pytest

from tools.publish.bench import BENCHMARKS

CELLS = [
    (["imports"], "import math"),
    ([], "SIDE, OTHER = 3, 4\nprint(undefined)"),
    ([], "def area(side=SIDE):\n    return math.pi * side\n\n\ntrained = area(undefined)"),
    ([], "def area():\n    return 'a later one'"),
    ([], "height, Box = 5, 6"),
    ([], "class Box:\n    size = SIDE"),
]


def test_definitions_come_with_the_imports_and_nothing_else_runs(tmp_path):
    taught = runpy.run_path(str(BENCHMARKS / "lesson.py"))["taught"]
    taught.__globals__["NOTEBOOKS"] = tmp_path
    cells = [
        {"cell_type": "code", "metadata": {"tags": tags}, "source": [source]}
        for tags, source in CELLS
    ]
    (tmp_path / "trial.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    own = taught("trial", ("SIDE", "area", "Box"))
    assert own["area"]() == pytest.approx(3 * 3.14159265)  # the first definition counts
    assert own["Box"].size == 3  # a class, whatever the name means in a cell before
    assert "trained" not in own and "height" not in own
    with pytest.raises(LookupError, match="trial defines no volume"):
        taught("trial", ("SIDE", "volume"))

"""What benchmarks take from a notebook is the notebook's own code, and a missing name is named."""

import importlib.util
import json

import pytest

from tools.publish.bench import BENCHMARKS


def load():
    """Return the module as it is."""
    spec = importlib.util.spec_from_file_location("lesson", BENCHMARKS / "lesson.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """Return the module, reading notebooks of the test's own."""
    module = load()
    sources = [
        (["imports"], "import math"),
        ([], "SIDE, OTHER = 3, 4\nprint(undefined)"),
        ([], "def area(side=SIDE):\n    return math.pi * side\n\n\ntrained = area(undefined)"),
        ([], "def area():\n    return 'a later one'"),
        ([], "height, Box = 5, 6"),
        ([], "class Box:\n    size = SIDE"),
    ]
    cells = [
        {"cell_type": "code", "metadata": {"tags": tags}, "source": source.splitlines(True)}
        for tags, source in sources
    ]
    cells.append({"cell_type": "markdown", "metadata": {}, "source": ["def area(:"]})
    (tmp_path / "trial.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    monkeypatch.setattr(module, "NOTEBOOKS", tmp_path)
    return module


def test_definitions_come_with_the_imports_and_nothing_else_runs(lesson):
    own = lesson.taught("trial", ("SIDE", "area", "Box"))
    assert own["area"]() == pytest.approx(3 * 3.14159265)  # the first definition counts
    assert own["Box"].size == 3  # a class, whatever the name means in a cell before
    assert "trained" not in own and "height" not in own


def test_a_name_that_no_cell_defines_is_named(lesson):
    with pytest.raises(LookupError, match="trial defines no volume"):
        lesson.taught("trial", ("SIDE", "volume"))

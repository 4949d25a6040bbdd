"""What benchmarks take from a notebook is the notebook's own code, and a missing name is named."""

import ast
import importlib.util
import json

import pytest

from tools.publish.bench import benchmark


def load():
    """Return the module as it is."""
    spec = importlib.util.spec_from_file_location("lesson", benchmark.BENCHMARKS / "lesson.py")
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


def test_a_name_that_is_used_and_not_taken_is_named(lesson):
    with pytest.raises(LookupError, match="trial: SIDE must be taken as well"):
        lesson.taught("trial", ("area",))
    assert lesson.program("trial", ("SIDE", "area", "Box"))


def sides():
    """Return what each side of ours takes from a notebook: its name, and names in it."""
    for path in sorted(benchmark.BENCHMARKS.glob("*/ours.py")):
        known, tree = {}, ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Constant, ast.Tuple)):
                known[node.targets[0].id] = ast.literal_eval(node.value)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "taught":
                given = [known[a.id] if isinstance(a, ast.Name) else a.value for a in node.args]
                yield tuple(given)


@pytest.mark.parametrize(("notebook", "names"), list(sides()))
def test_benchmarks_take_all_that_they_need_from_a_notebook(notebook, names):
    assert load().program(notebook, names)

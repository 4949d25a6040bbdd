"""What a student waits for: a check, the first cell of a notebook, and JupyterLab's page.

Both sides check the same solved notebooks by the same visible tests, each in its own form.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from units import KERAS, LIGHT, Unit, released

from tools.notebook.common import ROOT
from tools.teach.grade import assignments

LESSON = "06_graph_networks/01_gat_cora"
HIDDEN = "### BEGIN HIDDEN TESTS"
TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = "{name}"
points = {points}


@test_case()
def test_{name}(env):
    exec({tests!r}, env)
"""


def make(folder: Path, tier: str) -> dict[str, Any]:
    """Write solved notebooks in both forms, the first cell of a lesson, and the notebooks."""
    for kind, unit in {"numpy": LIGHT, "keras": KERAS}.items():
        _solved(folder, kind, unit)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    cells = json.loads((ROOT / "notebooks" / f"{LESSON}.ipynb").read_text(encoding="utf-8"))[
        "cells"
    ]
    first = next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    libraries = [line for line in first.splitlines() if "utils" not in line]
    told = {"ours": first, "peer": "\n".join(libraries)}
    (folder / "first.json").write_text(json.dumps(told), encoding="utf-8")
    return {"items": 1, "what": "each once"}


def _solved(folder: Path, kind: str, unit: Unit) -> None:
    """Write one notebook as this course gives it out, solved, and as otter does."""
    blank = released(unit, folder / "source", folder / "release")
    (folder / f"{kind}.ipynb").write_bytes(assignments.filled(blank, unit.right))
    tests = folder / f"{kind}-otter" / "tests"
    tests.mkdir(parents=True)
    cells = [new_code_cell(unit.imports)]
    for name, solution in unit.right.items():
        cells += map(new_code_cell, filter(None, (solution, unit.harness.get(name))))
        visible = unit.tests[name].partition(HIDDEN)[0]
        told = TEST.format(name=name, points=unit.points[name], tests=visible)
        (tests / f"{name}.py").write_text(told, encoding="utf-8")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(
        new_notebook(cells=cells, metadata={"kernelspec": kernel}), tests.parent / f"{kind}.ipynb"
    )


def judge(folder: Path, answers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], dict]:
    """Return 1 where what was waited for came, else 0."""
    return {row: {"came": float(found)} for row, found in answers.items()}

import os
import re
import shutil
import subprocess
import sys

import pytest

from data.core import cards
from tools.notebook import common, tasks
from tools.notebook.common import Notebook, Problem, all_notebooks
from tools.write import new, structure
from utils import lessons

UNIT, NAME = "11_pooling", "11_pooling/01_graphs"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Return a folder to which new units and notebooks go."""
    shutil.copytree(lessons.FOLDER, tmp_path / "lessons")
    monkeypatch.setattr(lessons, "FOLDER", tmp_path / "lessons")
    monkeypatch.setattr(new, "NOTEBOOKS", tmp_path / "notebooks")
    return tmp_path


def test_a_new_unit_and_notebook_lack_nothing_but_a_run(course, capsys):
    assert new.main([UNIT, "pooling"]) == 0
    assert "# Unit 11: pooling" in (course / "notebooks" / UNIT / "README.md").read_text()
    assert new.main([NAME, "Pooling on graphs"]) == 0
    told = capsys.readouterr().out
    assert "`python course.py run --update 11/01`" in told
    notebook = Notebook(course / "notebooks" / f"{NAME}.ipynb")
    assert notebook.content.cells[0].source.startswith("# Pooling on graphs")
    assert notebook.meta["id"] == "11/01" and notebook.lesson["week"] == len(lessons.weeks())
    assert all("run --update" in fault for fault in structure.check(notebook))
    assert list(tasks.self_test(notebook)) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("6/pooling", "'6/pooling' is no name"),
        ("11_sound/01_x", "no unit '11_sound'"),
        ("01_sound", "there is a unit 01_faces already"),
        (all_notebooks()[0].name, "is there already"),
    ],
)
def test_bad_names_are_told(name, told):
    with pytest.raises(Problem, match=told):
        new.main([name, "A title"])


# ------------------------------------------------------------------ a data set


@pytest.fixture
def sets(monkeypatch, tmp_path):
    """Return a copy of the package of data sets, where folders may be added."""
    folder = tmp_path / "data"
    tests = shutil.ignore_patterns("__pycache__", "test_reader.py", "test_generator.py")
    shutil.copytree(common.ROOT / "data", folder, ignore=tests)
    monkeypatch.setattr(cards, "FOLDER", folder)
    return folder


def call(folder, *words):
    """Run a module in the copy, with its own package `data`, and return the result."""
    places = os.pathsep.join(map(str, (folder.parent, common.ROOT)))
    environment = os.environ | {"PYTHONPATH": places}
    command = [sys.executable, "-m", *words]
    return subprocess.run(
        command, cwd=folder.parent, env=environment, capture_output=True, text=True, check=False
    )


def test_a_new_data_set_passes_its_checks_but_the_one_that_names_its_marks(sets, capsys):
    assert new.main(["data/toy_points"]) == 0
    assert "python course.py data fetch toy_points" in capsys.readouterr().out
    pytest_ = ("pytest", "-q", "-p", "no:cacheprovider")
    own = call(sets, *pytest_, "data/toy_points", "data/core/test_sets.py", "-k", "toy_points")
    assert own.returncode == 0, own.stdout
    marks = call(sets, *pytest_, "data/core/test_cards.py", "-k", "test_entry and toy_points")
    assert marks.returncode == 1 and "1 failed" in marks.stdout, marks.stdout
    assert re.search(r'card.toml, line \d+: licence = "TODO: as', marks.stdout), marks.stdout
    assert re.search(r"generator.py, line \d+: .*TODO: how the", marks.stdout), marks.stdout
    config = ("--config", str(common.ROOT / "pyproject.toml"))
    for words in (("check",), ("format", "--check")):
        done = call(sets, "ruff", *words, str(sets / "toy_points"), *config)
        assert done.returncode == 0, done.stdout
    with pytest.raises(Problem, match="toy_points or a card of that name already"):
        new.main(["data/toy_points"])

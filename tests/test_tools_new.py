import os
import re
import shutil
import subprocess
import sys

import pytest

from data.core import cards
from tools.notebook import common, tasks
from tools.notebook.common import Notebook, Problem, all_notebooks
from tools.write import new, new_data, structure
from utils import lessons

NAME = "06_graph_networks/09_pooling"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a copy of the course's own code in which `new` made a notebook, and what it said."""
    folder = tmp_path_factory.mktemp("course")
    for part in ("utils", "tools", "lessons"):
        shutil.copytree(common.ROOT / part, folder / part)
    shutil.copytree(common.ROOT / "data", folder / "data")
    done = subprocess.run(
        [sys.executable, "-m", "tools", "new", NAME, "Pooling on graphs"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COURSE_BUILD_DIR": str(folder / "build")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_a_new_notebook_passes_the_structure_check(made, monkeypatch):
    monkeypatch.setattr(lessons, "FOLDER", made[0] / "lessons")
    notebook = Notebook(made[0] / "notebooks" / f"{NAME}.ipynb")
    assert structure.check(notebook) == []
    assert notebook.content.cells[0].source.startswith("# Pooling on graphs")
    assert notebook.meta["id"] == "06/09"


def test_new_notebook_s_tasks_pass_the_self_test(made, monkeypatch):
    monkeypatch.setattr(lessons, "FOLDER", made[0] / "lessons")
    assert list(tasks.self_test(Notebook(made[0] / "notebooks" / f"{NAME}.ipynb"))) == []


def test_new_says_what_comes_next_and_makes_the_lesson_s_folder(made):
    folder, told = made
    assert len(told.splitlines()) == 3 and "`python course.py run --update 06/09`" in told
    assert "TODO" in (folder / f"lessons/{NAME}/lesson.toml").read_text()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("6/pooling", "'6/pooling' is no name"),
        ("11_sound/01_x", "no unit '11_sound'"),
        (all_notebooks()[0].name, "is there already"),
    ],
)
def test_bad_names_are_told(name, told):
    with pytest.raises(Problem, match=told):
        new.checked(name)


# ------------------------------------------------------------------ a data set


@pytest.fixture
def sets(monkeypatch, tmp_path):
    """Return a copy of the package of data sets, where folders may be added."""
    folder = tmp_path / "data"
    tests = shutil.ignore_patterns("__pycache__", "test_reader.py", "test_generator.py")
    shutil.copytree(common.ROOT / "data", folder, ignore=tests)
    monkeypatch.setattr(cards, "FOLDER", folder)
    return folder


def pytest_in(folder, *words):
    """Run tests of the copy with its own package `data`."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    places = os.pathsep.join(map(str, (folder.parent, common.ROOT)))
    environment = os.environ | {"PYTHONPATH": places}
    return subprocess.run(
        command, cwd=folder.parent, env=environment, capture_output=True, text=True, check=False
    )


def test_a_new_data_set_passes_its_checks_but_the_one_that_names_its_marks(sets, capsys):
    assert new_data.main(["toy_points"]) == 0
    assert "python course.py data fetch toy_points" in capsys.readouterr().out
    assert cards.get("toy_points").items == 1000
    own = pytest_in(sets, "data/toy_points")
    assert own.returncode == 0, own.stdout
    every = pytest_in(sets, "data/core/test_sets.py", "-k", "toy_points")
    assert every.returncode == 0 and "passed" in every.stdout, every.stdout
    marks = pytest_in(sets, "data/core/test_cards.py", "-k", "test_entry and toy_points")
    assert marks.returncode == 1 and "1 failed" in marks.stdout, marks.stdout
    assert re.search(r'card.toml, line \d+: licence = "TODO: as', marks.stdout), marks.stdout
    assert re.search(r"generator.py, line \d+: .*TODO: how the", marks.stdout), marks.stdout
    ruff = [sys.executable, "-m", "ruff"]
    for words in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [*ruff, *words, str(sets / "toy_points"), "--config", "pyproject.toml"],
            cwd=common.ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout

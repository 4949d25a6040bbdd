import os
import re
import shutil
import subprocess
import sys

import pytest

from data.core import cards
from tools.notebook import common
from tools.notebook.common import Notebook, Problem, all_notebooks
from tools.write import new, self_test, structure
from utils import lessons

UNIT, NAME = "11_pooling", "11_pooling/01_graphs"


def test_a_new_unit_and_notebook_lack_nothing_but_a_run(tmp_path, monkeypatch, capsys):
    shutil.copytree(lessons.FOLDER, tmp_path / "lessons")
    monkeypatch.setattr(lessons, "FOLDER", tmp_path / "lessons")
    monkeypatch.setattr(new, "NOTEBOOKS", tmp_path / "notebooks")
    assert new.main([UNIT, "pooling"]) == 0
    assert "# Unit 11: pooling" in (tmp_path / "notebooks" / UNIT / "README.md").read_text()
    assert new.main([NAME, "Pooling on graphs"]) == 0
    assert "`python course.py run --update 11/01`" in capsys.readouterr().out
    notebook = Notebook(tmp_path / "notebooks" / f"{NAME}.ipynb")
    assert notebook.content.cells[0].source.startswith("# Pooling on graphs")
    assert notebook.meta["id"] == "11/01" and notebook.lesson["week"] == len(lessons.weeks())
    assert all("run --update" in fault for fault in structure.check(notebook))
    assert self_test.problems(notebook) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("6/pooling", "'6/pooling'"),
        ("11_sound/01_x", "'11_sound'"),
        ("01_sound", "01_faces"),
        (all_notebooks()[0].name, all_notebooks()[0].name),
        ("data/cora", "cora"),
    ],
)
def test_bad_names_are_refused(name, message):
    with pytest.raises(Problem, match=message):
        new.main([name, "A title"])


def test_a_new_data_set_passes_its_checks_but_the_one_that_names_its_marks(
    tmp_path, monkeypatch, capsys
):
    folder = tmp_path / "data"  # a copy of the package of data sets, where folders may be added
    tests = shutil.ignore_patterns("__pycache__", "test_reader.py", "test_generator.py")
    shutil.copytree(common.ROOT / "data", folder, ignore=tests)
    monkeypatch.setattr(cards, "FOLDER", folder)
    places = os.pathsep.join(map(str, (tmp_path, common.ROOT)))

    def call(*words):
        environment = os.environ | {"PYTHONPATH": places}
        command = [sys.executable, "-m", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    assert new.main(["data/toy_points"]) == 0
    assert "python course.py data fetch toy_points" in capsys.readouterr().out
    files = ("data/toy_points", "data/core/test_sets.py", "data/core/test_cards.py")
    done = call("pytest", "-q", "-p", "no:cacheprovider", *files, "-k", "toy_points")
    assert done.returncode == 1 and "1 failed" in done.stdout, done.stdout
    assert re.search(r'card.toml, line \d+: licence = "TODO: as', done.stdout), done.stdout
    assert re.search(r"generator.py, line \d+: .*TODO: how the", done.stdout), done.stdout
    for words in (("check",), ("format", "--check")):
        done = call("ruff", *words, "data/toy_points", f"--config={common.ROOT}/pyproject.toml")
        assert done.returncode == 0, done.stdout

import argparse
import json
import subprocess

import nbformat
import pytest

from data.core import cards
from tools.learn import record
from tools.notebook import common, sources
from tools.notebook.common import Notebook, all_notebooks
from utils import lessons

CARD = """
[{name}]
title = "t"
task = "t"
licence = "l"
citation = "c"
status = "download"
sample = "s"
"""
FILES = {
    "utils/__init__.py": "import os\nfrom utils import _first\n",
    "utils/_first.py": "import numpy as np\n",
    "utils/plots.py": "def draw():\n    from utils.colours import RED\n    return RED\n",
    "utils/colours.py": "RED = 1\n",
    "utils/other.py": "",
    "utils/kit/__init__.py": "",
    "utils/kit/shapes.py": "from data.kit.shapes import *\n",
    "utils/deep/__init__.py": "from . import inner\n",
    "utils/deep/inner.py": "from ..colours import RED\n",
    "data/__init__.py": "",
    "data/kit/__init__.py": "",
    "data/kit/shapes.py": "",
    "data/kit/colours.py": "",
    "data/cows/__init__.py": "from data.kit import shapes\n",
    "data/cows/card.toml": CARD.format(name="cows") + CARD.format(name="calves"),
    "data/cows/test_reader.py": "from utils import other\n",
    "data/sheep/__init__.py": "",
    "data/sheep/card.toml": CARD.format(name="sheep"),
    "data/weights/__init__.py": "",
    "data/weights/net/card.toml": CARD.format(name="net"),
    "data/weights/net/__init__.py": "from utils import other\n",
}


def write_notebook(folder, *cells, **meta):
    """Write notebooks/01_a/01_lesson.ipynb into a tree and return it."""
    path = folder / "notebooks" / "01_a" / "01_lesson.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    made = [nbformat.v4.new_code_cell(cell, id=f"c{n}") for n, cell in enumerate(cells)]
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata={"course": meta}), path)
    return Notebook(path)


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Return a small repository that the tools take for the course's."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(cards, "FOLDER", tmp_path / "data")
    monkeypatch.setattr(lessons, "FOLDER", tmp_path / "lessons")
    for module in (common, sources):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return tmp_path


def found(tree, notebook):
    return {path.relative_to(tree).as_posix() for path in sources.sources(notebook)[1:]}


FIRST = {"utils/__init__.py", "utils/_first.py"}
DOOR = {"utils/kit/__init__.py", "utils/kit/shapes.py"}
DOOR |= {"data/__init__.py", "data/kit/__init__.py", "data/kit/shapes.py"}
PLOTS = FIRST | {"utils/plots.py", "utils/colours.py"}


@pytest.mark.parametrize(
    ("cell", "files"),
    [
        ("x = 1", set()),
        ("import utils", FIRST),
        (
            "def later():\n    from utils import plots",
            FIRST | {"utils/plots.py", "utils/colours.py"},
        ),
        ("import utils.plots as p", PLOTS),
        (
            "from utils.deep import inner",
            FIRST | {"utils/deep/__init__.py", "utils/deep/inner.py", "utils/colours.py"},
        ),
        (
            "from utils.kit import shapes",
            FIRST
            | {
                f"{top}/kit/{name}.py"
                for top in ("utils", "data")
                for name in ("__init__", "shapes")
            }
            | {"data/__init__.py"},
        ),
        ("!ls\nimport utils", set()),
    ],
)
def test_imports_are_followed(tree, cell, files):
    assert found(tree, write_notebook(tree, "import numpy", cell)) == files


def test_weights_count_that_the_notebook_trained(tree):
    for owner in ("01_a/01_lesson", "01_a/02_other"):
        path = tree / "lessons" / owner / "weights" / "net.npz"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"weights")
    cell = 'course.trained("net", net)'
    assert found(tree, write_notebook(tree, cell)) == {"lessons/01_a/01_lesson/weights/net.npz"}


def test_the_key_of_a_run_is_that_of_its_sources(tree, monkeypatch):
    monkeypatch.setattr(record, "ROOT", tree)
    monkeypatch.setattr(record.results, "RESULTS", tree / "results")
    printed = {"01_a/01_lesson": {"metrics": {}}, "01_a/02_other": {"metrics": {}}}
    monkeypatch.setattr(record.results, "reported", lambda: printed)
    (tree / "requirements.txt").write_text("numpy==2.0\n")
    notebook = write_notebook(tree, "from utils import plots", datasets=["cows"])
    options = argparse.Namespace(profile="quick", data="sample")
    keys = [record.key(notebook, options)]
    for name in ("utils/other.py", "data/sheep/card.toml", "data/cows/test_reader.py"):
        (tree / name).write_text((tree / name).read_text() + "\n# changed\n")
    printed["01_a/02_other"]["metrics"]["a"] = {"reported": 1}
    assert record.key(notebook, options) == keys[0]
    for name in ("utils/colours.py", "data/kit/shapes.py", "data/cows/card.toml"):
        (tree / name).write_text((tree / name).read_text() + "\n# changed\n")
        keys.append(record.key(notebook, options))
    (tree / "requirements.txt").write_text("numpy==2.1\n")
    keys.append(record.key(notebook, options))
    printed["01_a/01_lesson"]["metrics"]["a"] = {"reported": 1}
    keys.append(record.key(notebook, options))
    ran = {"01_a/01_lesson": {"metrics": {"a": {"value": 1}}, "finished": "today", "tier": "real"}}
    (tree / "results").mkdir()
    (tree / "results" / "full.json").write_text(json.dumps({"notebooks": ran}))
    keys.append(record.key(notebook, options))
    assert len(set(keys)) == 7


def git(tree, *words):
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *words], cwd=tree, check=True, capture_output=True)


def test_what_differs_from_a_commit_is_told(tree):
    write_notebook(tree, "from utils import plots")
    git(tree, "init", "-q")
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "first")
    first = sources.head()
    notebook = write_notebook(tree, "from utils import plots", datasets=["cows"])
    assert sources.changed_since(notebook, first) == []
    (tree / "utils" / "other.py").write_text("x = 1\n")  # no source of this notebook
    (tree / "data" / "sheep" / "new.py").write_text("x = 1\n")
    notebook.raw["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    nbformat.write(nbformat.from_dict(notebook.raw), notebook.path)
    (tree / "utils" / "colours.py").write_text("RED=1  # in another form\n")
    assert sources.changed_since(notebook, first) == []
    (tree / "utils" / "colours.py").write_text("RED = 2\n")
    assert sources.changed_since(notebook, first) == ["utils/colours.py"]
    (tree / "data" / "cows" / "points.npz").write_bytes(b"\xff\x00")
    assert sources.changed_since(notebook, first) == ["data/cows/points.npz", "utils/colours.py"]
    (tree / "data" / "cows" / "points.npz").unlink()
    git(tree, "commit", "-qam", "second")
    assert sources.changed_since(notebook, first) == ["utils/colours.py"]
    assert sources.changed_since(notebook, sources.head()) == []
    notebook = write_notebook(tree, "from utils import plots, fresh")
    (tree / "utils" / "fresh.py").write_text("")
    own = "notebooks/01_a/01_lesson.ipynb"
    assert sources.changed_since(notebook, sources.head()) == [own, "utils/fresh.py"]
    assert sources.reaches(first) and not sources.reaches("0123456789ab")


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_every_notebook_of_the_course_has_its_own_sources(notebook):
    names = {common.shown(path) for path in sources.sources(notebook)}
    assert {"utils/__init__.py", "utils/_start.py", "utils/report.py"} <= names
    folders = {common.shown(cards.get(name).folder) for name in notebook.needs}
    assert {name.rpartition("/")[0] for name in names if name.endswith("card.toml")} == folders

import json
import subprocess

import nbformat
import pytest

from tools.notebook import common, sources
from tools.publish import accepted, outdated
from utils import report

CELLS = {
    "imports": "import numpy as np\nfrom utils import boxes, plots, report",
    "fit": "def fit(x):\n    '''Fit.'''\n    print(x)\n    return boxes.grown(x)",
    "settings": "settings = course.pick(quick=dict(n=1), full=dict(n=9))",
    "data": "one = load('one')\nseen = np.round(one)",
    "run": "found = fit(one) * settings.n\nplots.curves(found)",
    "record": "report.record('n', float(found), data='real', note='as it is')",
}
FILES = {
    "utils/__init__.py": "",
    "utils/report.py": "def record(*words): ...\n",
    "utils/plots.py": "def curves(x): ...\n",
    "utils/boxes.py": "from utils.inner import STEP\ndef grown(x):\n    return x + STEP\nODD = 1\n",
    "utils/inner.py": "STEP = 1\n",
    "data/one/__init__.py": "def read(files):\n    return 1\ndef sample():\n    return 2\n",
}


def git(tree, *words):
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    done = subprocess.run(["git", *who, *words], cwd=tree, check=True, capture_output=True)
    return done.stdout.decode().strip()


def write(tree, files=(), **cells):
    """Write the modules and the notebook of a small course; return the notebook."""
    for name, text in (FILES | dict(files)).items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    path = tree / "notebooks" / "98_trial" / "01_trial.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    made = [nbformat.v4.new_code_cell(one, id=name) for name, one in (CELLS | cells).items()]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    outdated.modules.cache_clear()
    return common.Notebook(path)


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """Return a committed course and the result of its full run."""
    for module in (common, sources, outdated):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(
        outdated.cards,
        "get",
        lambda name: type("", (), {"folder": tmp_path / name, "sample_shipped": None}),
    )
    write(tmp_path)
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        git(tmp_path, *words)
    commit = git(tmp_path, "rev-parse", "--short=12", "HEAD")
    yield tmp_path, {"commit": commit, "datasets": {"one": {"data": "real"}}, "networks": []}
    outdated.modules.cache_clear()


@pytest.mark.parametrize(
    ("files", "cells", "told"),
    [
        ({}, {"fit": "def fit(x):\n    # so\n    return (boxes.grown(x))"}, None),
        ({}, {"settings": "settings = course.pick(quick=dict(n=2), full=dict(n=9))"}, None),
        (
            {},
            {
                "settings": "quick = dict(n=2)\nquick |= dict(m=3)\n"
                "settings = course.pick(quick=quick, full=dict(n=9))"
            },
            None,
        ),
        ({}, {"run": "found = fit(one) * settings.n"}, None),
        ({}, {"data": "one = load('one')\nseen = np.floor(one)"}, None),
        ({}, {"record": "report.record('n', float(found), data='real', note='told anew')"}, None),
        ({"utils/plots.py": "def curves(x):\n    return 2\n"}, {}, None),
        ({"utils/boxes.py": FILES["utils/boxes.py"].replace("ODD = 1", "ODD = 2")}, {}, None),
        ({"data/one/__init__.py": "def read(files):\n    return 1\n"}, {}, None),
        ({}, {"fit": "def fit(x):\n    return boxes.grown(x + 1)"}, ("own", "fit")),
        (
            {},
            {"settings": "settings = course.pick(quick=dict(n=1), full=dict(n=8))"},
            ("own", "settings"),
        ),
        ({"utils/inner.py": "STEP = 2\n"}, {}, ("library", "utils.inner")),
        ({"data/one/__init__.py": "def read(files):\n    return 3\n"}, {}, ("own", "read")),
    ],
)
def test_what_decides_the_numbers_alone_is_told(ran, files, cells, told):
    tree, result = ran
    assert outdated.changed(write(tree, files, **cells), result) == ({told} if told else set())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("(4, 3)", "(3, 2)", set()),
        ("columns=4", "columns=5", set()),
        ("one, 1)", "one, 2)", {("own", "show(ax, one, 1)"), ("own", "show(ax, one, 2)")}),
    ],
)
def test_the_size_of_a_figure_decides_no_number(ran, old, new, told):
    tree, result = ran
    drawn = "fig, ax = plt.subplots(figsize=(4, 3))\nshow(ax, one, 1)\n" + CELLS["run"]
    drawn = "ax = plots.image_grid(one, columns=4)\nshow(ax, one)\n" + drawn
    write(tree, run=drawn)
    git(tree, "commit", "-qam", "drawn")
    result = result | {"commit": git(tree, "rev-parse", "--short=12", "HEAD")}
    assert old in drawn
    assert outdated.changed(write(tree, run=drawn.replace(old, new)), result) == told


@pytest.mark.parametrize(("source", "function"), [("shipped", "sample"), ("mirror", "read")])
def test_of_a_set_of_which_a_part_is_shipped_the_function_that_ran_counts(
    ran, monkeypatch, source, function
):
    tree, result = ran
    card = type("", (), {"folder": tree / "one", "sample_shipped": "a package"})
    monkeypatch.setattr(outdated.cards, "get", lambda name: card)
    result["datasets"]["one"]["source"] = source
    before = FILES["data/one/__init__.py"]
    for changed in ("sample", "read"):
        value = {"sample": "return 2", "read": "return 1"}[changed]
        found = outdated.changed(
            write(tree, {"data/one/__init__.py": before.replace(value, "return 3")}), result
        )
        assert bool(found) == (changed == function)


CHOSEN = """TIER = course.dataset('one')
one = load('one', tier=TIER)
if settings.n > 5:
    one = one[1:]
else:
    one = one[2:]
    if TIER == 'real':
        one = one[3:]
if TIER == 'sample' and settings.n > 3:
    one = one[:3]
found = fit(one) * (settings.n if TIER != 'sample' else 0)
report.record('n', float(found), data=TIER)"""
TOOK = """one = load('one', tier='{0}')
if settings.n > 5:
    one = one[1:]
else:
    one = one[2:]
{1}
report.record('n', float(found), data='{0}')"""


@pytest.mark.parametrize(
    ("tier", "written"),
    [
        ("real", "    one = one[3:]\nfound = fit(one) * settings.n"),
        ("sample", "if settings.n > 3:\n    one = one[:3]\nfound = fit(one) * 0"),
    ],
)
def test_a_set_that_is_chosen_is_the_one_that_was_taken(ran, tier, written):
    tree, result = ran
    cells = {"data": "", "run": "", "record": TOOK.format(tier, written)}
    write(tree, **cells)
    git(tree, "commit", "-qam", "second")
    result["commit"] = git(tree, "rev-parse", "--short=12", "HEAD")
    result["datasets"]["one"] = {"data": tier, "source": "mirror"}
    here = {"data": "", "run": "", "record": CHOSEN}
    assert outdated.changed(write(tree, **here), result) == set()
    other = {"real": ("fit(one)", "fit(2)"), "sample": ("one[:3]", "one[:4]")}[tier]
    here["record"] = CHOSEN.replace(*other)
    assert outdated.changed(write(tree, **here), result)
    result["datasets"]["one"]["data"] = {"real": "sample", "sample": "real"}[tier]
    assert outdated.changed(write(tree, record=CHOSEN, data="", run=""), result)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("kept = found[:2]\nreport.touch('roc', same=kept)", True),
        ("found = 2 * found\nreport.touch('roc', same=found)", False),  # which is recorded
        ("report.touch('roc', same=found)\nreport.record('m', 1)", False),
        ("kept = found[:2]", False),
    ],
)
def test_a_figure_to_touch_decides_nothing_unless_a_later_cell_needs_what_it_makes(cell, told):
    texts = ["found = fit(one)", cell, "report.record('n', float(found))", "kept = 3\nprint(kept)"]
    assert outdated.only_touched(texts, 1) is told


def test_a_definition_that_moved_is_the_same(ran):
    tree, result = ran
    moved = "STEP = 1\ndef grown(x: int) -> int:\n    return x + STEP\n"
    files = {"utils/boxes.py": "", "utils/inner.py": "", "utils/shapes.py": moved}
    cells = {name: text.replace("boxes", "shapes") for name, text in CELLS.items()}
    assert outdated.changed(write(tree, files, **cells), result) == set()
    files["utils/boxes.py"] = "from utils.shapes import *\n"
    assert outdated.changed(write(tree, files), result) == set()


def test_what_git_cannot_tell_stays_as_it_was_told(ran, monkeypatch):
    tree, result = ran
    notebook = write(tree)
    known = {notebook.name: {"commit": "0123456789ab", "own": ["fit"], "library": []}}
    monkeypatch.setattr(outdated, "all_notebooks", lambda: [notebook])
    monkeypatch.setattr(report, "kept", lambda name, part: known)
    for commit, told in (("0123456789ab", known), (result["commit"], {})):
        full = {notebook.name: result | {"commit": commit}}
        monkeypatch.setattr(accepted, "load", lambda profile, full=full: full)
        assert json.loads(outdated.told()) == {"notebooks": told}

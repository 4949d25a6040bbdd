"""What ran on a GPU: the page's table is that of the results, and the scripts name true cells."""

import ast
import importlib.util
import json
import os
import sys

import pytest

from tools.notebook.common import ROOT

FOLDER = ROOT / "benchmarks" / "gpu"
SCRIPTS = ("gat_cora", "gan_mnist", "facenet", "colorization", "chest_xray")


def load(name):
    """Return a module of the folder as it is."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def onjax(monkeypatch):
    """Return what the scripts share, with TensorFlow beneath it, and leave no trace."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(os, "environ", os.environ | {"KERAS_BACKEND": "tensorflow"})
    return load("onjax")


def test_the_page_shows_what_is_kept():
    table = load("table")
    kept = json.loads(table.RESULTS.read_text(encoding="utf-8"))
    assert table.table(kept) in table.PAGE.read_text(encoding="utf-8"), (
        "python benchmarks/gpu/table.py"
    )


def test_means_come_with_their_spread():
    table = load("table")
    one = table.metric([0.5, 0.7], "two")
    assert one == {"value": 0.6, "sd": 0.1414, "n": 2, "note": "two"}
    assert table.told(one) == "0.600 ± 0.141" and table.told({"value": 12}) == "12"
    assert table.metric(3, "one") == {"value": 3.0, "n": 1, "note": "one"}


def named(script):
    """Return the notebook of a script and all ids of cells that stand in its constants."""
    space = {}
    for node in ast.parse((FOLDER / f"{script}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            exec(compile(ast.Module([node], []), script, "exec"), space)
    parts = [value for value in space.values() if isinstance(value, tuple)]
    return space["NOTEBOOK"], [name for part in parts for name in part]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_name_cells_of_their_notebook(script):
    notebook, names = named(script)
    text = (ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8")
    cells = {c["id"]: "".join(c["source"]) for c in json.loads(text)["cells"]}
    assert names
    for cell, _, part in (name.partition(":") for name in names):
        assert cell in cells
        assert not part or f"def {part}(" in cells[cell]


def test_cells_run_as_they_stand_or_not_at_all(onjax):
    notebook = "04_generative/01_gan_mnist"
    space = {"np": __import__("numpy")}
    onjax.cells(notebook, ["frechet-distance"], space)
    assert space["frechet_distance"](*[space["np"].zeros((2, 2)[:k]) for k in (1, 2, 1, 2)]) == 0
    with pytest.raises(LookupError, match="has no cell of code nowhere"):
        onjax.cells(notebook, ["nowhere"])
    with pytest.raises(LookupError, match="'never written' is not there once"):
        onjax.cells(notebook, ["frechet-distance"], space, {"never written": ""})
    with pytest.raises(LookupError, match="no other"):
        onjax.cells(notebook, ["frechet-distance:other"], space)

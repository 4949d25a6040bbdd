"""`data.load`, the records it returns, and the names it refuses."""

import os
import subprocess
import sys
import types
from dataclasses import replace

import numpy as np
import pytest

from data import lfw
from data.core import sets
from tools.notebook.common import ROOT
from utils import data


def test_the_running_course_notes_each_source_of_a_set(course, monkeypatch):
    data.load("mutag")
    official = replace(data.load("mutag"), data="real", source="local", fraction=1.0)
    monkeypatch.setattr(sets, "load", lambda name, data_source: official)
    data.load("mutag", "real")
    assert course.datasets["mutag"] == {
        "sample": {"source": "generated", "fraction": None},
        "real": {"source": "local", "fraction": 1.0},
    }


@pytest.mark.parametrize(
    ("count", "fraction", "text"),
    [(1348, 0.1019, "10.2% of the set"), (13233, 1.0, "whole set"), (13300, 1.0, "whole set")],
)
def test_a_part_of_a_set_is_named_by_its_share(count, fraction, text, monkeypatch):
    faces, person = np.zeros((count, 62, 47), np.float32), np.zeros(count, np.int64)
    portraits = lfw.Portraits(faces=faces, person=person, names=("A B",))
    monkeypatch.setattr(lfw, "read", lambda files: portraits)
    record = data.load("lfw", "real")
    assert (record.name, record.data, record.source) == ("lfw", "real", "local")
    assert record.fraction == pytest.approx(fraction, abs=5e-5)
    assert repr(record).startswith(f"<Portraits lfw: real (local), {text}.")
    assert "Licence: " in repr(record)


def test_unknown_names_say_what_is_known():
    with pytest.raises(data.UnknownDataset, match="olivetty.*olivetti.*python course.py data list"):
        data.load("olivetty")


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("planetoid", "cora"),
        ("Planetoid", "cora"),
        ("multiface", "photographs"),
        ("multi_faces", "photographs"),
        ("lfw_100", "lfw_pairs"),
        ("lfw-100", "lfw_pairs"),
    ],
)
def test_the_name_of_a_local_folder_leads_to_its_set(folder, name):
    with pytest.raises(data.UnknownDataset, match=rf"\b{name}\b[^?]*\?"):
        data.load(folder)


def test_a_mistake_in_a_reader_is_not_called_wrong_data(monkeypatch):
    stub = types.SimpleNamespace(read=lambda files: np.zeros(3).reshape(2, 2))
    monkeypatch.setitem(sys.modules, "data.mutag", stub)
    with pytest.raises(ValueError, match="cannot reshape array") as caught:
        data.load("mutag", data="real")
    assert not isinstance(caught.value, data.DataError)


def test_importing_it_is_cheap():
    code = (
        "import sys, data, utils.data; "
        "heavy = {'tensorflow', 'keras', 'sklearn', 'matplotlib', 'pooch', 'requests', 'rich'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (run.returncode, run.stdout.strip()) == (0, "[]"), run.stderr

"""`data.load`, the records it returns, and the names it refuses."""

import os
import subprocess
import sys
import types
from dataclasses import replace

import numpy as np
import pytest

from data import lfw
from data.core import cards, load
from tools.notebook.common import ROOT
from utils import data


@pytest.mark.parametrize("tier", ["sample", "real"])
def test_digits_are_real_in_both_tiers(tier):
    digits = data.load("digits", tier=tier)
    assert (digits.data, digits.source, digits.fraction) == ("real", "shipped", 1.0)
    assert digits.images.shape == (1797, 8, 8) and digits.images.dtype == np.uint8
    assert digits.labels.shape == (1797,) and digits.labels.dtype == np.int64
    assert (digits.images.min(), digits.images.max()) == (0, 16)
    np.testing.assert_array_equal(np.unique(digits.labels), np.arange(10))


def test_the_running_course_is_told_of_each_source_of_a_set(course, monkeypatch):
    data.load("mutag")
    official = replace(data.load("mutag"), data="real", source="local", fraction=1.0)
    monkeypatch.setattr(load, "load", lambda name, tier: official)
    data.load("mutag", "real")
    assert course.datasets["mutag"] == {
        "sample": {"source": "generated", "fraction": None},
        "real": {"source": "local", "fraction": 1.0},
    }


def faces(many):
    """Return as many of LFW's photographs, as its reader hands them out."""
    return lfw.Portraits(
        faces=np.zeros((many, 62, 47), np.float32),
        person=np.zeros(many, np.int64),
        names=("A B",),
    )


@pytest.mark.parametrize(("many", "fraction"), [(1348, 0.1019), (13233, 1.0), (13300, 1.0)])
def test_a_part_of_a_set_is_told_by_its_share(many, fraction):
    record = load.as_real(faces(many), cards.get("lfw"), "local")
    assert (record.name, record.data, record.source) == ("lfw", "real", "local")
    assert record.fraction == pytest.approx(fraction, abs=5e-5)
    text = repr(record)
    assert ("10.2% of the set" if many == 1348 else "whole set") in text
    assert "from the local data folder" in text and "Licence: " in text


def test_unknown_names_say_what_is_known():
    with pytest.raises(data.UnknownDataset, match="olivetty.*olivetti.*python course.py data list"):
        data.load("olivetty")


def test_a_mistake_in_a_reader_is_not_called_wrong_data(monkeypatch):
    stub = types.SimpleNamespace(read=lambda files: np.zeros(3).reshape(2, 2))
    monkeypatch.setitem(sys.modules, "data.mutag", stub)
    with pytest.raises(ValueError, match="cannot reshape array") as caught:
        data.load("mutag", tier="real")
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

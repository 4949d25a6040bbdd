"""Every set keeps the rules of its folder: a card, a documented record, a seeded sample.

Of a packed set: that its file holds the official values.
"""

import inspect
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

from data.core import cards, packed, published, sets
from data.core.fetch import Files
from data.core.record import Record
from tools.notebook.common import ROOT
from utils import data

SUMS = tomllib.loads((cards.FOLDER / "core/sample_sums.toml").read_text(encoding="utf-8"))
DATA_FOLDER = Path(os.environ.get("COURSE_DATA_DIR") or "none")  # other tests run without it
SHARED = {field.name for field in fields(Record)}
PACKED = [name for name in data.names() if sets.find(name).packed]
VALUES = [name for name in PACKED if not sets.find(name).published]  # and not pictures


def numbers(value):
    """Return the arrays of a record's field; those of a tuple, such as pictures, as one."""
    if isinstance(value, tuple | list):
        parts = [part.ravel() for each in value for part in numbers(each)]
        return [np.concatenate(parts)] if parts else []
    if hasattr(value, "indptr"):  # a sparse matrix
        return [value.data, value.indices, value.indptr]
    numeric = isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.size
    return [value] if numeric else []


def weighted_mean(array):
    """Return the mean of an array whose values are weighed by their place."""
    pieces = np.array_split(array.ravel(), 256)
    return sum(k * piece.sum(dtype=float) for k, piece in enumerate(pieces, 1)) / array.size


@pytest.fixture(params=data.names())
def name(request):
    return request.param


@pytest.mark.slow
def test_the_sample_is_the_one_that_results_were_measured_on(name):
    sample = data.load(name, data="sample")
    assert sample.name == name and sample.items > 0
    if name in SUMS:
        arrays = [array for value in vars(sample).values() for array in numbers(value)]
        sums = [weighted_mean(array) for array in arrays]
        np.testing.assert_allclose(sums, SUMS[name], rtol=2e-5)
    card = sets.find(name)
    if card.shipped or card.sample_shipped:
        assert (sample.data, sample.source) == ("real", "shipped")
        assert (sample.fraction == 1) == bool(card.shipped)
    else:
        assert (sample.data, sample.fraction) == ("sample", None)
        assert sample.source in ("generated", "shipped")


def serve_official_files(name, monkeypatch):
    """Serve the official files of a set, or skip the test where they are not at hand."""
    if not (DATA_FOLDER / sets.find(name).local_folder).is_dir():
        pytest.skip(f"COURSE_DATA_DIR holds no {name}")
    monkeypatch.setenv("COURSE_DATA_DIR", str(DATA_FOLDER))


def layout(value):
    """Return the type of a field's value, of arrays with their numbers of dimensions."""
    if isinstance(value, tuple | list) and not isinstance(value[0], tuple):
        return type(value), layout(value[0])
    if hasattr(value, "dtype"):
        return type(value), value.dtype.kind, value.ndim
    return type(value)


def test_official_files_are_read_into_the_layout_of_the_sample(name, monkeypatch):
    """Run for the sets in the folder that COURSE_DATA_DIR names when pytest begins."""
    serve_official_files(name, monkeypatch)
    if sets.find(name).shipped:
        pytest.skip(f"{name} is shipped whole: there is no sample beside it")
    real, sample = (data.load(name, source) for source in ("real", "sample"))
    assert (real.data, real.source) == ("real", "local") and 0 < real.fraction <= 1
    for field in (field.name for field in fields(real) if field.name not in SHARED):
        ours, theirs = getattr(real, field), getattr(sample, field)
        assert ours is None or layout(ours) == layout(theirs), field


def test_the_record_describes_each_of_its_fields(name):
    module = import_module(f"data.{name}")
    kind = get_type_hints(module.read)["return"]
    assert issubclass(kind, Record)
    source = inspect.getsource(kind)
    for field in kind.__annotations__:
        line = rf"^    {field}: "
        assert re.search(rf"{line}.*(  # | = [A-Z])|^    # .+\n{line}", source, re.MULTILINE), field


def test_a_folder_holds_no_official_file_but_what_is_packed_with_its_licence():
    entries = cards.entries().values()
    folders = {entry.folder for entry in entries}
    assert len(folders) > 30
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    foreign = {path for path in files if path.suffix not in (".py", ".toml", ".pyc")}
    chosen = [entry for entry in entries if entry.packed]
    whole = {e.folder / file for e in chosen for file in (e.packed, "LICENSE")}
    assert foreign == whole | {e.folder / published.CREDITS for e in chosen if e.published}


# ------------------------------------------------------------------ packed sets


@pytest.mark.parametrize("name", PACKED)
def test_a_packed_set_is_the_whole_real_set_from_both_sources(name):
    for source in ("sample", "real"):
        record = data.load(name, source)
        assert (record.data, record.source, record.fraction) == ("real", "shipped", 1.0)
        assert record.items == sets.find(name).items
    assert sets.choose(name, "sample")[0] == "real"


@pytest.mark.parametrize("name", VALUES)
def test_packing_a_packed_set_again_makes_the_same_bytes(name):
    entry = sets.find(name)
    module = import_module(f"data.{name}.pack")
    assert module.pack(data.load(name)) == packed.read_bytes(entry)


@pytest.mark.parametrize("name", VALUES)
def test_a_packed_set_is_equal_to_the_official_files(name, monkeypatch):
    """Run where COURSE_DATA_DIR, when pytest begins, names a folder with the official files."""
    serve_official_files(name, monkeypatch)
    entry = sets.find(name)
    module = import_module(f"data.{name}.pack")
    official, ours = module.official(Files(entry)), data.load(name)
    for field in (field.name for field in fields(ours) if field.name not in SHARED):
        one, other = getattr(official, field), getattr(ours, field)
        if not numbers(other):  # names, or the rate of a sensor
            assert one == other, field
            continue
        assert type(one) is type(other) and one.shape == other.shape, field
        for each, same in zip(numbers(one), numbers(other), strict=True):
            np.testing.assert_array_equal(each, same, strict=True, err_msg=field)


def test_packed_sets_need_no_network_no_official_file_and_no_unpickler():
    code = (
        "import socket, sys\n"
        "def refuse(*_): raise OSError('no network here')\n"
        "socket.socket.connect = refuse\n"
        "from data.core import sets\n"
        f"for name in {PACKED}: print(sets.load(name, 'real').fraction)\n"
        "print([m for m in sys.modules if m.endswith('.pack') or m in ('pooch', 'requests')])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.stdout.split() == ["1.0"] * len(PACKED) + ["[]"], run.stderr

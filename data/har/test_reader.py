"""The HAR file: read from the archive in memory, in a fixed order. The archives are made here."""

import zipfile

import numpy as np
import pytest

from data import har
from utils import data


def table(values):
    """Write numbers as the official file does: padded, with commas."""
    return "".join(", ".join(f"{v:5d}" for v in row) + "\n" for row in values)


@pytest.fixture
def recordings():
    rng = np.random.default_rng(0)
    names = ["walking_10", "running_02", "stationary_01", "walking_09", "stationary_02"]
    return {name: rng.integers(-4000, 4001, (40, 3)) for name in names}


@pytest.fixture
def write(tmp_path):
    """Return a function that packs texts by member name."""

    def pack(members):
        path = tmp_path / "dataset.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, text in members.items():
                archive.writestr(member, text)
        return path

    return pack


def members_of(recordings):
    members = {"dataset/": "", "dataset/LICENSE": "BSD", "dataset/README.md": "walking/"}
    for name, values in recordings.items():
        folder = name.partition("_")[0]
        members[f"dataset/{folder}/{name}_26Hz_4g_mg.csv"] = table(values)
    return members


def test_recordings_come_in_the_order_of_classes_and_names(recordings, write):
    acceleration, label, names = har.read_zip(write(members_of(recordings)))
    assert names == ("stationary_01", "stationary_02", "walking_09", "walking_10", "running_02")
    assert label.tolist() == [0, 0, 1, 1, 2]
    assert (acceleration.dtype, label.dtype) == (np.float32, np.int64)
    for values, name in zip(acceleration, names, strict=True):
        np.testing.assert_array_equal(values, recordings[name].astype(np.float32), strict=True)


def test_the_sample_has_the_layout_of_the_real_file():
    record = data.load("har", tier="sample")
    assert (record.data, record.source) == ("sample", "generated")
    assert record.acceleration.shape == (92, 1000, 3)
    assert record.acceleration.dtype == np.float32
    assert np.bincount(record.label).tolist() == [36, 39, 17]
    assert record.label.dtype == np.int64
    assert record.names[0] == "stationary_01"
    assert record.names[36] == "walking_01"
    assert record.names[-1] == "running_17"
    assert len(set(record.names)) == 92

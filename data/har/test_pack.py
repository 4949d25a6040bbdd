"""The HAR file: read from the archive in memory, in a fixed order. The archive is made here."""

import zipfile

import numpy as np

from data.har import pack


def test_recordings_come_in_the_order_of_classes_and_names(tmp_path, files):
    rng = np.random.default_rng(0)
    recordings = {}
    with zipfile.ZipFile(tmp_path / "dataset.zip", "w") as archive:
        archive.writestr("dataset/", "")
        archive.writestr("dataset/README.md", "walking/")
        for name in ("walking_10", "running_02", "stationary_01", "walking_09", "stationary_02"):
            values = recordings[name] = rng.integers(-4000, 4001, (40, 3))
            text = "".join(", ".join(f"{v:5d}" for v in row) + "\n" for row in values)
            folder = name.partition("_")[0]
            archive.writestr(f"dataset/{folder}/{name}_26Hz_4g_mg.csv", text)
    record = pack.official(files)
    assert record.names == (
        "stationary_01",
        "stationary_02",
        "walking_09",
        "walking_10",
        "running_02",
    )
    assert record.label.tolist() == [0, 0, 1, 1, 2]
    assert (record.acceleration.dtype, record.label.dtype) == (np.float32, np.int64)
    for values, name in zip(record.acceleration, record.names, strict=True):
        np.testing.assert_array_equal(values, recordings[name].astype(np.float32), strict=True)

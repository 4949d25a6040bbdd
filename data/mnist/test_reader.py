"""MNIST's IDX files: read by their head. The files are made here."""

import gzip
import struct

import numpy as np

from data import mnist


def idx(values):
    head = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return head + values.tobytes()


def test_the_four_files_become_a_record(tmp_path, serve):
    rng = np.random.default_rng(0)
    arrays = {
        "images": rng.integers(0, 256, (6, 28, 28), np.uint8),
        "labels": np.array([3, 0, 9, 1, 1, 2], np.uint8),
        "test_images": rng.integers(0, 256, (2, 28, 28), np.uint8),
        "test_labels": np.array([7, 4], np.uint8),
    }
    for field, values in arrays.items():
        (tmp_path / mnist.FILES[field]).write_bytes(gzip.compress(idx(values)))
    digits = serve()
    assert digits.fraction == 8 / 70000
    for field, values in arrays.items():
        expected = values.astype(np.int64) if values.ndim == 1 else values
        np.testing.assert_array_equal(getattr(digits, field), expected, strict=True)

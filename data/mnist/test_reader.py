"""MNIST's IDX files: read by their head. The files are made here."""

import gzip
import struct

import numpy as np

from data import mnist
from utils import data


def idx(values):
    head = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return head + values.astype(np.uint8).tobytes()


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
    digits = serve(tmp_path)
    assert digits.fraction == 8 / 70000
    np.testing.assert_array_equal(digits.images, arrays["images"], strict=True)
    np.testing.assert_array_equal(digits.test_images, arrays["test_images"], strict=True)
    np.testing.assert_array_equal(digits.labels, arrays["labels"].astype(np.int64), strict=True)
    np.testing.assert_array_equal(digits.test_labels, np.array([7, 4], np.int64), strict=True)


def test_the_sample_is_a_stratified_part_of_mnist():
    digits = data.load("mnist", tier="sample")
    assert digits.images.shape == (4000, 28, 28) and digits.test_images.shape == (1000, 28, 28)
    assert digits.images.dtype == digits.test_images.dtype == np.uint8
    for labels, n in ((digits.labels, 400), (digits.test_labels, 100)):
        assert np.bincount(labels).tolist() == 10 * [n]
        assert len(set(labels[:20].tolist())) > 5  # in a random order
    seen = {image.tobytes() for image in digits.images}
    assert len(seen) == 4000 and not seen & {image.tobytes() for image in digits.test_images}

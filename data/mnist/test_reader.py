"""MNIST's IDX files: read by their head. The files are made here."""

import gzip
import struct

import numpy as np
import pytest

from data import mnist
from data.core import fetch
from utils import data


def idx(values):
    head = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return head + values.astype(np.uint8).tobytes()


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a gzipped file."""

    def put(content, name="some-idx3-ubyte.gz"):
        path = tmp_path / name
        path.write_bytes(gzip.compress(content))
        return path

    return put


@pytest.fixture
def serve(write, monkeypatch):
    """Return a function that has ``fetch`` hand out the four arrays as files."""

    def hand_out(arrays):
        files = {
            mnist.FILES[field]: fetch.Fetched(write(idx(values), mnist.FILES[field]), "cache")
            for field, values in arrays.items()
        }
        monkeypatch.setattr(fetch, "fetch_all", lambda name: files)

    return hand_out


@pytest.fixture
def arrays():
    rng = np.random.default_rng(0)
    return {
        "images": rng.integers(0, 256, (6, 28, 28), np.uint8),
        "labels": np.array([3, 0, 9, 1, 1, 2], np.uint8),
        "test_images": rng.integers(0, 256, (2, 28, 28), np.uint8),
        "test_labels": np.array([7, 4], np.uint8),
    }


def test_the_four_files_become_a_record(serve, arrays):
    serve(arrays)
    digits = data.load("mnist", tier="real")
    assert (digits.name, digits.data, digits.source, digits.fraction) == (
        "mnist",
        "real",
        "cache",
        8 / 70000,
    )
    np.testing.assert_array_equal(digits.images, arrays["images"], strict=True)
    np.testing.assert_array_equal(digits.test_images, arrays["test_images"], strict=True)
    np.testing.assert_array_equal(digits.labels, arrays["labels"].astype(np.int64), strict=True)
    np.testing.assert_array_equal(digits.test_labels, np.array([7, 4], np.int64), strict=True)


def test_the_sample_is_a_stratified_part_of_mnist():
    digits = data.load("mnist", tier="sample")
    assert (digits.data, digits.source) == ("real", "shipped")
    assert digits.fraction == 5000 / 70000
    assert digits.images.shape == (4000, 28, 28) and digits.test_images.shape == (1000, 28, 28)
    assert digits.images.dtype == digits.test_images.dtype == np.uint8
    for labels, n in ((digits.labels, 400), (digits.test_labels, 100)):
        assert labels.dtype == np.int64 and np.bincount(labels).tolist() == 10 * [n]
        assert len(set(labels[:20].tolist())) > 5  # in a random order
    seen = {image.tobytes() for image in digits.images}
    assert len(seen) == 4000 and not seen & {image.tobytes() for image in digits.test_images}
    assert digits.images.max() == 255 and abs(digits.images.mean() / 255 - 0.131) < 0.002


def test_the_sample_is_of_the_official_training_digits(real):
    official = {image.tobytes(): k for image, k in zip(real.images, real.labels, strict=True)}
    own = data.load("mnist", tier="sample")
    for images, labels in ((own.images, own.labels), (own.test_images, own.test_labels)):
        assert [official[image.tobytes()] for image in images] == labels.tolist()


def test_the_official_files(real):
    assert real.images.shape == (60000, 28, 28) and real.test_images.shape == (10000, 28, 28)
    assert real.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert np.bincount(real.test_labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip

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


@pytest.mark.parametrize("shape", [(5,), (2, 3, 4), (0, 28, 28)])
def test_an_array_comes_back_as_it_was_written(write, shape):
    values = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    np.testing.assert_array_equal(mnist.read_idx(write(idx(values))), values, strict=True)


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


def test_the_sample_is_handwriting_in_the_form_of_mnist():
    digits = data.load("mnist", tier="sample")
    assert (digits.data, digits.source) == ("sample", "shipped")
    assert digits.images.shape == (1500, 28, 28) and digits.test_images.shape == (297, 28, 28)
    assert digits.images.dtype == digits.test_images.dtype == np.uint8
    for labels in (digits.labels, digits.test_labels):
        assert labels.dtype == np.int64 and set(labels.tolist()) == set(range(10))
    assert (digits.images.min(), digits.images.max()) == (0, 255)
    outside = digits.images.copy()
    outside[:, 4:24, 4:24] = 0  # MNIST's digits lie within the middle 20x20 pixels
    assert not outside.any()
    assert 0.1 < digits.images.mean() / 255 < 0.2  # 0.131 in MNIST


def test_enlarged_ink_stays_where_it_was():
    image = np.zeros((1, 8, 8))
    image[0, :4, 4:] = 16  # the upper right quarter
    large = mnist.enlarge(image)[0].astype(float)
    rows, columns = np.nonzero(large > 200)
    assert rows.min() == 4 and columns.max() == 23
    assert abs(rows.max() - 13) <= 1 and abs(columns.min() - 14) <= 1


def test_the_official_files(real):
    assert real.images.shape == (60000, 28, 28) and real.test_images.shape == (10000, 28, 28)
    assert real.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert np.bincount(real.test_labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip

"""MNIST's handwritten digits, and scikit-learn's smaller ones enlarged to their size."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core.fetch import Files
from data.core.record import Record

SIDE = 28
BOX = 20  # MNIST scales each digit into a box of this side and leaves the rest empty
N_SAMPLE_TRAIN = 1500  # of scikit-learn's 1,797 digits; their writers follow one another
FILES = {
    "images": "train-images-idx3-ubyte.gz",
    "labels": "train-labels-idx1-ubyte.gz",
    "test_images": "t10k-images-idx3-ubyte.gz",
    "test_labels": "t10k-labels-idx1-ubyte.gz",
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class HandwrittenDigits(Record):
    """Digits of 28x28 pixels, bright ink on black.

    Parameters
    ----------
    images, test_images : np.ndarray
        (60000, 28, 28) and (10000, 28, 28) uint8; of the sample (1500, 28, 28) and (297, 28, 28).
    labels, test_labels : np.ndarray
        int64, the digit of each image.
    """

    images: np.ndarray
    labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray

    @property
    def items(self) -> int:
        """Number of digits, test digits included."""
        return len(self.images) + len(self.test_images)


def read(files: Files) -> HandwrittenDigits:
    """Read MNIST: 60,000 digits to train on and 10,000 by other people to test on."""
    found = files.paths()
    arrays = {field: read_idx(found[name]) for field, name in FILES.items()}
    labels = {field: arrays[field].astype(np.int64) for field in ("labels", "test_labels")}
    return HandwrittenDigits(**arrays | labels)


def sample() -> HandwrittenDigits:
    """Enlarge scikit-learn's 1,797 digits of 8x8 pixels: real handwriting, softer than MNIST's."""
    from sklearn import datasets

    bunch = datasets.load_digits()
    images, labels = enlarge(bunch.images), bunch.target.astype(np.int64)
    return HandwrittenDigits(
        source="shipped",
        images=images[:N_SAMPLE_TRAIN],
        labels=labels[:N_SAMPLE_TRAIN],
        test_images=images[N_SAMPLE_TRAIN:],
        test_labels=labels[N_SAMPLE_TRAIN:],
    )


def enlarge(images: np.ndarray) -> np.ndarray:
    """Bring digits of 8x8 pixels with ink from 0 to 16, (n, 8, 8), to the form of MNIST.

    Returns (n, 28, 28) uint8: each digit by splines in the middle 20x20 pixels, its contrast raised
    because MNIST's strokes are bright with narrow grey edges.
    """
    from scipy import ndimage

    factor = BOX / images.shape[1]
    zoom = (1, factor, factor)
    large = ndimage.zoom(images / 16, zoom, order=3, mode="grid-constant", grid_mode=True)
    ink = np.clip(1.8 * (large - 0.22), 0, 1)
    edge = (SIDE - BOX) // 2
    padded = np.pad(ink, ((0, 0), (edge, edge), (edge, edge)))
    return np.round(255 * padded).astype(np.uint8)


def read_idx(path: Path) -> np.ndarray:
    """Return the array of a gzipped IDX file of unsigned bytes.

    The format: two zero bytes, the type, the number of dimensions, each dimension as a big-endian
    32-bit number, then the values.
    """
    with gzip.open(path, "rb") as stream:
        content = stream.read()
    dimensions = content[3]
    shape = np.frombuffer(content, ">u4", dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)

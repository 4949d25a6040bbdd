"""The handwritten digits that scikit-learn ships: real data from both data sources."""

from dataclasses import dataclass

import numpy as np

from data.core.fetch import Files
from data.core.record import Record


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Digits(Record):
    """Digits of 8x8 pixels."""

    images: np.ndarray  # (1797, 8, 8) uint8, ink from 0 (none) to 16
    labels: np.ndarray  # (1797,) int64, the digit


def read(files: Files) -> Digits:
    """Read the 1,797 digits out of scikit-learn: they need no network."""
    from sklearn import datasets

    bunch = datasets.load_digits()
    return Digits(images=bunch.images.astype(np.uint8), labels=bunch.target.astype(np.int64))

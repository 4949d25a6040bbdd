"""Official portraits of members of the United States Congress, of some of them two."""

from dataclasses import dataclass

import numpy as np

from data.core import packed, published
from data.core.fetch import Files
from data.core.record import FOLDS, Record, split_by_fold

SIDE = 160


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Portraits(Record):
    """A portrait a person, and an older one of some of them; all are cut and scaled alike."""

    images: np.ndarray  # (527, 160, 160, 3) uint8 RGB, a person each
    names: np.ndarray  # (527,) str
    bioguide: np.ndarray  # (527,) str, the number by which Congress lists a person, sorted
    gender: np.ndarray  # (527,) str, "F" or "M" as the official list says, "" where it is not given
    folds: np.ndarray  # (527,) int64: the place of the person modulo 5
    # (170, 160, 160, 3) uint8 RGB: another photograph of a person, taken in 2015 or before
    second_images: np.ndarray
    second_of: np.ndarray  # (170,) int64, the person, an index into `images`

    @property
    def items(self) -> int:
        """How many photographs there are."""
        return len(self.images) + len(self.second_images)

    def split(self, fold: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the people (int64) to train on, to choose on (the fold before), to test on."""
        return split_by_fold(self.folds, fold)


def read(files: Files) -> Portraits:
    """Read the portraits out of the packed file, which `data.congress_portraits.pack` makes.

    Its rows are those of ``credits.csv``: first a portrait of each person, then the second ones.
    """
    arrays = packed.read_arrays(files.entry)
    images = np.stack(published.unpacked(arrays, "images"))
    count = len(arrays["names"])
    return Portraits(
        images=images[:count],
        names=arrays["names"],
        bioguide=arrays["bioguide"][:count],
        gender=arrays["gender"],
        folds=np.arange(count) % FOLDS,
        second_images=images[count:],
        second_of=np.searchsorted(arrays["bioguide"][:count], arrays["bioguide"][count:]),
    )

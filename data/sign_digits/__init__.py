"""Hands that show the digits 0 to 9 of American Sign Language, ten pictures a person.

``pack`` makes ``sign_digits.npz`` of the published pictures.
"""

from dataclasses import dataclass

import numpy as np

from data.core import packed, published
from data.core.fetch import Files
from data.core.record import LabelledPictures

PARTS = np.array(["train", "train", "train", "validation", "test"])  # of five people in a row


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SignDigits(LabelledPictures):
    """Hands, the digits that they show, and whose hands they are.

    ``labels`` are the digits. ``part`` is "train", "validation" or "test", and a person is in one.
    """

    person: np.ndarray  # (2062,) int64, 0 to 206 in the order of the photographs


def read(files: Files) -> SignDigits:
    """Read the 2,062 pictures, 64 pixels high and wide, out of the packed file.

    It holds ``images``, JPEG files; ``labels`` uint8; and ``person`` uint8.
    """
    arrays = packed.read_arrays(files.entry)
    person = arrays["person"].astype(np.int64)
    return SignDigits(
        images=np.stack(published.unpacked(arrays, "images")),
        labels=arrays["labels"].astype(np.int64),
        part=PARTS[person % len(PARTS)],
        person=person,
    )

"""Three paintings whose style a photograph may take on."""

from dataclasses import dataclass

import numpy as np

from data.core import packed, published
from data.core.fetch import Files
from data.core.record import Record


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Paintings(Record):
    """Paintings of different sizes."""

    names: tuple[str, ...]  # one a painting: "starry_night", "shipwreck", "the_scream"
    images: tuple[np.ndarray, ...]  # each (height, width, 3) uint8 RGB; the longer side has 512


def read(files: Files) -> Paintings:
    """Read the paintings out of the packed file, which `data.paintings.pack` makes."""
    arrays = packed.read_arrays(files.entry)
    images = tuple(published.unpacked(arrays, "images"))
    return Paintings(names=tuple(map(str, arrays["names"])), images=images)

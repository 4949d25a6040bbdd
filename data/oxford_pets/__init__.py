"""Oxford-IIIT pets: photographs of cats and dogs with trimaps of three breeds, outlines of 34.

The pictures are those of two public repositories, which ``pack`` turns into ``oxford_pets.npz``.
"""

from dataclasses import dataclass

import numpy as np

from data.core import packed, published
from data.core.fetch import Files
from data.core.record import Record, check_part

PET, BACKGROUND, OUTLINE = 1, 2, 3
VARIETY = "variety"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Pets(Record):
    """Photographs of pets; those of the part "variety" are a collection of their own."""

    images: tuple[np.ndarray, ...]  # 926 of (h, w, 3) uint8 RGB, of 160 pixels on the longer side
    # (h, w) uint8: 1 pet, 2 background, 3 the band along the outline; None in the part "variety"
    trimaps: tuple[np.ndarray | None, ...]
    # (k, 2) float32, x and y in pixels of the corners of the outline; None outside "variety". Where
    # a collar or a leash cuts a pet in two, it is the outline of the larger piece.
    outlines: tuple[np.ndarray | None, ...]
    # (926, 4) float32, left, top, right and bottom of the head's box in pixels; NaN where not known
    heads: np.ndarray
    names: tuple[str, ...]  # the breed, an underscore, a number
    breeds: np.ndarray  # (926,) str
    is_cat: np.ndarray  # (926,) bool
    # (926,) str: "train", "validation" or "test", of three breeds with about 197 pictures each; or
    # "variety", ten pictures or a few less of each of 34 other breeds
    part: np.ndarray

    def split(self, part: str) -> tuple[list[np.ndarray], list[np.ndarray | None]]:
        """Return the images and trimaps of a part; one that is not there is a ValueError."""
        members = np.flatnonzero(self.part == check_part(part, np.unique(self.part)))
        return [self.images[i] for i in members], [self.trimaps[i] for i in members]


def read(files: Files) -> Pets:
    """Read 926 photographs out of the packed file, which ``pack`` describes."""
    arrays = packed.read_arrays(files.entry)
    names = tuple(arrays["names"].astype(str).tolist())
    breeds = [name.rpartition("_")[0] for name in names]
    trimaps = published.unpacked(arrays, "trimaps")
    outlines = np.split(arrays["corners"], np.cumsum(arrays["corner_counts"])[:-1])
    return Pets(
        images=tuple(published.unpacked(arrays, "photographs")),
        trimaps=(*trimaps, *[None] * len(outlines)),
        outlines=(*[None] * len(trimaps), *outlines),
        heads=arrays["heads"],
        names=names,
        breeds=np.array(breeds),
        is_cat=np.array([breed[0].isupper() for breed in breeds]),
        part=arrays["parts"].astype(str),
    )

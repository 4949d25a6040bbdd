"""SIGNS: photographs of hands that show 0 to 5 fingers, 64x64."""

from dataclasses import dataclass

import numpy as np

from data.core import samples
from data.core.fetch import Files
from data.core.pictures import pictures_in, read_sized
from data.core.record import LabelledPictures
from data.signs import generator

SIDE = 64
PARTS = ("train", "val", "test")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Signs(LabelledPictures):
    """Hands against a light wall, (n, 64, 64, 3); a label says how many fingers are shown, 0 to 5.

    Pictures stand in the order of their parts. "train" and "val" together are the 1,080 that the
    assignment trains on.
    """


def read(files: Files) -> Signs:
    """Read the photographs of the three folders; a file's name begins with its label.

    The three folders may lie in another one. A folder without a picture, or a picture that is not
    64x64, is a DataError that names it.
    """
    root = next(files.folder().glob("**/train_signs"), files.folder() / "train_signs").parent
    rows = [(part, path) for part in PARTS for path in pictures_in(root / f"{part}_signs")]
    return Signs(
        images=np.stack([read_sized(path, SIDE, SIDE) for _, path in rows]),
        labels=np.array([int(path.name[0]) for _, path in rows], np.int64),
        part=np.array([part for part, _ in rows]),
    )


def sample() -> Signs:
    """Draw 720 hands to train on, 120 to choose on and 120 to test on."""
    arrays = samples.cached_arrays("signs", generator.hands)
    return Signs(**arrays, part=np.repeat(PARTS, [generator.COUNTS[part] for part in PARTS]))

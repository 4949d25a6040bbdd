"""Daisies, dandelions, roses, sunflowers and tulips, 96 photographs of each.

``pack`` makes ``flowers.npz`` of the published pictures.
"""

from dataclasses import dataclass

import numpy as np

from data.core import packed, published
from data.core.fetch import Files
from data.core.record import LabelledPictures

CLASS_NAMES = ("daisy", "dandelion", "rose", "sunflower", "tulip")
PARTS = ("train", "validation", "test")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Flowers(LabelledPictures):
    """Photographs of flowers, and which flower each shows.

    ``part`` is "train", "validation" or "test", and a photographer is in one.
    """

    class_names: tuple[str, ...] = CLASS_NAMES


def read(files: Files) -> Flowers:
    """Read the 480 pictures, 160 pixels high and wide, out of the packed file.

    It holds ``images``, JPEG files; ``labels`` uint8; and ``part`` uint8, an index into `PARTS`.
    """
    arrays = packed.read_arrays(files.entry)
    return Flowers(
        images=np.stack(published.unpacked(arrays, "images")),
        labels=arrays["labels"].astype(np.int64),
        part=np.array(PARTS)[arrays["part"]],
    )

"""Motorcycles, airplanes and faces with a box each, from Caltech 101.

``pack`` makes ``caltech_objects.npz`` of the published pictures.
"""

from dataclasses import dataclass

import numpy as np

from data.core import packed, published
from data.core.fetch import Files
from data.core.record import Record

CLASS_NAMES = ("motorcycle", "airplane", "face")
PARTS = ("train", "validation", "test")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LocatedObjects(Record):
    """Pictures of one object each, what it is, and where."""

    images: tuple[np.ndarray, ...]  # 1200 pictures (h, w, 3), uint8 RGB, the longer side 112
    # (1200, 4) float32, the corners x1, y1, x2, y2 as shares of the picture's width and height
    boxes: np.ndarray
    labels: np.ndarray  # (1200,) int64, index into `class_names`
    person: np.ndarray  # (1200,) int64, 1 to 28 of a face, else 0
    part: np.ndarray  # (1200,) str, "train", "validation" or "test"; a person is in one
    class_names: tuple[str, ...] = CLASS_NAMES


def read(files: Files) -> LocatedObjects:
    """Read the 1,200 pictures out of the packed file.

    It holds ``images``, JPEG files; ``boxes`` float32; and ``labels``, ``person`` and ``part``
    uint8, the last an index into `PARTS`.
    """
    arrays = packed.read_arrays(files.entry)
    return LocatedObjects(
        images=tuple(published.unpacked(arrays, "images")),
        boxes=arrays["boxes"],
        labels=arrays["labels"].astype(np.int64),
        person=arrays["person"].astype(np.int64),
        part=np.array(PARTS)[arrays["part"]],
    )

"""Photographs with one to many faces, for detectors."""

from dataclasses import dataclass

import numpy as np

from data.core import pictures
from data.core.fetch import Files
from data.core.record import Record
from drawing.prints import photographs

# Faces counted by eye, the child half in shadow at the right of the second one included; faces
# in framed pictures on a wall, out of focus, are not.
REAL_COUNTS = {
    "biden.jpg": 1,
    "multiface.jpg": 6,
    "obama_and_biden.jpg": 3,
    "obama_small.jpg": 1,
    "two_people.jpg": 2,
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Photographs(Record):
    """Photographs of different sizes; boxes and landmarks are None where nobody marked them."""

    images: list[np.ndarray]  # each (h, w, 3) uint8 RGB, upright
    names: tuple[str, ...]  # one a photograph
    face_counts: tuple[int, ...]  # known from how it was made, or counted by eye
    boxes: list[np.ndarray] | None = None  # each (n, 4) float32, x1 y1 x2 y2 in pixels
    # Each (n, 5, 2) float32: left eye, right eye, nose, corners of the mouth
    landmarks: list[np.ndarray] | None = None


def read(files: Files) -> Photographs:
    """Read the five photographs."""
    return Photographs(
        images=[pictures.read(files.path(name)) for name in REAL_COUNTS],
        names=tuple(name.removesuffix(".jpg") for name in REAL_COUNTS),
        face_counts=tuple(REAL_COUNTS.values()),
    )


def sample() -> Photographs:
    """Make six photographs: two portraits that packages ship, and four of their prints."""
    made = photographs()
    return Photographs(
        images=[item.image for item in made.values()],
        names=tuple(made),
        face_counts=tuple(len(item.boxes) for item in made.values()),
        boxes=[item.boxes for item in made.values()],
        landmarks=[item.landmarks for item in made.values()],
    )

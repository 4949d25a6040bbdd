"""Caltech faces: 26 people of one university, photographed in many rooms and lights.

The pictures are those of the class Faces_easy of Caltech 101, which ``pack`` cuts to squares.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from data.core import cards, packed, pictures, published
from data.core.fetch import Files
from data.core.record import FOLDS, Record, split_by_fold


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CaltechFaces(Record):
    """Photographs of one face each, who is shown, and five points of the face."""

    images: np.ndarray  # (427, 160, 160, 3) uint8 RGB, sorted by person
    # (427,) int64, from 0 to 25: nineteen people have 18 to 25 pictures, seven have four or five
    person: np.ndarray
    # (427, 5, 2) float32, x and y in pixels, 0 is the middle of the first one: the eyes, the tip of
    # the nose and the corners of the mouth, left (as seen) before right, as dlib found them
    landmarks: np.ndarray

    def aligned(self, side: int) -> np.ndarray:
        """Return the faces from brow to chin, (427, side, side, 3) uint8 RGB.

        Each is turned, scaled and shifted so that its five points come nearest to the same places.
        Collars lie below the cut, but hair at the temples does not.
        """
        places = (pictures.FIVE_IN_112 + 0.5) * side / 112 - 0.5
        faces = np.empty((len(self.images), side, side, 3), np.uint8)
        for k, (image, points) in enumerate(zip(self.images, self.landmarks, strict=True)):
            matrix = pictures.similarity(points, places)
            shrink = np.hypot(*matrix[0, :2])
            soft = cv2.GaussianBlur(image, (0, 0), 0.4 / shrink) if shrink < 0.7 else image
            faces[k] = cv2.warpAffine(soft, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE)
        return faces

    def by_person(self, fold: int = FOLDS - 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the indices (int64) to train on, to choose on (the fold before) and to test on.

        Each of the five folds has five or six people, and nobody is in two.
        """
        return split_by_fold(self.person % FOLDS, fold)


def read(files: Files) -> CaltechFaces:
    """Read the packed file."""
    arrays = packed.read_arrays(cards.get("caltech_faces"))
    images = np.stack(published.unpacked(arrays, "images"))
    return CaltechFaces(
        images=images, person=arrays["person"].astype(np.int64), landmarks=arrays["landmarks"]
    )

"""COCO people: photographs of everyday scenes with two or more people in each.

Every person has a box. In some pictures every person has a mask as well, and in most of them those
who can be seen well have a skeleton of 17 joints. ``pack`` makes the file of all this.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from data.core import packed, published
from data.core.fetch import Files
from data.core.record import Record

JOINTS = (
    "nose", "left eye", "right eye", "left ear", "right ear", "left shoulder", "right shoulder",
    "left elbow", "right elbow", "left wrist", "right wrist", "left hip", "right hip",
    "left knee", "right knee", "left ankle", "right ankle",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class People(Record):
    """Photographs with a box for every person; masks and skeletons where they are known.

    A field that is a tuple has an entry a picture. Persons of a picture keep their order in
    `boxes`, `crowds`, `keypoints`, and as the numbers 1, 2 ... in `masks`.
    """

    images: tuple[np.ndarray, ...]  # each (h, w, 3) uint8 RGB, the longer side 256
    boxes: tuple[np.ndarray, ...]  # each (people, 4) float32: left, top, right, bottom, in pixels
    # Each (people,) bool: whether the box holds a group of people whom nobody told apart
    crowds: tuple[np.ndarray, ...]
    # Each (h, w) uint8: 0 for the background, k + 1 for person k. Where outlines overlap, the
    # smaller person is seen. All 0 in a picture without masks.
    masks: tuple[np.ndarray, ...]
    # Each (people, 17, 3) float32: x and y in pixels, then 0 not labelled, 1 hidden, 2 seen. The
    # centre of the first pixel is at (0.5, 0.5).
    keypoints: tuple[np.ndarray, ...]
    has_masks: np.ndarray  # (n,) bool, whether the picture has a mask of every person
    has_keypoints: np.ndarray  # (n,) bool, whether skeletons of the picture are known
    ids: np.ndarray  # (n,) int64, COCO's number of the picture
    folds: np.ndarray  # (n,) int64, 0 to 4; pictures of one scene are in one fold
    joint_names: tuple[str, ...] = JOINTS  # of `keypoints`

    def with_masks(
        self, *, side: int, fewest: int, most: int, area: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the pictures with ``fewest`` to ``most`` people of at least ``area`` pixels.

        Pictures without masks, or with a crowd, are left out. Returns images (n, side, side, 3) and
        masks (n, side, side), uint8, on squares that are black or 0 below or to the right, and
        folds (n,). In these masks, smaller people are 0, and the others are 1, 2 ... without a gap.
        With a ``side`` below 256 they are scaled, after the people were chosen.
        """
        masks = [large(mask, area) for mask in self.masks]
        crowded = np.array([crowds.any() for crowds in self.crowds])
        enough = np.array([fewest <= mask.max() <= most for mask in masks])
        chosen = np.flatnonzero(self.has_masks & ~crowded & enough)
        images = [on_square(self.images[k], side, cv2.INTER_AREA) for k in chosen]
        numbers = [on_square(masks[k], side, cv2.INTER_NEAREST) for k in chosen]
        return np.stack(images), np.stack(numbers), self.folds[chosen]


def large(mask: np.ndarray, area: int) -> np.ndarray:
    """Return a mask (h, w) without the people of less than ``area`` pixels, numbered anew."""
    numbers, areas = np.unique(mask[mask > 0], return_counts=True)
    renumbered = np.zeros_like(mask)
    for k, number in enumerate(numbers[areas >= area], start=1):
        renumbered[mask == number] = k
    return renumbered


def on_square(picture: np.ndarray, side: int, interpolation: int) -> np.ndarray:
    """Return a picture (h, w, ...) on a square (side, side, ...), 0 below it or on its right."""
    height, width = picture.shape[:2]
    square = np.zeros((max(height, width),) * 2 + picture.shape[2:], picture.dtype)
    square[:height, :width] = picture
    return cv2.resize(square, (side, side), interpolation=interpolation)


def read(files: Files) -> People:
    """Read the pictures out of the packed file, whose names are those of the record."""
    arrays = packed.read_arrays(files.entry)
    ends = np.cumsum(arrays["people"])[:-1]
    return People(
        images=tuple(published.unpacked(arrays, "images")),
        boxes=tuple(np.split(arrays["boxes"], ends)),
        crowds=tuple(np.split(arrays["crowds"], ends)),
        masks=tuple(published.unpacked(arrays, "masks")),
        keypoints=tuple(np.split(arrays["keypoints"], ends)),
        has_masks=arrays["has_masks"],
        has_keypoints=arrays["has_keypoints"],
        ids=arrays["ids"].astype(np.int64),
        folds=arrays["folds"].astype(np.int64),
    )

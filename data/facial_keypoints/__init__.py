"""Faces with 68 points: frames of videos with the outlines of jaw, brows, nose, eyes and mouth."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import pictures, samples
from data.core.fetch import Files
from data.core.record import FOLDS, Record, split_by_fold
from data.facial_keypoints import generator

POINTS = 68
PARTS = ("training", "test")
TABLE = "{part}_frames_keypoints.csv"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FaceFrames(Record):
    """Frames that show one face with its landmarks, of both official parts."""

    images: tuple[np.ndarray, ...]  # each (h, w, 3) uint8 RGB, of different sizes
    # (n, 68, 2) float32, x and y in pixels of the frame, 0 is the middle of its first pixel, in the
    # order of iBUG 300-W; left and right are those of the picture. A point may lie outside.
    landmarks: np.ndarray
    # (n,) int64, the place of a frame's person in the sorted names of all people, modulo 5: nobody
    # is in two folds
    folds: np.ndarray

    def by_person(self, fold: int = FOLDS - 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the indices (int64) to train on, to choose on (the fold before) and to test on."""
        return split_by_fold(self.folds, fold)


def read(files: Files) -> FaceFrames:
    """Read both parts, whole or as far as the tables list them."""
    folder = files.folder()
    images, landmarks, names = [], [], []
    for part in PARTS:
        for name, points in read_table(folder / TABLE.format(part=part)):
            images.append(pictures.read(folder / part / name))
            landmarks.append(points)
            names.append(name)
    return _record(images, np.stack(landmarks), names)


def sample() -> FaceFrames:
    """Draw 120 people, eight frames each; all but three of them are in both parts."""
    arrays = samples.cached_arrays("facial_keypoints", generator.frames)
    number = np.arange(len(arrays["names"])) % generator.FRAMES
    who = np.arange(len(arrays["names"])) // generator.FRAMES
    test = number >= generator.FRAMES - generator.TEST_FRAMES
    keep = test | (who < generator.PEOPLE - generator.TEST_ONLY)
    order = [i for part in (~test, test) for i in np.flatnonzero(part & keep)]
    sizes = arrays["shapes"]
    images = [arrays["images"][i][: sizes[i, 0], : sizes[i, 1]] for i in order]
    return _record(images, arrays["landmarks"][order], arrays["names"][order].tolist())


def read_table(path: Path) -> list[tuple[str, np.ndarray]]:
    """Read the points of a part, sorted by name: the file, and (68, 2) float32.

    The table has a heading, then a line a frame: its file, then x and y of 68 points.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = sorted(list(csv.reader(file))[1:])
    return [(name, np.array(xy, np.float32).reshape(POINTS, 2)) for name, *xy in rows]


def _record(images: list[np.ndarray], landmarks: np.ndarray, names: list[str]) -> FaceFrames:
    """Deal the frames out to the folds by person, who is the name before its last "_"."""
    _, people = np.unique([name.rpartition("_")[0] for name in names], return_inverse=True)
    return FaceFrames(images=tuple(images), landmarks=landmarks, folds=people % FOLDS)

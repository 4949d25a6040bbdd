"""Road photographs from a car, with the class names and anchors of YOLOv2; nobody drew boxes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.coco_subset import CLASSES, OF_ROADS
from data.core import pictures
from data.core.cards import DataError
from data.core.fetch import Files
from data.core.record import Record

ANCHORS = np.array(
    [
        (0.57273, 0.677385),
        (1.87446, 2.06253),
        (3.33843, 5.47434),
        (7.88282, 3.52778),
        (9.77052, 9.16828),
    ]
)
"""Width and height of YOLOv2's five anchors, in cells of its 19 x 19 grid."""

SAMPLE_COUNT, SAMPLE_SIZE = 12, (360, 640)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RoadPictures(Record):
    """Pictures of roads as a car sees them.

    Parameters
    ----------
    images : tuple of np.ndarray
        (height, width, 3) uint8 RGB: 720 x 1280 photographs, 360 x 640 drawings.
    boxes : tuple of np.ndarray or None
        (k, 4) float32 a picture: x1, y1, x2, y2 in pixels, exact for drawings. None for the
        photographs: no truth comes with them.
    labels : tuple of np.ndarray or None
        (k,) int64, places in `class_names`; None as `boxes` is.
    class_names : tuple of str
        The 80 classes of COCO that YOLO's output has.
    anchors : np.ndarray
        (5, 2) float64: width and height in cells of the 19 x 19 grid.
    names : tuple of str
        Sorted, one a picture.
    """

    images: tuple[np.ndarray, ...]
    boxes: tuple[np.ndarray, ...] | None
    labels: tuple[np.ndarray, ...] | None
    class_names: tuple[str, ...]
    anchors: np.ndarray
    names: tuple[str, ...]


def read(files: Files) -> RoadPictures:
    """Read the photographs of the assignment; they have neither boxes nor labels."""
    return read_folder(files.folder())


def sample(seed: int = 0) -> RoadPictures:
    """Draw twelve roads with three to eight pedestrians, cars and motorcycles, and their boxes."""
    from data.yolo_cars.generator import roads_of

    images, _, boxes, labels = roads_of("yolo_cars", SAMPLE_COUNT, SAMPLE_SIZE, (3, 8), seed)
    return RoadPictures(
        images=tuple(images),
        boxes=boxes,
        labels=tuple(np.array(OF_ROADS)[own] for own in labels),
        class_names=CLASSES,
        anchors=ANCHORS.copy(),
        names=tuple(f"drawn_{k + 1:04d}" for k in range(len(images))),
    )


def read_folder(folder: Path) -> RoadPictures:
    """Read ``images/NAME.jpg``, ``model_data/coco_classes.txt`` and ``yolo_anchors.txt``.

    A file that is missing or holds something else is a DataError that names it.
    """
    found = sorted((folder / "images").glob("[!.]*.jpg"))
    if not found:
        raise DataError(f"{folder / 'images'}: expected photographs NAME.jpg, found none.")
    names = _text(folder / "model_data" / "coco_classes.txt").split("\n")
    names = tuple(name.strip() for name in names if name.strip())
    if len(names) != len(CLASSES):
        raise DataError(
            f"{folder / 'model_data' / 'coco_classes.txt'}: expected {len(CLASSES)} names, one a "
            f"line, found {len(names)}"
        )
    return RoadPictures(
        images=tuple(pictures.read(path) for path in found),
        boxes=None,
        labels=None,
        class_names=names,
        anchors=_anchors(folder / "model_data" / "yolo_anchors.txt"),
        names=tuple(path.stem for path in found),
    )


def _anchors(path: Path) -> np.ndarray:
    """Return (5, 2) widths and heights."""
    words = _text(path).replace(",", " ").split()
    try:
        anchors = np.array([float(word) for word in words]).reshape(-1, 2)
    except ValueError as error:
        raise DataError(f"{path}: expected pairs of numbers, but {error}") from error
    if len(anchors) != len(ANCHORS) or not (anchors > 0).all():
        raise DataError(f"{path}: expected five widths and heights above 0, found {words}")
    return anchors


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise DataError(f"{path} belongs to these photographs, but {error}") from error

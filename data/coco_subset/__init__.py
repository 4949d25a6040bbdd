"""COCO's objects in photographs: a box, a class and a mask of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import pictures
from data.core.cards import DataError
from data.core.fetch import Files
from data.core.record import Record

CLASSES = tuple(
    (
        "person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, "
        "fire hydrant, stop sign, parking meter, bench, bird, cat, dog, horse, sheep, cow, "
        "elephant, bear, zebra, giraffe, backpack, umbrella, handbag, tie, suitcase, frisbee, "
        "skis, snowboard, sports ball, kite, baseball bat, baseball glove, skateboard, "
        "surfboard, tennis racket, bottle, wine glass, cup, fork, knife, spoon, bowl, banana, "
        "apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake, chair, couch, "
        "potted plant, bed, dining table, toilet, tv, laptop, mouse, remote, keyboard, "
        "cell phone, microwave, oven, toaster, sink, refrigerator, book, clock, vase, scissors, "
        "teddy bear, hair drier, toothbrush"
    ).split(", ")
)
"""COCO's 80 classes in the order of its detection challenge."""

MISSING = (12, 26, 29, 30, 45, 66, 68, 69, 71, 83)
"""Numbers below 91 that no class of the challenge has."""

CATEGORIES = tuple(number for number in range(1, 91) if number not in MISSING)
"""COCO's own number of each class."""

OF_ROADS = (CLASSES.index("person"), CLASSES.index("car"), CLASSES.index("motorcycle"))
"""The classes of what ``data.kit.roads`` draws, in its order."""

FARTHEST = 0.05  # how far an outline's box may lie from the object's box, as a share of the picture
SAMPLE_COUNT, SAMPLE_SIZE = 20, (240, 320)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Photographs(Record):
    """Photographs of different sizes with their objects; what belongs to one has one place.

    Parameters
    ----------
    images : tuple of np.ndarray
        (height, width, 3) uint8 RGB.
    boxes : tuple of np.ndarray
        (k, 4) float32: x1, y1, x2, y2 in pixels.
    labels : tuple of np.ndarray
        (k,) int64, 0..79: places in `CLASSES`.
    masks : tuple of np.ndarray
        (k, height, width) bool: the pixels that are seen of each object.
    names : tuple of str
        Sorted, one a photograph.
    """

    images: tuple[np.ndarray, ...]
    boxes: tuple[np.ndarray, ...]
    labels: tuple[np.ndarray, ...]
    masks: tuple[np.ndarray, ...]
    names: tuple[str, ...]


def read(files: Files) -> Photographs:
    """Read photographs of val2017 with boxes and outlines in YOLO's text layout."""
    return read_folder(files.folder())


def sample(seed: int = 0) -> Photographs:
    """Draw 20 roads with one to six pedestrians, cars and motorcycles."""
    from data.coco_subset.generator import roads_of

    images, owners, boxes, labels = roads_of("coco_subset", SAMPLE_COUNT, SAMPLE_SIZE, (1, 6), seed)
    labels = tuple(np.array(OF_ROADS)[own] for own in labels)
    masks = tuple(
        owner == np.arange(1, len(own) + 1)[:, None, None]
        for owner, own in zip(owners, boxes, strict=True)
    )
    names = tuple(f"drawn_{k + 1:04d}" for k in range(len(images)))
    return Photographs(images=tuple(images), boxes=boxes, labels=labels, masks=masks, names=names)


def read_folder(folder: Path) -> Photographs:
    """Read ``images/val2017/NAME.jpg`` with ``NAME.txt`` of boxes and of outlines.

    A line of ``object_detection/labels/val2017`` is a class (0..79), the middle, width and height
    of a box; one of ``instance_segmentation/labels/val2017`` a class by COCO's own number and an
    outline as x y x y ...; both as shares of the picture. Outlines stand in another order than
    boxes, so each box takes the outline of its class whose own box lies nearest. An outline whose
    object has no box, such as a crowd's, is left out. A missing file, another line, or a box
    without an outline is a DataError that names it.
    """
    found = sorted((folder / "images" / "val2017").glob("[!.]*.jpg"))
    if not found:
        raise DataError(f"{folder / 'images' / 'val2017'}: expected photographs, found none.")
    images = tuple(pictures.read(path) for path in found)
    boxes, labels, masks = [], [], []
    for path, image in zip(found, images, strict=True):
        text = f"labels/val2017/{path.stem}.txt"
        own = _boxes(folder / "object_detection" / text)
        outlines = _outlines(folder / "instance_segmentation" / text)
        size = np.array(image.shape[1::-1])
        labels.append(own[:, 0].astype(np.int64))
        boxes.append((own[:, 1:] * np.tile(size, 2)).astype(np.float32))
        chosen = _matched(own, outlines, path)
        masks.append(np.array([filled(one * size, image.shape) for one in chosen], bool))
        masks[-1] = masks[-1].reshape(-1, *image.shape[:2])
    return Photographs(
        images=images,
        boxes=tuple(boxes),
        labels=tuple(labels),
        masks=tuple(masks),
        names=tuple(path.stem for path in found),
    )


def filled(outline: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return the pixels inside an outline, bool; ``shape`` begins with height and width.

    The outline is (points, 2): x, y in pixels, from the edge of the picture. Several closed parts
    may follow one another.
    """
    import cv2

    mask = np.zeros(shape[:2], np.uint8)
    points = np.round((outline - 0.5) * 256).astype(np.int32)  # pixel k reaches from k to k + 1
    cv2.fillPoly(mask, [points], 1, shift=8)
    return mask > 0


def _boxes(path: Path) -> np.ndarray:
    """Return (k, 5): class 0..79, x1, y1, x2, y2 as shares of the picture."""
    rows = np.array(
        [row for row in _rows(path) if _right(len(row) == 5, path, row)], np.float64
    ).reshape(-1, 5)
    for row in rows:
        _right(row[0] in range(len(CLASSES)) and (row[3:] > 0).all(), path, row)
    half = rows[:, 3:] / 2
    return np.hstack([rows[:, :1], rows[:, 1:3] - half, rows[:, 1:3] + half])


def _outlines(path: Path) -> list[tuple[int, np.ndarray]]:
    """Return class 0..79 and outline (points, 2), as shares of the picture, of each line."""
    found = []
    for row in _rows(path):
        _right(len(row) >= 7 and len(row) % 2 == 1 and row[0] in CATEGORIES, path, row)
        found.append((CATEGORIES.index(int(row[0])), np.array(row[1:]).reshape(-1, 2)))
    return found


def _matched(own: np.ndarray, outlines: list, path: Path) -> list[np.ndarray]:
    """Return for each box the outline of its class that lies nearest, each outline once."""
    left = list(range(len(outlines)))
    chosen = []
    for row in own:
        gaps = {}
        for i in left:
            label, outline = outlines[i]
            if label == row[0]:
                around = np.concatenate([outline.min(0), outline.max(0)])
                gaps[i] = np.abs(around - row[1:]).max()
        best = min(gaps, key=gaps.get, default=None)
        if best is None or gaps[best] > FARTHEST:
            raise DataError(
                f"{path}: the box {row[1:].round(4).tolist()} of a {CLASSES[int(row[0])]} has no "
                "outline in instance_segmentation/labels; get both files from one release"
            )
        left.remove(best)
        chosen.append(outlines[best][1])
    return chosen


def _rows(path: Path) -> list[list[float]]:
    """Return the numbers of each line of a text file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [[float(word) for word in line.split()] for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: expected lines of numbers, but {error}") from error


def _right(holds: bool, path: Path, row: object) -> bool:
    if not holds:
        shown = " ".join(f"{value:g}" for value in list(row)[:6])
        raise DataError(
            f"{path}: the line {shown!r}... is neither a box (class, middle, width, height) nor "
            "an outline (class, x y x y ...) as its folder promises"
        )
    return True

"""People with marked joints in photographs: a few of CrowdPose and COCO, or drawn scenes.

Both sets come with a JSON file in COCO's layout. CrowdPose marks 14 joints, COCO 17; here
everybody has CrowdPose's 14, where COCO's people lack head and neck. People without any joint and
regions of a crowd stay as boxes, so that a loss or a score can leave them out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import pictures
from data.core.cards import DataError
from data.core.fetch import Files
from data.core.record import Record
from data.synthetic import bodies
from data.synthetic.bodies import JOINTS
from data.synthetic.canvas import boxes_of

SIGMAS = np.repeat([0.079, 0.072, 0.062, 0.107, 0.087, 0.089, 0.079], 2)
"""How far annotators differ by joint, in roots of a person's area (CrowdPose's evaluation)."""

COCO_SHARED = slice(5, 17)  # COCO's joints that are CrowdPose's first twelve
BOX_SHARE = 0.53  # CrowdPose has no outlines: its evaluation takes this share of a box as area

# MPII's and AIC's photographs of the entry have other joints and are not read.
FILES = ("crowdpose/test_crowdpose.json", "coco/test_coco.json")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Poses(Record):
    """Pictures with the joints of their people; what belongs to one picture has one place.

    Parameters
    ----------
    images : tuple of np.ndarray
        (height, width, 3) uint8, of different sizes.
    joints : tuple of np.ndarray
        (people, 14, 3) float32 in CrowdPose's order: x and y in pixels and the flag 0 not
        marked, 1 marked but covered, 2 seen. A joint outside the picture has flag 0.
    boxes : tuple of np.ndarray
        (people, 4) float32: x1, y1, x2, y2.
    areas : tuple of np.ndarray
        (people,) float64, in pixels: COCO's outlines, 0.53 of the box in CrowdPose, the seen
        pixels of drawn people.
    ignored : tuple of np.ndarray
        (others, 4) float32: boxes of people without a marked joint, and of crowds.
    origins : tuple of str
        "crowdpose", "coco" or "drawn".
    names : tuple of str
        Of the files.
    """

    images: tuple[np.ndarray, ...]
    joints: tuple[np.ndarray, ...]
    boxes: tuple[np.ndarray, ...]
    areas: tuple[np.ndarray, ...]
    ignored: tuple[np.ndarray, ...]
    origins: tuple[str, ...]
    names: tuple[str, ...]


def read(files: Files) -> Poses:
    """Read six photographs with joints."""
    folder = files.folder()
    rows = [one for file in FILES for one in read_json(folder / file)]
    return Poses(**{field: tuple(one[field] for one in rows) for field in rows[0]})


def sample(seed: int = 5) -> Poses:
    """Draw eight scenes of the same layout."""
    drawn = bodies.scenes(8, 320, 400, people=(1, 3), seed=seed)
    pairs = zip(drawn.joints, drawn.masks, strict=True)
    joints, boxes, areas, ignored = zip(*(of_drawing(*pair) for pair in pairs), strict=True)
    return Poses(
        images=tuple(drawn.images),
        joints=joints,
        boxes=boxes,
        areas=areas,
        ignored=ignored,
        origins=("drawn",) * len(joints),
        names=tuple(f"drawn_{i}" for i in range(len(joints))),
    )


def of_drawing(joints: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return joints, boxes, areas and ignored boxes of the people of a drawing.

    Takes joints (people, 14, 3) of `data.synthetic.bodies.scenes`, and the mask (height, width)
    uint8, k + 1 where person k is seen. Returns joints (k, 14, 3), boxes (k, 4) float32 and areas
    (k,) float64 of the seen pixels of the people with a marked joint, and the boxes (m, 4) of the
    others who are seen.
    """
    boxes = boxes_of(mask, len(joints))
    areas = np.bincount(mask.ravel(), minlength=len(joints) + 1)[1:].astype(float)
    known = (joints[:, :, 2] > 0).any(axis=1) & (areas > 0)
    return joints[known], boxes[known], areas[known], boxes[~known & (areas > 0)]


def read_json(path: Path) -> list[dict[str, object]]:
    """Read a JSON file in COCO's layout and its pictures: the fields of `Poses`, by picture.

    The file has "images", "annotations" and one category with 14 or 17 keypoints; pictures are
    sorted by name. A file, a picture or an annotation that is missing or of another layout is a
    DataError that names it.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        pictures, people = content["images"], content["annotations"]
        keypoints = len(content["categories"][0]["keypoints"])
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise DataError(
            f"{path}: expected a JSON file in COCO's layout with images, annotations and a "
            f"category with keypoints ({type(error).__name__}: {error})"
        ) from error
    if keypoints not in (14, 17):
        raise DataError(f"{path}: expected 14 or 17 joints a person, found {keypoints}")
    rows = []
    for picture in sorted(pictures, key=lambda one: one["file_name"]):
        own = [one for one in people if one["image_id"] == picture["id"]]
        file = path.parent / picture["file_name"]
        pixels = _pixels(file, picture)
        about = {"images": pixels, "origins": "coco" if keypoints == 17 else "crowdpose"}
        rows.append(about | {"names": file.name} | _people(own, keypoints, pixels.shape, file))
    return rows


def _pixels(file: Path, picture: dict) -> np.ndarray:
    """Read a photograph; its size has to be that of its annotations."""
    try:
        pixels = pictures.read(file)
    except (OSError, ValueError) as error:
        raise DataError(f"{file}: the annotations name this photograph, but {error}") from error
    expected = (picture.get("height"), picture.get("width"))
    if pixels.shape[:2] != expected:
        raise DataError(
            f"{file}: the annotations are of {expected[1]} x {expected[0]} pixels, "
            f"the photograph has {pixels.shape[1]} x {pixels.shape[0]}"
        )
    return pixels


def _people(own: list[dict], keypoints: int, shape: tuple[int, ...], file: Path) -> dict:
    """Sort the people of a picture into those with joints and those to be left out."""
    joints, boxes, areas, ignored = [], [], [], []
    for one in own:
        box, marked = _annotation(one, keypoints, file)
        marked = inside(marked, shape[0], shape[1])
        if keypoints == 17:  # head and neck are not marked
            marked = np.pad(marked[COCO_SHARED], ((0, 2), (0, 0)))
        if one.get("iscrowd") or not (marked[:, 2] > 0).any():
            ignored.append(box)
            continue
        joints.append(marked)
        boxes.append(box)
        width, height = box[2:] - box[:2]
        areas.append(float(one.get("area") or BOX_SHARE * width * height))
    return {
        "joints": np.array(joints, np.float32).reshape(-1, len(JOINTS), 3),
        "boxes": np.array(boxes, np.float32).reshape(-1, 4),
        "areas": np.array(areas, np.float64),
        "ignored": np.array(ignored, np.float32).reshape(-1, 4),
    }


def _annotation(one: dict, keypoints: int, file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the box as corners and the joints of one annotation, checked."""
    where = f"{file}: annotation {one.get('id', '?')}"
    try:
        x, y, width, height = (float(value) for value in one["bbox"])
        marked = np.array(one["keypoints"], np.float32)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{where} lacks a box of 4 numbers or joints ({error!r})") from error
    if marked.shape != (3 * keypoints,):
        raise DataError(f"{where}: expected {3 * keypoints} numbers of joints, found {marked.size}")
    marked = marked.reshape(keypoints, 3)
    if not np.isfinite(marked).all() or not np.isin(marked[:, 2], (0, 1, 2)).all():
        raise DataError(f"{where}: a joint is x, y and a flag 0, 1 or 2")
    return np.array([x, y, x + width, y + height], np.float32), marked


def inside(joints: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return joints, (..., 3): x, y, flag, with zeros in place of those outside a picture.

    Annotators set points from the edges of the outer pixels inwards, so x from -0.5 up to ``width``
    is taken as inside, and y likewise.
    """
    x, y, flag = np.moveaxis(np.asarray(joints), -1, 0)
    there = (x >= -0.5) & (x < width) & (y >= -0.5) & (y < height) & (flag > 0)
    return np.where(there[..., None], joints, np.zeros_like(joints))

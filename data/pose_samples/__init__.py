"""People with marked joints in photographs: a few of CrowdPose and COCO, or drawn scenes.

Both sets come with a JSON file in COCO's layout. CrowdPose marks 14 joints, COCO 17; here
everybody has CrowdPose's 14, where COCO's people lack head and neck. People without any joint and
regions of a crowd are left out.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.core.fetch import Files
from data.core.pictures import read_sized
from data.core.record import Record
from drawing import bodies
from drawing.bodies import JOINTS
from drawing.canvas import boxes_of

SIGMAS = np.repeat([0.079, 0.072, 0.062, 0.107, 0.087, 0.089, 0.079], 2)
"""How far annotators differ by joint, in roots of a person's area (CrowdPose's evaluation)."""

COCO_SHARED = slice(5, 17)  # COCO's joints that are CrowdPose's first twelve

BOX_SHARE = 0.53  # CrowdPose has no outlines: its evaluation takes this share of a box as area

# MPII's and AIC's photographs of the entry have other joints and are not read.
FILES = ("crowdpose/test_crowdpose.json", "coco/test_coco.json")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Poses(Record):
    """Pictures with the joints of their people; what belongs to one picture has one place."""

    images: tuple[np.ndarray, ...]  # (height, width, 3) uint8, of different sizes
    # (people, 14, 3) float32 in CrowdPose's order: x and y in pixels and the flag 0 not marked,
    # 1 marked but covered, 2 seen. A joint outside the picture has flag 0.
    joints: tuple[np.ndarray, ...]
    boxes: tuple[np.ndarray, ...]  # (people, 4) float32: x1, y1, x2, y2
    # (people,) float64, in pixels: COCO's outlines, 0.53 of the box in CrowdPose, the seen pixels
    # of drawn people
    areas: tuple[np.ndarray, ...]


def read(files: Files) -> Poses:
    """Read six photographs with joints."""
    folder = files.folder()
    return _record([fields for file in FILES for fields in read_json(folder / file)])


def sample() -> Poses:
    """Draw eight scenes of the same layout."""
    scenes = bodies.scenes(8, 320, 400, people=(1, 3), seed=5)
    parts = zip(scenes.images, scenes.joints, scenes.masks, strict=True)
    return _record(
        [{"images": image} | drawn_people(joints, mask) for image, joints, mask in parts]
    )


def _record(pictures: list[dict[str, Any]]) -> Poses:
    return Poses(**{field: tuple(fields[field] for fields in pictures) for field in pictures[0]})


def drawn_people(joints: np.ndarray, mask: np.ndarray) -> dict[str, np.ndarray]:
    """Return the people with a marked joint; person k is seen where the mask is k + 1.

    Joints are (people, 14, 3).
    """
    boxes = boxes_of(mask, len(joints))
    areas = np.bincount(mask.ravel(), minlength=len(joints) + 1)[1:].astype(float)
    known = (joints[:, :, 2] > 0).any(axis=1) & (areas > 0)
    return {"joints": joints[known], "boxes": boxes[known], "areas": areas[known]}


def read_json(path: Path) -> list[dict[str, Any]]:
    """Read a JSON file in COCO's layout and its pictures: the fields of `Poses`, by picture.

    The file has "images", "annotations" and one category with 14 or 17 keypoints; pictures are
    sorted by name. One that cannot be read or has another size than its annotations is a DataError
    that names it.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    keypoints = len(content["categories"][0]["keypoints"])
    pictures = []
    for picture in sorted(content["images"], key=lambda picture: picture["file_name"]):
        people = [p for p in content["annotations"] if p["image_id"] == picture["id"]]
        shape = picture["height"], picture["width"]
        image = read_sized(path.parent / picture["file_name"], *shape)
        pictures.append({"images": image} | marked_people(people, keypoints, shape))
    return pictures


def marked_people(
    people: list[dict], keypoints: int, shape: tuple[int, int]
) -> dict[str, np.ndarray]:
    """Return the people of a picture who have a marked joint and are no crowd."""
    marked, boxes, areas = [], [], []
    for person in people:
        x, y, width, height = person["bbox"]
        box = np.array([x, y, x + width, y + height], np.float32)
        joints = inside(np.reshape(person["keypoints"], (keypoints, 3)), *shape)
        if keypoints == 17:
            joints = np.vstack([joints[COCO_SHARED], np.zeros((2, 3), np.float32)])  # no head, neck
        if person.get("iscrowd") or not (joints[:, 2] > 0).any():
            continue
        marked.append(joints)
        boxes.append(box)
        width, height = box[2:] - box[:2]
        areas.append(float(person.get("area") or BOX_SHARE * width * height))
    joints = np.array(marked, np.float32).reshape(-1, len(JOINTS), 3)
    return {
        "joints": joints,
        "boxes": np.array(boxes, np.float32).reshape(-1, 4),
        "areas": np.array(areas, np.float64),
    }


def inside(joints: np.ndarray, height: int, width: int) -> np.ndarray:
    """Return joints, (..., 3): x, y, flag, with zeros in place of those outside a picture.

    Annotators set points from the edges of the outer pixels inwards, so x from -0.5 up to ``width``
    is taken as inside, and y likewise.
    """
    x, y, flag = np.moveaxis(np.asarray(joints, np.float32), -1, 0)
    is_inside = (x >= -0.5) & (x < width) & (y >= -0.5) & (y < height) & (flag > 0)
    return np.where(is_inside[..., None], joints, np.float32(0))

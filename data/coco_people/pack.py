"""Pack people of COCO: published files become ``coco_people.npz``.

Run ``python -m data.coco_people.pack CLONES``. A row of ``credits.csv`` says which repository has
the picture, and in ``annotations`` which one has a mask of every person in it. Where that is empty,
the boxes are those of the labels beside the picture. Skeletons are joined to the boxes.
"""

import json
from collections import defaultdict
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from data.coco_people import JOINTS
from data.core import packed, published
from data.core.published import Published

LONGER_SIDE = 256
LABELS = "minto5z/coco_yolo"
SKELETONS = "Jar-17/yolov7_for_baseball"
PANOPTIC = "lightly-ai/coco128_yolo"
ANNOTATIONS = {
    "manhph2211/HRNet-Pose-Estimation": "data/coco/annotations/person_keypoints_val2017.json",
    "mchoccie/DeepDataMiningLearning": "data/annotations/instances_{part}2017.json",
    "Obmutescence/COCO-MINI": "annotations/person_keypoints_{part}2017.json",
    "enginbozaba/tiny_coco": "annotations/instances_{part}2017.json",
    PANOPTIC: "panoptic_segmentation/annotations/panoptic_{part}2017.json",
}
PARTS = ("train", "val")


def pack(files: Published) -> bytes:
    """Return the content of ``coco_people.npz``, which ``data.coco_people.read`` reads."""
    rows = files.credits()
    found = annotations(files)
    columns = defaultdict(list)
    for row in rows:
        for name, value in packed_picture(files, row, found).items():
            columns[name].append(value)
    return packed.arrays_as_bytes(
        **published.in_one("images", columns["image"]),
        **published.in_one("masks", columns["mask"]),
        people=np.array([len(boxes) for boxes in columns["boxes"]], "u1"),
        boxes=np.concatenate(columns["boxes"]).astype("<f4"),
        crowds=np.concatenate(columns["crowds"]),
        keypoints=np.concatenate(columns["keypoints"]).astype("<f4"),
        has_masks=np.array([row["annotations"] != "" for row in rows]),
        has_keypoints=np.array(columns["has_keypoints"]),
        ids=np.array([row["id"] for row in rows], "<i4"),
        folds=np.array([row["fold"] for row in rows], "u1"),
    )


def packed_picture(files: Published, row: dict[str, str], found: dict) -> dict[str, Any]:
    """Return what is packed of one picture: its files, and its people in packed pixels."""
    picture = files.picture(row["repository"], row["path"]).convert("RGB")
    scale = LONGER_SIDE / max(picture.size)
    size = tuple(round(side * scale) for side in picture.size)
    if row["annotations"]:
        people = found[row["annotations"]][int(row["id"])]
        boxes, crowds, masks = people_with_masks(files, row, people, picture.size)
    else:
        boxes = labelled_boxes(files, row) * np.tile(picture.size, 2)
        crowds, masks = np.zeros(len(boxes), bool), []
    keypoints = skeletons(files, row, boxes / np.tile(picture.size, 2))
    mask = Image.fromarray(index_map(masks, picture.size)).resize(size, Image.Resampling.NEAREST)
    factors = np.divide(size, picture.size)  # nearly `scale`, because sides are whole pixels
    return {
        "image": published.jpeg(picture.resize(size, Image.Resampling.LANCZOS)),
        "mask": published.png(np.array(mask)),
        "boxes": boxes * np.tile(factors, 2),
        "crowds": crowds,
        "keypoints": keypoints * np.array([*size, 1]),
        "has_keypoints": row["has_keypoints"] == "1",
    }


# ------------------------------------------------------------------ people with masks


def annotations(files: Published) -> dict[str, dict[int, list[dict]]]:
    """Return the people of each repository by the number of their picture."""
    found = {}
    for repository, path in ANNOTATIONS.items():
        people = defaultdict(list)
        for file in sorted({path.format(part=part) for part in PARTS}):
            for item in json.loads(files.read(repository, file))["annotations"]:
                segments = item.get("segments_info", [item])
                people[item["image_id"]] += [part for part in segments if part["category_id"] == 1]
        found[repository] = people
    return found


def people_with_masks(
    files: Published, row: dict[str, str], people: list[dict], size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Return boxes (people, 4) in pixels of the published picture, crowds (people,), and masks."""
    boxes = np.array([person["bbox"] for person in people], float)  # left, top, width, height
    boxes[:, 2:] += boxes[:, :2]
    crowds = np.array([person["iscrowd"] == 1 for person in people])
    if row["annotations"] != PANOPTIC:
        return boxes, crowds, [outline_mask(person["segmentation"], size) for person in people]
    name = f"{int(row['id']):012d}.png"
    path = ANNOTATIONS[PANOPTIC].format(part=row["part"]).replace(".json", f"/{name}")
    colours = np.array(files.picture(PANOPTIC, path).convert("RGB")).astype(int)
    numbers = colours @ [1, 256, 256**2]  # (h, w): how the format writes a number as a colour
    return boxes, crowds, [numbers == person["id"] for person in people]


def outline_mask(outline: Any, size: tuple[int, int]) -> np.ndarray:
    """Return the mask (h, w) bool of COCO's outline: polygons, or runs down the columns."""
    width, height = size
    if isinstance(outline, dict):
        values = np.arange(len(outline["counts"])) % 2 == 1
        return np.repeat(values, outline["counts"]).reshape(width, height).T
    picture = Image.new("1", size)
    for polygon in outline:
        ImageDraw.Draw(picture).polygon(polygon, fill=1)
    return np.array(picture)


def index_map(masks: list[np.ndarray], size: tuple[int, int]) -> np.ndarray:
    """Return masks as one map (h, w) uint8, k + 1 where mask k is; smaller masks cover larger."""
    numbers = np.zeros(size[::-1], np.uint8)
    for person in sorted(range(len(masks)), key=lambda person: -masks[person].sum()):
        numbers[masks[person]] = person + 1
    return numbers


# ------------------------------------------------------------------ labels a file a picture


def labelled_boxes(files: Published, row: dict[str, str]) -> np.ndarray:
    """Return the boxes (people, 4) of a picture's label file: corners, as shares of its sides."""
    path = row["path"].replace("images/", "labels/").replace(".jpg", ".txt")
    lines = files.read(LABELS, path).decode().splitlines()
    return corners(np.array([line.split()[1:5] for line in lines if line.strip()], float))


def skeletons(files: Published, row: dict[str, str], boxes: np.ndarray) -> np.ndarray:
    """Return the joints (people, 17, 3) of the people in these boxes, as shares of the sides.

    Those without a skeleton have zeros. A file of skeletons has its own box before each of them,
    which tells whose it is.
    """
    joints = np.zeros((len(boxes), len(JOINTS), 3))
    if row["has_keypoints"] != "1":
        return joints
    path = f"labels/val2017/{int(row['id']):012d}.txt"
    values = np.array([line.split() for line in files.read(SKELETONS, path).decode().splitlines()])
    own = corners(values[:, 1:5].astype(float))
    for box, skeleton in zip(own, values[:, 5:].astype(float).reshape(-1, 17, 3), strict=True):
        joints[np.abs(boxes - box).sum(axis=1).argmin()] = skeleton
    return joints


def corners(boxes: np.ndarray) -> np.ndarray:
    """Return boxes (n, 4) given by centre, width and height as left, top, right and bottom."""
    middle, half = boxes[:, :2], boxes[:, 2:] / 2
    return np.concatenate([middle - half, middle + half], axis=1)


if __name__ == "__main__":
    published.main("coco_people", pack)

"""CrowdPose: people with 14 joints in crowds, its photographs read when they are asked for.

The 20,000 photographs would fill some 18 GB, so that a record holds where they lie. Beside the
folder ``images`` the set has a JSON file in COCO's layout for each part, in ``json`` or beside
``images``; each photograph carries a crowd index, 0 where people stand apart and 1 where
everybody's joints lie in other people's boxes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core.cards import DataError
from data.core.fetch import Files
from data.pose_samples import Poses, _people, _pixels, of_drawing
from data.synthetic import bodies

PARTS = {"train": "train", "validation": "val", "test": "test"}
LEVELS = {"easy": (0.0, 0.1), "medium": (0.1, 0.8), "hard": (0.8, 1.01)}
"""From which crowd index on, and below which, as CrowdPose's evaluation sorts photographs."""


class Photographs(Sequence):
    """Photographs as (height, width, 3) uint8 arrays, each read anew when it is asked for.

    One that is missing, or of another size than its annotations, is a DataError that names it.
    """

    def __init__(self, paths: Sequence[Path], sizes: np.ndarray) -> None:
        self.paths, self.sizes = tuple(paths), sizes

    def __len__(self) -> int:
        """Return the number of photographs."""
        return len(self.paths)

    def __getitem__(self, i):
        """Return a photograph, or of a slice those that it holds, still unread."""
        if isinstance(i, slice):
            return Photographs(self.paths[i], self.sizes[i])
        height, width = self.sizes[i].tolist()
        return _pixels(self.paths[i], {"height": height, "width": width})


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Crowds(Poses):
    """Pictures with the joints of their people, as `Poses`, by part and by how crowded they are.

    Parameters
    ----------
    images : sequence of np.ndarray
        (height, width, 3) uint8, of different sizes; photographs are read anew each time.
    joints, boxes, areas, ignored, origins, names : tuple
        As in `Poses`, one a picture.
    part : np.ndarray
        (n,) str: "train", "validation" or "test".
    crowd : np.ndarray
        (n,) float64: the crowd index, 0 to 1.
    """

    part: np.ndarray
    crowd: np.ndarray

    def level(self, name: str) -> np.ndarray:
        """Return which pictures are "easy", "medium" or "hard", (n,) bool."""
        if name not in LEVELS:
            raise ValueError(f"level={name!r} is not known; use one of {', '.join(LEVELS)}.")
        low, high = LEVELS[name]
        return (self.crowd >= low) & (self.crowd < high)


def read(files: Files) -> Crowds:
    """Read the annotations of the three parts, and note where the photographs lie."""
    folder = files.folder()
    found = [one | {"part": part} for part in PARTS for one in _read_part(folder, part)]
    told = {field: [one[field] for one in found] for field in found[0]}
    sizes, paths = np.array(told.pop("sizes")), told.pop("paths")
    part, crowd = np.array(told.pop("part")), np.array(told.pop("crowd"), np.float64)
    fields = {field: tuple(values) for field, values in told.items()}
    return Crowds(images=Photographs(paths, sizes), part=part, crowd=crowd, **fields)


def _read_part(folder: Path, part: str) -> list[dict]:
    """Read a part's annotations; its pictures are sorted by name."""
    name = f"crowdpose_{PARTS[part]}.json"
    places = (folder / "json" / name, folder / "annotations" / name, folder / name)
    path = next((place for place in places if place.is_file()), places[0])
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        own = defaultdict(list)
        for one in content["annotations"]:
            own[one["image_id"]].append(one)
        listed = sorted(content["images"], key=lambda one: one["file_name"])
        return [_picture(one, own[one["id"]], folder / "images") for one in listed]
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"{path}: expected CrowdPose's JSON with images (file_name, id, height, width, "
            f"crowdIndex) and annotations ({type(error).__name__}: {error})"
        ) from error


def _picture(one: dict, own: list[dict], folder: Path) -> dict:
    """Return the fields of a picture, and where it lies."""
    shape = one["height"], one["width"]
    people = _people(own, 14, shape, folder / one["file_name"])
    about = {"origins": "crowdpose", "names": one["file_name"], "crowd": one["crowdIndex"]}
    return about | people | {"sizes": shape, "paths": folder / one["file_name"]}


def sample(seed: int = 6) -> Crowds:
    """Draw twenty scenes, sixteen to train on and two for each other part."""
    drawn = bodies.scenes(20, 240, 320, people=(1, 4), seed=seed)
    pairs = zip(drawn.joints, drawn.masks, strict=True)
    joints, boxes, areas, ignored = zip(*(of_drawing(*one) for one in pairs), strict=True)
    count = len(joints)
    return Crowds(
        images=tuple(drawn.images),
        joints=joints,
        boxes=boxes,
        areas=areas,
        ignored=ignored,
        origins=("drawn",) * count,
        names=tuple(f"drawn_{i}" for i in range(count)),
        part=np.array(["train"] * (count - 4) + ["validation"] * 2 + ["test"] * 2),
        crowd=np.array([crowd_index(*one) for one in zip(joints, boxes, strict=True)]),
    )


def crowd_index(joints: np.ndarray, boxes: np.ndarray) -> float:
    """Return the mean over people of how many joints of others lie in a box, for one of its own.

    Takes joints (people, 14, 3) and boxes (people, 4); a person counts at most 1, nobody gives 0
    (Li et al., CrowdPose, CVPR 2019, equation 1).
    """
    x, y, marked = joints[..., 0], joints[..., 1], joints[..., 2] > 0
    shares = []
    for k, (x1, y1, x2, y2) in enumerate(boxes):
        inside = marked & (x >= x1) & (x <= x2) & (y >= y1) & (y <= y2)
        others = np.delete(inside, k, axis=0).sum()
        shares.append(min(1.0, others / max(1, inside[k].sum())))
    return float(np.mean(shares)) if shares else 0.0

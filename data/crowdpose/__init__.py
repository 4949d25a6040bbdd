"""CrowdPose: people with 14 joints in crowds, its photographs read when they are asked for.

The 20,000 photographs would fill some 18 GB, so a record holds where they lie. Beside the folder
``images``, the set has a JSON file in COCO's layout for each part, in the folder ``json``.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.core.cards import DataError
from data.core.fetch import Files
from data.core.pictures import read_sized
from data.pose_samples import Poses, drawn_people, marked_people
from drawing import bodies

PARTS = {"train": "train", "validation": "val", "test": "test"}


class Photographs(Sequence):
    """Photographs as (height, width, 3) uint8 arrays, each read anew when it is asked for.

    One that is missing, or of another size than its annotations, is a DataError that names it.
    """

    def __init__(self, paths: Sequence[Path], shapes: Sequence[tuple[int, int]]) -> None:
        self.paths, self.shapes = paths, shapes

    def __len__(self) -> int:
        """Return the number of photographs."""
        return len(self.paths)

    def __getitem__(self, index: int) -> np.ndarray:  # type: ignore[override]  # no slices
        """Read a photograph."""
        return read_sized(self.paths[index], *self.shapes[index])


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Crowds(Poses):
    """Pictures with the joints of their people, as `Poses`, by part."""

    images: Any  # a sequence of (height, width, 3) uint8; photographs are read each time
    part: np.ndarray  # (n,) str: "train", "validation" or "test"


def read(files: Files) -> Crowds:
    """Read the annotations of the three parts, and note where the photographs lie."""
    folder = files.folder()
    pictures = [fields for part in PARTS for fields in _read_part(folder, part)]
    columns = {field: tuple(fields[field] for fields in pictures) for field in pictures[0]}
    images = Photographs(columns.pop("path"), columns.pop("shape"))
    return Crowds(images=images, part=np.array(columns.pop("part")), **columns)


def _read_part(folder: Path, part: str) -> list[dict[str, Any]]:
    """Read a part's annotations; its pictures are sorted by name."""
    path = folder / "json" / f"crowdpose_{PARTS[part]}.json"
    pictures, people = [], defaultdict(list)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        for person in content["annotations"]:
            people[person["image_id"]].append(person)
        for picture in sorted(content["images"], key=lambda picture: picture["file_name"]):
            shape = picture["height"], picture["width"]
            place = {"path": folder / "images" / picture["file_name"], "shape": shape}
            of_picture = marked_people(people[picture["id"]], len(bodies.JOINTS), shape)
            pictures.append({"part": part} | place | of_picture)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{path}: expected CrowdPose's JSON with images (file_name, id, height, width) and "
            f"annotations ({type(error).__name__}: {error})"
        ) from error
    return pictures


def sample() -> Crowds:
    """Draw twenty scenes, sixteen to train on and two for each other part."""
    scenes = bodies.scenes(20, 120, 160, people=(1, 4), seed=6)
    people = [drawn_people(*pair) for pair in zip(scenes.joints, scenes.masks, strict=True)]
    columns = {field: tuple(fields[field] for fields in people) for field in people[0]}
    part = np.repeat(list(PARTS), (16, 2, 2))
    return Crowds(images=tuple(scenes.images), part=part, **columns)

"""Pack the pets: published photographs become ``oxford_pets.npz``; see `data.core.published`.

It holds ``photographs`` (JPEG), ``names`` and ``parts`` (ASCII) of all pictures, ``heads``
(float32, NaN where no box is published), for the first pictures ``trimaps`` (PNG), and for the
others ``corners`` (float32), one outline after the other, with ``corner_counts``. Those of the
part "variety" stand last.
"""

import csv
import io
import xml.etree.ElementTree as ET
from pathlib import PurePosixPath

import numpy as np
from PIL import Image

from data.core import packed, published
from data.core.fetch import DataError
from data.core.published import Published
from data.oxford_pets import VARIETY

SIDE = 160  # pixels of the longer side
LABELS = "datasets/oxford-pets/data/sample_annotations"
SIDES = ("xmin", "ymin", "xmax", "ymax")


def pack(files: Published) -> bytes:
    """Return the content of the packed file."""
    rows = files.credits()
    names = [PurePosixPath(row["path"]).stem for row in rows]
    photographs, trimaps, outlines, heads = [], [], [], []
    boxes = variety_boxes(files, rows[-1]["repository"])
    for name, row in zip(names, rows, strict=True):
        repository = row["repository"]
        original = files.picture(repository, row["path"]).convert("RGB")
        size = smaller(original.size)
        photographs.append(published.jpeg(original.resize(size, Image.Resampling.LANCZOS)))
        if row["part"] == VARIETY:
            text = files.read(repository, f"{LABELS}/yolo/segmentation/labels/{name}.txt")
            outlines.append(np.float32(text.split()[1:]).reshape(-1, 2) * np.float32(size))
            head = boxes[name]
        else:
            trimap = files.picture(repository, f"trimaps/{name}.png")
            trimaps.append(published.png(np.array(trimap.resize(size, Image.Resampling.NEAREST))))
            head = head_box(files, repository, name)
        heads.append(head * (np.array(size) / original.size)[[0, 1, 0, 1]])
    return packed.arrays_as_bytes(
        **published.in_one("photographs", photographs),
        **published.in_one("trimaps", trimaps),
        corners=np.concatenate(outlines),
        corner_counts=np.array([len(outline) for outline in outlines], "<u2"),
        heads=np.float32(heads),
        names=np.array(names, "S"),
        parts=np.array([row["part"] for row in rows], "S"),
    )


def smaller(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size, (width, height), of a picture whose longer side is at most `SIDE`."""
    scale = min(1, SIDE / max(size))
    return round(scale * size[0]), round(scale * size[1])


def variety_boxes(files: Published, repository: str) -> dict[str, np.ndarray]:
    """Return the boxes of heads, (4,) in pixels, of the collection of many breeds."""
    table = files.read(repository, f"{LABELS}/csv/bboxes.csv").decode()
    rows = csv.DictReader(io.StringIO(table))
    return {row["image_name"]: np.array([float(row[side]) for side in SIDES]) for row in rows}


def head_box(files: Published, repository: str, name: str) -> np.ndarray:
    """Return the box of a head, (4,) in pixels; NaN where the set has none."""
    try:
        text = files.read(repository, f"annotations/xmls/{name}.xml").decode()
    except DataError:
        return np.full(4, np.nan)
    box = ET.fromstring(text).find("object/bndbox")
    if box is None:
        return np.full(4, np.nan)
    return np.array([float(str(box.findtext(side))) for side in SIDES])


if __name__ == "__main__":
    published.main("oxford_pets", pack)

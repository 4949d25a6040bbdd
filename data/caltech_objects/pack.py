"""Pack the objects: published pictures become ``caltech_objects.npz``. See `data.core.published`.

The columns ``person`` and ``part`` of ``credits.csv`` say who is shown, and which part a picture
is in. Boxes stand in the published tables.
"""

import csv

import numpy as np
from PIL import Image, ImageOps

from data.caltech_objects import CLASS_NAMES, PARTS
from data.core import packed, published
from data.core.published import Published

SIZE = 112  # pixels of the longer side


def pack(files: Published) -> bytes:
    """Return the content of ``caltech_objects.npz``, which ``data.caltech_objects.read`` describes.

    Pictures keep their shape: who needs squares squashes them, and boxes in shares stay right.
    """
    rows = files.credits()
    corners = {name: read_boxes(files, rows[0]["repository"], name) for name in CLASS_NAMES}
    pictures, boxes, labels = [], [], []
    for row in rows:
        name, file = row["path"].split("/")[-2:]
        picture = files.picture(row["repository"], row["path"]).convert("RGB")
        small = ImageOps.contain(picture, (SIZE, SIZE), Image.Resampling.LANCZOS)
        pictures.append(published.jpeg(small))
        boxes.append(np.array(corners[name][file]) / (*picture.size, *picture.size))
        labels.append(CLASS_NAMES.index(name))
    return packed.arrays_as_bytes(
        boxes=np.array(boxes, "<f4"),
        labels=np.array(labels, "u1"),
        person=np.array([row["person"] or 0 for row in rows]).astype("u1"),
        part=np.array([PARTS.index(row["part"]) for row in rows], "u1"),
        **published.in_one("images", pictures),
    )


def read_boxes(files: Published, repository: str, name: str) -> dict[str, list[int]]:
    """Return the box of each picture of a class: x1, y1, x2, y2 in pixels as published."""
    table = files.read(repository, f"dataset2/annotations/{name}.csv").decode()
    return {file: [int(n) for n in box] for file, *box, _ in csv.reader(table.splitlines())}


if __name__ == "__main__":
    published.main("caltech_objects", pack)

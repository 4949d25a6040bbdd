"""Pack the flowers: published pictures become ``flowers.npz``. See `data.core.published`.

``credits.csv`` lists the pictures that were chosen; its column ``part`` says for what.
"""

import numpy as np
from PIL import Image, ImageOps

from data.core import packed, published
from data.core.published import Published
from data.flowers import PARTS

SIZE = 160  # pixels
FOLDERS = ("daisy", "dandelion", "roses", "sunflowers", "tulips")  # in the order of the classes


def pack(files: Published) -> bytes:
    """Return the content of ``flowers.npz``, which ``data.flowers.read`` describes.

    Of each picture, the square in its middle is taken.
    """
    rows, pictures = files.credits(), []
    for row in rows:
        picture = files.picture(row["repository"], row["path"]).convert("RGB")
        square = ImageOps.fit(picture, (SIZE, SIZE), Image.Resampling.LANCZOS)
        pictures.append(published.jpeg(square))
    return packed.arrays_as_bytes(
        labels=np.array([FOLDERS.index(row["path"].split("/")[-2]) for row in rows], "u1"),
        part=np.array([PARTS.index(row["part"]) for row in rows], "u1"),
        **published.in_one("images", pictures),
    )


if __name__ == "__main__":
    published.main("flowers", pack)

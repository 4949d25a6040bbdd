"""Pack the hands: published pictures become ``sign_digits.npz``. See `data.core.published`.

The columns ``digit`` and ``person`` of ``credits.csv`` say what each picture shows.
"""

import numpy as np
from PIL import Image, ImageOps

from data.core import packed, published
from data.core.published import Published

SIZE = 64  # pixels


def pack(files: Published) -> bytes:
    """Return the content of ``sign_digits.npz``, which ``data.sign_digits.read`` describes."""
    rows = files.credits()
    pictures = [small(files.picture(row["repository"], row["path"])) for row in rows]
    return packed.arrays_as_bytes(
        labels=np.array([row["digit"] for row in rows]).astype("u1"),
        person=np.array([row["person"] for row in rows]).astype("u1"),
        **published.in_one("images", [published.jpeg(picture) for picture in pictures]),
    )


def small(picture: Image.Image) -> Image.Image:
    """Return a square picture at `SIZE`, turned as its camera notes: three lie on their side."""
    return ImageOps.exif_transpose(picture).resize((SIZE, SIZE), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    published.main("sign_digits", pack)

"""Pack the paintings. Run ``python -m data.paintings.pack CLONES``."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from data.core import packed, published
from data.core.published import Published

LONGER_SIDE = 512


def pack(files: Published) -> bytes:
    """Return the content of ``paintings.npz``: the scaled photographs as JPEG, and their names."""
    pictures, names = [], []
    for row in files.credits():
        whole = files.picture(row["repository"], row["path"]).convert("RGB")
        size = (LONGER_SIDE, LONGER_SIDE)
        pictures.append(published.jpeg(ImageOps.contain(whole, size, Image.Resampling.LANCZOS)))
        names.append(Path(row["path"]).stem)
    return packed.arrays_as_bytes(**published.in_one("images", pictures), names=np.array(names))


if __name__ == "__main__":
    published.main("paintings", pack)

"""Pack the X-rays and their lungs. Run ``python -m data.chest_xrays.pack CLONES``.

An X-ray and its mask are squashed to a square, because padding would spend a quarter of the pixels
on black. In the published masks lungs are 255 and everything else is 0; which lung is which follows
from the side on which it lies.
"""

import numpy as np
from PIL import Image
from scipy import ndimage

from data.chest_xrays import LEFT, RIGHT, SIDE
from data.core import packed, published
from data.core.cards import DataError
from data.core.published import Published

MASKS = "v7labs/covid-19-xray-dataset"


def pack(files: Published) -> bytes:
    """Return the content of ``chest_xrays.npz``: pictures as JPEG, lungs as PNG, names."""
    rows = files.credits()
    images, lungs = [], []
    for row in rows:
        xray = files.picture(row["repository"], row["path"]).convert("L")  # a few are RGB, of grey
        images.append(published.jpeg(xray.resize((SIDE, SIDE), Image.Resampling.LANCZOS)))
        lungs.append(published.png(labels(files.picture(MASKS, row["mask"]))))
    return packed.arrays_as_bytes(
        **published.in_one("images", images),
        **published.in_one("lungs", lungs),
        findings=np.array([row["finding"] for row in rows]),
        patients=np.array([row["patient"] for row in rows]),
        part=np.array([row["part"] for row in rows]),
    )


def labels(mask: Image.Image) -> np.ndarray:
    """Return the lungs of a published mask, (192, 192) uint8, as the record has them.

    A mask that does not have exactly two parts is a DataError.
    """
    parts, count = ndimage.label(np.asarray(mask) > 127, np.ones((3, 3)))
    if count != 2:
        raise DataError(f"expected a mask with two lungs, found {count} parts")
    columns = [middle[1] for middle in ndimage.center_of_mass(parts > 0, parts, (1, 2))]
    lungs = np.zeros((SIDE, SIDE), np.uint8)
    for label, part in zip((RIGHT, LEFT), np.argsort(columns) + 1, strict=True):
        share = Image.fromarray(255 * (parts == part).astype(np.uint8))
        lungs[np.asarray(share.resize((SIDE, SIDE), Image.Resampling.BOX)) >= 128] = label
    return lungs


if __name__ == "__main__":
    published.main("chest_xrays", pack)

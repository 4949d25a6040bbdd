"""Pack the portraits. Run ``python -m data.congress_portraits.pack CLONES``.

The published files have several sizes and aspects, which tell in which chamber somebody sits. From
each, the square below the upper edge is cut, as wide as the picture, and scaled to one size.
"""

import numpy as np
from PIL import Image

from data.congress_portraits import SIDE
from data.core import packed, published
from data.core.published import Published


def pack(files: Published) -> bytes:
    """Return the content of ``congress_portraits.npz``: pictures as JPEG, and who is shown."""
    rows = files.credits()
    people = [row for row in rows if row["picture"] == "1"]
    pictures = [files.picture(row["repository"], row["path"]) for row in rows]
    return packed.arrays_as_bytes(
        **published.in_one("images", [published.jpeg(square(picture)) for picture in pictures]),
        bioguide=np.array([row["bioguide"] for row in rows]),
        names=np.array([row["name"] for row in people]),
        gender=np.array([row["gender"] for row in people]),
    )


def square(picture: Image.Image) -> Image.Image:
    """Return the square below the upper edge of an upright picture, 160x160, RGB."""
    upper = picture.convert("RGB").crop((0, 0, picture.width, picture.width))
    return upper.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    published.main("congress_portraits", pack)

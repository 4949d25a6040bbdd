"""Write caltech_faces.npz: ``python -m data.caltech_faces.pack CLONES``.

``credits.csv`` says who is shown, and where the five points lie in the published picture.
"""

import numpy as np
from PIL import Image

from data.core import packed, published
from data.core.published import Published

SIDE = 160  # pixels of a packed picture


def pack(files: Published) -> bytes:
    """Return the content of the packed file."""
    images, landmarks, people = [], [], []
    for row in files.credits():
        picture = files.picture(row["repository"], row["path"]).convert("RGB")
        points = np.array(row["landmarks"].split(), float).reshape(5, 2)
        image, points = square(picture, points)
        images.append(published.jpeg(image))
        landmarks.append(points)
        people.append(int(row["person"]))
    return packed.arrays_as_bytes(
        **published.in_one("images", images),
        landmarks=np.array(landmarks, "<f4"),
        person=np.array(people, np.uint8),
    )


def square(picture: Image.Image, points: np.ndarray) -> tuple[Image.Image, np.ndarray]:
    """Return the largest square of a picture, as near to its face as can be, of SIDE pixels.

    The points, (5, 2) with x and y in pixels, come back in pixels of the square.
    """
    side = min(picture.size)
    most = np.array(picture.size) - side
    corner = np.clip(np.round(points.mean(axis=0) - side / 2), 0, most).astype(int)
    box = (*corner.tolist(), *(corner + side).tolist())
    cut = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=box)
    return cut, (points - corner + 0.5) * SIDE / side - 0.5


if __name__ == "__main__":
    published.main("caltech_faces", pack)

"""Photographs to colour: ten to train on, eight grey ones to try, three more in colour."""

from dataclasses import dataclass

import cv2
import numpy as np

from data.core import pictures
from data.core.fetch import Files
from data.core.record import Record, check_part
from data.shipped_photographs import photograph

SIDE = 256
FOLDERS = {"train": "Full-version/Train", "test": "Full-version/Test", "new": "Alpha-version"}
SHIPPED = {
    "train": ("cat", "china", "coffee", "flower", "hubble", "retina", "rocket", "tissue"),
    "test": ("coins", "photographer"),
    "new": ("astronaut", "grace_hopper"),
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Colorization(Record):
    """Pictures of 256x256, some of them without colour."""

    images: np.ndarray  # (n, 256, 256, 3) uint8 RGB
    # (n,) str: "train", the ten to learn from; "test", which are grey photographs, so that nobody
    # knows their colours; "new", in colour, which nothing is trained on
    part: np.ndarray
    names: tuple[str, ...]  # of the files, sorted within a part, without their ending

    def of(self, part: str) -> np.ndarray:
        """Return the pictures of "train", "test" or "new", (n, 256, 256, 3) uint8."""
        return self.images[self.part == check_part(part, tuple(FOLDERS))]


def read(files: Files) -> Colorization:
    """Read the photographs of the three folders; those of another size are brought to 256x256.

    A folder without a picture, or a photograph that cannot be read, is a DataError that names it.
    """
    root = files.folder()
    rows = [
        (part, path)
        for part, folder in FOLDERS.items()
        for path in pictures.pictures_in(root / folder)
    ]
    return Colorization(
        images=np.stack([_square(pictures.read(path)) for _, path in rows]),
        part=np.array([part for part, _ in rows]),
        names=tuple(path.stem for _, path in rows),
    )


def sample() -> Colorization:
    """Take shipped photographs in their place: eight without people, two taken in grey, two more.

    Their middle squares; the two of the part "new" are portraits.
    """
    shown = [(part, name) for part, names in SHIPPED.items() for name in names]
    return Colorization(
        source="shipped",
        images=np.stack([_square(photograph(name)) for _, name in shown]),
        part=np.array([part for part, _ in shown]),
        names=tuple(name for _, name in shown),
    )


def _square(image: np.ndarray) -> np.ndarray:
    """Return the middle square of a picture, grey or in colour, as (256, 256, 3) uint8."""
    side = min(image.shape[:2])
    top, left = ((length - side) // 2 for length in image.shape[:2])
    square = image[top : top + side, left : left + side]
    return pictures.as_rgb(cv2.resize(square, (SIDE, SIDE), interpolation=cv2.INTER_AREA))

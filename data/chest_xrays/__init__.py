"""X-rays of children's chests, and which pixels lie on which lung."""

from dataclasses import dataclass

import numpy as np

from data.core import packed, published
from data.core.fetch import Files
from data.core.record import Record, check_part

SIDE = 192
BACKGROUND, RIGHT, LEFT = range(3)
FINDINGS = ("normal", "bacteria", "virus")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LungXrays(Record):
    """X-rays of the chest from the front, one a child, in parts."""

    images: np.ndarray  # (300, 192, 192) uint8, grey; what absorbs is bright
    # (300, 192, 192) uint8: 0 background, 1 the child's right lung, which lies on the left of the
    # picture, 2 the left lung; what lies behind the heart counts, and so does a clouded lung
    lungs: np.ndarray
    findings: np.ndarray  # (300,) str, "normal", or the cause of a pneumonia: "bacteria", "virus"
    patients: np.ndarray  # (300,) str, each another
    part: np.ndarray  # (300,) str: 180 "train", 60 "validation", 60 "test", findings alike

    def split(self, part: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the X-rays and lungs of a part; one that is not there is a ValueError."""
        chosen = self.part == check_part(part, np.unique(self.part))
        return self.images[chosen], self.lungs[chosen]


def read(files: Files) -> LungXrays:
    """Read the 300 X-rays out of the packed file, which `data.chest_xrays.pack` makes."""
    arrays = packed.read_arrays(files.entry)
    images, lungs = (np.stack(published.unpacked(arrays, name)) for name in ("images", "lungs"))
    names = {name: arrays[name] for name in ("findings", "patients", "part")}
    return LungXrays(images=images, lungs=lungs, **names)

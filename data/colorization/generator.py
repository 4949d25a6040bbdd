"""The sample: drawn scenes of which shape and texture tell most colours."""

from __future__ import annotations

import numpy as np

from data.kit import coloured
from data.kit.palette import LUMA

SIDE = 256
COUNTS = {"train": 10, "test": 8, "new": 12}


def pictures(seed: int = 0) -> dict[str, np.ndarray]:
    """Return "images", (30, 256, 256, 3) uint8; those of the test part are grey."""
    images = coloured.scenes(sum(COUNTS.values()), SIDE, seed=1000 + seed).images
    test = slice(COUNTS["train"], COUNTS["train"] + COUNTS["test"])
    images[test] = np.round(images[test] @ LUMA)[..., None].astype(np.uint8)
    return {"images": images}

"""Pictures of drawn hands that show 0 to 5, in three parts."""

import numpy as np

from data.core.progress import counted
from drawing.hands import draw

CLASSES = 6
COUNTS = {"train": 720, "val": 120, "test": 120}
COPIES = 6  # so many pictures of the test part are copies of training pictures, as in the real set


def hands(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw all parts of the sample; a picture depends on the seed and its number alone.

    Returns "images" (960, 64, 64, 3) uint8 and "labels" (960,) int64, 0 to 5 in turn.
    """
    count = sum(COUNTS.values())
    labels = np.arange(count) % CLASSES
    numbers = np.arange(count)
    zeros = np.flatnonzero(labels == 0)  # the real set repeats some of its zeros in its test part
    numbers[zeros[zeros >= count - COUNTS["test"]][:COPIES]] = zeros[:COPIES]
    followed = counted(numbers, count, f"drawing {count:,} hands")
    images = np.stack([draw(seed, int(i), int(i) % CLASSES) for i in followed])
    return {"images": images, "labels": labels}

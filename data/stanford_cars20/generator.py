"""Pictures of the twenty drawn models of cars, the same number of each."""

import numpy as np

from data.core.progress import counted
from drawing.cars import MODELS, draw

TRAIN, TEST = 16, 10  # pictures a model


def cars(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw all pictures of the sample; each depends on the seed, its model and its number alone.

    Returns "images" (520, 250, 250, 3) uint8, the models in turn, and "labels" (520,) int64.
    """
    each = TRAIN + TEST
    count = len(MODELS) * each
    pictures = counted(np.ndindex(len(MODELS), each), count, f"drawing {count:,} cars")
    images = [draw(seed, number, k) for number, k in pictures]
    order = np.arange(len(images)).reshape(len(MODELS), each).T.ravel()
    return {"images": np.stack(images)[order], "labels": order // each}

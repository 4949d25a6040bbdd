"""Drawn roads for the samples of detection sets: drawn once, then kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.core import samples
from data.kit import roads


def roads_of(
    name: str, count: int, size: tuple[int, int], objects: tuple[int, int], seed: int
) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Draw roads, or take those that were drawn before, as the sample of the set ``name``.

    ``count``, ``size`` and ``objects`` are those of ``data.kit.roads.scenes``. Returns images
    (count, h, w, 3) and masks (count, h, w) uint8, k + 1 where object k is seen, and of each
    picture boxes (k, 4) float32 and labels (k,) int64 of the kit, 0 to 2.
    """

    def draw() -> dict[str, np.ndarray]:
        drawn = roads.scenes(count, *size, objects=objects, seed=seed)
        return {
            "images": drawn.images,
            "masks": drawn.masks,
            "boxes": np.concatenate(drawn.boxes).astype(np.float32),
            "labels": np.concatenate(drawn.labels).astype(np.int64),
            "ends": np.cumsum([len(one) for one in drawn.boxes])[:-1],
        }

    told = (count, *size, *objects, seed)
    found = samples.cached_arrays(name, draw, *told, also=[Path(__file__)])
    boxes, labels = (tuple(np.split(found[key], found["ends"])) for key in ("boxes", "labels"))
    return found["images"], found["masks"], boxes, labels

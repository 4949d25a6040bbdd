"""Drawn roads for the samples of detection sets: drawn once, then kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.core import kept
from data.kit import roads


def roads_of(
    name: str, count: int, size: tuple[int, int], objects: tuple[int, int], seed: int
) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Draw roads, or take those that were drawn before.

    Parameters
    ----------
    name : str
        Of the set that they are the sample of.
    count, size, objects, seed
        Pictures, height and width of each, fewest and most objects in each, as of
        ``data.kit.roads.scenes``.

    Returns
    -------
    images : np.ndarray
        (count, height, width, 3) uint8.
    masks : np.ndarray
        (count, height, width) uint8: k + 1 where object k is seen.
    boxes, labels : tuple of np.ndarray
        (k, 4) float32 and (k,) int64 a picture; the labels are those of the kit, 0 to 2.
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
    found = kept.arrays(name, draw, *told, also=[Path(__file__)])
    boxes, labels = (tuple(np.split(found[key], found["ends"])) for key in ("boxes", "labels"))
    return found["images"], found["masks"], boxes, labels

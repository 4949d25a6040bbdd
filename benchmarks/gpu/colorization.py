"""Notebook 10/03: the report's ten photographs at 256x256, in full width, for 1000 epochs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import onjax

NOTEBOOK = "10_attributes_color/03_image_colorization"
CELLS = (
    "imports",
    "settings",
    "given-xyz",
    "rgb-to-lab-channels",
    "there-and-back",
    "generator-2",
)
NETWORK_CELLS = (
    "fuse-embedding",
    "all-layers-2",
    "train-3",
    "train-2:learned_from",
    "own-look",
)


class OutOfTime(Exception):
    """What is not trained any more."""


def smaller(images: np.ndarray, side: int) -> np.ndarray:
    """Return the pictures as the notebook's cell makes them of a side."""
    size = dict(dsize=(side, side), interpolation=cv2.INTER_AREA)
    return np.stack([cv2.resize(one, **size) for one in images])


class Timed:
    """The notebook's training, with its batches made ahead, and its clock."""

    def __init__(self, space: dict[str, Any], limit: float):
        self.space, self.limit = space, limit
        own = space["data"].load("colorization")
        self.sides = {side: smaller(own.of("train"), side) for side in (256, 64)}
        self.batches, self.lab_of = space["batches"], space["lab_of"]
        self.ahead = onjax.Ahead(self.one_batch)
        onjax.cells(NOTEBOOK, NETWORK_CELLS, space)
        assert space["whole"].count_params() == 6_541_202
        self.train, self.runs, self.labs = space["learned_from"], [], {}
        space |= dict(batches=self.made_ahead, lab_of=self.remembered, learned_from=self.timed)

    def one_batch(self, side: int, looks: np.ndarray, seed: tuple) -> Any:
        """Return one batch as the notebook makes it, from a seed of its own."""
        return next(self.batches(self.sides[side], looks, np.random.default_rng(seed)))

    def made_ahead(self, images: np.ndarray, looks: np.ndarray, rng: Any) -> Iterator:
        """Yield batches without end, each made by another process."""
        side = images.shape[1]
        assert np.array_equal(images, self.sides[side])
        first = int(rng.integers(2**31))
        return self.ahead.stream((side, looks, (first, step)) for step in range(10**9))

    def remembered(self, images: np.ndarray) -> tuple:
        """Return what `lab_of` does, computed once for the same pictures."""
        key = images.shape, images.tobytes()[:: max(1, images.size // 4096)]
        if key not in self.labs:
            self.labs[key] = self.lab_of(images)
        return self.labs[key]

    def timed(self, parts: dict, epochs: int, seed: int, width: float) -> tuple:
        """Train as the notebook does; keep its seconds, and what the cell has found before."""
        self.keep()
        if time.perf_counter() - onjax.BEGAN > self.limit:
            raise OutOfTime
        began = time.perf_counter()
        network, curves = self.train(parts, epochs, seed, width)
        seconds = time.perf_counter() - began
        side = parts["trained on"][0].shape[1]
        self.runs.append(dict(side=side, epochs=epochs, seconds=seconds, curves=curves))
        onjax.tell(
            side, epochs, "epochs", round(seconds, 1), {k: v[-1:] for k, v in curves.items()}
        )
        self.keep()
        return network, curves

    def keep(self) -> None:
        """Write what is known."""
        scored = self.space.get("scored", {})
        onjax.keep("colorization", runs=self.runs, errors=scored, look=self.space["OWN"])


def main(*, short: bool = False, limit: float = 1e9) -> None:
    """Run the notebook's cell on the ten with 1000 epochs at both sizes, the larger one first."""
    space = onjax.cells(NOTEBOOK, CELLS)
    clock = Timed(space, limit)
    changes = {"width=1.0": "width=1 / 64"} if short else None
    space["settings"].report = (10, 50) if short else (1000, 1000)
    try:
        onjax.cells(NOTEBOOK, ("own-ten-2",), space, changes)
    except OutOfTime:
        onjax.tell("no time for the smaller size")
    clock.keep()
    onjax.tell(space["scored"])
    clock.ahead.close()


if __name__ == "__main__":
    main(short="--short" in sys.argv, limit=float(os.environ.get("LIMIT", "1e9")))

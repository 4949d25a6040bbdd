"""Notebook 02/02: its three networks on three folds of real X-rays, 30 epochs each."""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import onjax

NOTEBOOK = "02_segmentation_pose/02_deeplabv3_chest_xray"
TITLE = "deeplabv3-lungs-in-chest-x-rays-looked-a"
CELLS = (
    f"{TITLE}-2",
    f"{TITLE}-4",
    "look-at-the-data-2",
    "two-lungs",
    "training-2",
    "training-3",
)
NETWORK_CELLS = (
    "receptive-field",
    "atrous-spatial-pyramid-pooling-2",
    "aspp-branches",
    "atrous-spatial-pyramid-pooling-3",
    "the-lesson-s-network-2",
    "the-lesson-s-network-3",
    "the-lesson-s-network-4",
    "the-lesson-s-network-5",
    "the-lesson-s-network-6",
    "unet",
    "training-5",
    "training-6",
    "training-8",
    "two-lungs-and-nothing-else-3",
)


class Folds:
    """The notebook's trainings, with their batches made ahead, and their clock."""

    def __init__(self, space: dict[str, Any]):
        self.space, self.runs = space, []
        self.own = own = space["Augmented"]
        self.ahead = onjax.Ahead(self.one_batch)
        onjax.cells(NOTEBOOK, NETWORK_CELLS, space)
        self.fit, self.shares = space["fit"], space["shares"]
        folds = self

        class MadeAhead(own):
            """The notebook's batches, in its order, each moved by a process of its own."""

            def __init__(self, indices: np.ndarray, batch: int, seed: int):
                super().__init__(indices, batch, seed)
                self.stream = folds.ahead.stream(self.tasks(seed))

            def tasks(self, seed: int) -> Any:
                for epoch in range(10**9):
                    order = self.rng.permutation(self.indices)
                    for k in range(len(self)):
                        chosen = order[k * self.batch : (k + 1) * self.batch]
                        yield chosen, (seed, epoch, k)

            def __getitem__(self, k: int) -> tuple:
                return next(self.stream)

        space |= dict(Augmented=MadeAhead, fit=self.timed, shares=self.judged)

    def one_batch(self, chosen: np.ndarray, seed: tuple) -> tuple:
        """Return one batch as the notebook makes it, from a seed of its own."""
        batches = self.own(chosen, len(chosen), 0)
        batches.order, batches.rng = chosen, np.random.default_rng(seed)
        return batches[0]

    def timed(self, network: Any, train: Any, seed: int, bar: Any, epochs: int) -> list:
        """Train as the notebook does, and keep the seconds."""
        began = time.perf_counter()
        losses = self.fit(network, train, seed, bar, epochs)
        run = dict(fold=seed, epochs=epochs, seconds=time.perf_counter() - began, loss=losses)
        run |= dict(parameters=network.count_params(), steps=epochs * (len(train) // 8))
        self.runs.append(run)
        return losses

    def judged(self, network: Any, images: np.ndarray) -> np.ndarray:
        """Return the notebook's shares; when a fold's last are there, its Dice is kept."""
        found = self.shares(network, images)
        said = self.space["said"]
        self.keep()
        run = self.runs[-1]
        if len(said) % 3 == 2:  # the third part of a network: its test
            name = list(self.space["NETWORKS"])[len(said) // 3 % 3]
            said[name, run["fold"], "test"] = found
            run |= dict(network=name) | measures(self.space, name, run["fold"])
            self.keep()
            brief = {k: v for k, v in run.items() if k != "loss"}
            onjax.tell(brief, run["loss"][0], run["loss"][-1])
        return found

    def keep(self) -> None:
        """Write what is known."""
        onjax.keep("chest_xray", runs=self.runs, xrays=len(self.space["xrays"].names))


def measures(space: dict[str, Any], name: str, fold: int) -> dict[str, Any]:
    """Return the notebook's Dice of the test X-rays, plain and as its fold chooses, and the IoU."""
    import itertools

    plain, truth = space["dice_of"]((name, fold, "test")), space["indices"](fold, "test")
    tries = itertools.product((False, True), space["LEVELS"])
    tried = {c: space["dice_of"]((name, fold, "choose"), *c).mean() for c in tries}
    chosen = max(tried, key=tried.get)
    best = space["dice_of"]((name, fold, "test"), *chosen)
    return dict(dice=plain.mean(), iou=(plain / (2 - plain)).mean(), n=len(truth),
                best_dice=best.mean(), best_iou=(best / (2 - best)).mean(),
                pieces=chosen[0], level=chosen[1])  # fmt: skip


def main(*, short: bool = False) -> None:
    """Run the notebook's cell that trains all of them."""
    space = onjax.cells(NOTEBOOK, CELLS, changes={"OWN = 0": f"OWN = {1 if short else 30}"})
    if short:
        space["settings"].folds = 1
        split = space["xrays"].split
        object.__setattr__(space["xrays"], "split", lambda f: [v[:16] for v in split(f)])
    folds = Folds(space)
    onjax.cells(NOTEBOOK, ("training-folds",), space)
    folds.ahead.close()


if __name__ == "__main__":
    main(short="--short" in sys.argv)

"""Small companions of ``model.fit``: one progress bar, and the same model trained again."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from utils.progress import bar


def progress(description: str = "training", total: int | None = None) -> keras.callbacks.Callback:
    """Return a callback with one bar for a whole fit, or for several; pass it to each of them.

    ``total`` counts the epochs of all fits together; those of the one fit if it is not given.
    """
    return _Progress(description, total)


class _Progress(keras.callbacks.Callback):
    def __init__(self, description: str, total: int | None) -> None:
        super().__init__()
        self.description, self.total = description, total
        self.bar: Any = None  # a tqdm from the first epoch on

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        # Left to the first step, the optimizer's variables are made while TensorFlow traces the
        # step, which is then traced a second time: that can take longer than the first epoch.
        if self.model.built and not self.model.optimizer.built:
            self.model.optimizer.build(self.model.trainable_variables)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.left = self.params["epochs"] - epoch  # of this fit, if nothing stops it
        if self.bar is None:
            self.bar = bar(self.total or self.left, self.description, unit="epoch")
            self.bar.update(epoch if self.total else 0)  # done before, where a training goes on

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        shown = {k: v for k, v in (logs or {}).items() if k in ("loss", "val_loss", "accuracy")}
        self.bar.set_postfix({k: f"{float(v):.4f}" for k, v in shown.items()}, refresh=False)
        self.bar.update(1)
        self.left -= 1

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        if self.bar is None:
            return
        self.bar.total -= self.left  # what an early stop leaves out does not come any more
        if self.bar.n >= self.bar.total:
            self.bar.close()
            self.bar = None


def restart(model: keras.Model, weights: Sequence[np.ndarray]) -> None:
    """Prepare a compiled model for another training, without compiling it again.

    The model gets ``weights``, a list as from ``get_weights``. The optimizer forgets its steps and
    its averages of gradients, and keeps its learning rate. Compiling again would trace the training
    step once more, which often takes longer than a short training.
    """
    model.set_weights(weights)
    for variable in model.optimizer.variables:
        if variable.name != "learning_rate":
            variable.assign(keras.ops.zeros_like(variable))

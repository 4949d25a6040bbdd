"""Small companions of ``model.fit``: one progress bar, a stop at NaN, timing, exact resumption.

What Keras has is used as it is: ``keras.callbacks.EarlyStopping(restore_best_weights=True)`` keeps
the best weights, ``keras.callbacks.BackupAndRestore`` is enough where the order of the batches
need not be the same after an interruption.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from utils import _start
from utils._files import write_text
from utils.progress import bar


def progress(description: str = "training", total: int | None = None) -> keras.callbacks.Callback:
    """Return a callback with one bar for a whole fit, or for several; pass it to each of them.

    In a notebook the bar lives in one output and ends as one line without figures, so that a
    repeated run leaves the same output behind.

    Parameters
    ----------
    description : str
        Stands before the bar.
    total : int, optional
        Epochs in all fits together; the epochs of the one fit if not given.
    """
    return _Progress(description, total)


class _Companion(keras.callbacks.Callback):
    """Builds the optimizer before the first step.

    Left to the step itself, its variables are made while TensorFlow traces the step, which is then
    traced a second time: for a network of some depth that takes longer than the first epoch.
    """

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        if self.model.built and not self.model.optimizer.built:
            self.model.optimizer.build(self.model.trainable_variables)


class _Progress(_Companion):
    def __init__(self, description: str, total: int | None) -> None:
        super().__init__()
        self.description, self.total = description, total
        self.bar: Any = None  # a tqdm from the first epoch on

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        if self.bar is None:
            total = self.total or self.params["epochs"] - epoch
            self.bar = bar(total, self.description, unit="epoch")

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        shown = {k: v for k, v in (logs or {}).items() if k in ("loss", "val_loss", "accuracy")}
        self.bar.set_postfix({k: f"{float(v):.4f}" for k, v in shown.items()}, refresh=False)
        self.bar.update(1)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        if self.total is None or self.bar.n >= self.total:
            self.bar.close()
            self.bar = None


class LossNotFinite(FloatingPointError):
    """The loss became NaN or infinite."""


def stop_on_nan() -> keras.callbacks.Callback:
    """Return a callback that raises ``LossNotFinite`` with the step and a likely cause.

    ``keras.callbacks.TerminateOnNaN`` ends the training without a word.
    """
    return _StopOnNaN()


class _StopOnNaN(_Companion):
    def __init__(self) -> None:
        super().__init__()
        self.epoch = 0
        self.finite: list[float] = []  # the losses that were reported before

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        loss = float((logs or {}).get("loss", 0.0))
        if math.isfinite(loss):
            self.finite.append(loss)
            return
        steps = self.params.get("steps")
        place = f"epoch {self.epoch + 1}, step {batch + 1}" + (f" of {steps}" if steps else "")
        raise LossNotFinite(f"The loss is {loss} in {place}. {self._cause()}")

    def _cause(self) -> str:
        rate = float(self.model.optimizer.learning_rate)
        if not self.finite:
            return (
                "It was never finite: look for NaN or infinity in the inputs or targets, for "
                f"inputs that are not scaled, or for a far too high learning rate ({rate:g})."
            )
        last, least = self.finite[-1], min(self.finite)
        if last > 2 * least:
            return (
                f"Before, it grew from {least:.4g} to {last:.4g}: the learning rate ({rate:g}) is "
                "probably too high; try a tenth of it, or clip the gradient (clipnorm=1.0)."
            )
        return (
            f"Before, it was {last:.4g} and did not grow: look for NaN in single samples, or for a "
            "logarithm, root or division of zero in the loss."
        )


def check_finite(
    losses: Mapping[str, Sequence[float]], *, learning_rate: float | None = None
) -> None:
    """Raise ``LossNotFinite`` if a loop of one's own has come to a loss that is no number.

    Call it after every step; ``stop_on_nan`` does the same for ``model.fit``.

    Parameters
    ----------
    losses : mapping of str to sequence of float
        Name of a loss, and its values of all steps so far, the last one included.
    learning_rate : float, optional
        Named in the likely cause.

    Raises
    ------
    LossNotFinite
        With the loss, the step (counted from 1) and a likely cause.
    """
    wrong = [name for name, values in losses.items() if not math.isfinite(values[-1])]
    if not wrong:
        return
    values = losses[wrong[0]]
    also = f" (as is that of the {', '.join(wrong[1:])})" if wrong[1:] else ""
    place = f"The loss of the {wrong[0]} is {float(values[-1])} in step {len(values)}{also}."
    raise LossNotFinite(f"{place} {_why_not_finite(values[:-1], learning_rate)}")


def _why_not_finite(before: Sequence[float], rate: float | None) -> str:
    """Guess from the losses before; those of two opponents jump, so compare with the usual one."""
    named = "the learning rate" if rate is None else f"the learning rate ({rate:g})"
    if len(before) == 0:
        return (
            f"It was never finite: look for NaN or infinity in the inputs or weights, or try a "
            f"tenth of {named}."
        )
    last, usual = float(before[-1]), float(statistics.median(map(float, before[-50:])))
    if last > 10 * max(usual, 1e-3):
        return (
            f"Before, it grew from {usual:.4g} to {last:.4g}: {named} is probably too high; try a "
            "tenth of it, or clip the gradient (clipnorm=1.0)."
        )
    return (
        f"Before, it was {last:.4g} and did not explode: look for NaN in single samples or in the "
        "weights, or for a logarithm, root or division of zero in the loss."
    )


def fit_resumable(
    model: keras.Model,
    x: Any,
    y: Any,
    *,
    epochs: int,
    folder: str | Path,
    seed: int = 0,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    **options: Any,
) -> dict[str, list[float]]:
    """Train with a checkpoint after each epoch; called again, go on to the very same curve.

    Each epoch draws its order of batches and its dropout from a seed of its own; the checkpoint
    holds the weights and the optimizer's state. (``BackupAndRestore`` keeps these too, but goes on
    with other random numbers than an uninterrupted training.)

    Parameters
    ----------
    model : keras.Model
        Built and compiled, with the same layers in every call.
    x, y : array
        Passed to ``model.fit``, with ``options`` such as ``batch_size``.
    epochs : int
        Epochs of the whole training.
    folder : str or Path
        Where the checkpoint is kept (`checkpoint_folder`); another one begins another training.

    Returns
    -------
    dict of str to list of float
        The history of all epochs, those before an interruption included.

    Raises
    ------
    ValueError
        If the folder holds a longer training than is asked for.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    done, history = _restore(model, folder)
    if done > epochs:
        raise ValueError(
            f"{folder} holds a training of {done} epochs, and epochs={epochs} is asked for; "
            "name another folder, or delete it to begin anew."
        )
    for epoch in range(done, epochs):
        _seed_epoch(model, seed, epoch)
        part = model.fit(
            x, y, initial_epoch=epoch, epochs=epoch + 1, callbacks=list(callbacks), **options
        )
        for name, values in part.history.items():
            history.setdefault(name, []).extend(map(float, values))
        _keep(model, folder, epoch + 1, history)
    return history


def checkpoint_folder(name: str) -> Path:
    """Return a place below ``build/`` for the checkpoint of an interrupted training."""
    return _start.build_folder() / "training" / name


def _seed_epoch(model: keras.Model, seed: int, epoch: int) -> None:
    """Seed the order of the batches, and what the layers draw (they count from their making)."""
    keras.utils.set_random_seed(seed + epoch)
    states = [v for v in model.variables if v.name == "seed_generator_state"]
    for i, state in enumerate(states):
        drawn = np.random.default_rng([seed, epoch, i]).integers(2**31)
        state.assign(np.array([drawn, 0]))


def _restore(model: keras.Model, folder: Path) -> tuple[int, dict[str, list[float]]]:
    """Load the checkpoint into the model; return its epochs and history (0 and none without)."""
    state = folder / "state.json"
    if not state.exists():
        return 0, {}
    content = json.loads(state.read_text(encoding="utf-8"))
    model.optimizer.build(model.trainable_variables)  # so that its state finds its place
    model.load_weights(folder / content["weights"])
    return content["epoch"], content["history"]


def _keep(model: keras.Model, folder: Path, epoch: int, history: dict[str, list[float]]) -> None:
    """Write weights under a new name, then point to them: an interruption loses one epoch."""
    weights = f"epoch_{epoch:05d}.weights.h5"
    model.save_weights(folder / weights, overwrite=True)
    content = {"epoch": epoch, "weights": weights, "history": history}
    write_text(folder / "state.json", json.dumps(content))
    for old in folder.glob("epoch_*.weights.h5"):
        if old.name != weights:
            old.unlink()

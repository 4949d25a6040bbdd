"""Small companions of ``model.fit``: one progress bar, a stop at NaN, timing, exact resumption.

What Keras has is used as it is: ``EarlyStopping(restore_best_weights=True)`` keeps the best
weights, ``BackupAndRestore`` is enough where the order of the batches may change.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import keras
import numpy as np

from data.core.files import build_folder, write_text
from utils.progress import bar


def progress(description: str = "training", total: int | None = None) -> keras.callbacks.Callback:
    """Return a callback with one bar for a whole fit, or for several; pass it to each of them.

    ``total`` counts the epochs of all fits together; those of the one fit if it is not given.
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
        self.losses: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self.losses.append(float((logs or {}).get("loss", 0.0)))
        if math.isfinite(self.losses[-1]):
            return
        steps = self.params.get("steps")
        place = f"epoch {self.epoch + 1}, step {batch + 1}" + (f" of {steps}" if steps else "")
        rate, *before = float(self.model.optimizer.learning_rate), *self.losses[:-1]
        cause = _why_not_finite(before, rate, usual=min(before, default=0), factor=2)
        raise LossNotFinite(f"The loss is {self.losses[-1]} in {place}. {cause}")


def check_finite(
    losses: Mapping[str, Sequence[float]], *, learning_rate: float | None = None
) -> None:
    """Raise ``LossNotFinite`` if a loop of one's own has come to a loss that is no number.

    Call it after every step with the values of all steps so far of each loss, by name; the message
    has the step (counted from 1) and a likely cause, in which the learning rate is named if it is
    given. ``stop_on_nan`` does the same for ``model.fit``.
    """
    wrong = [name for name, values in losses.items() if not math.isfinite(values[-1])]
    if not wrong:
        return
    values = losses[wrong[0]]
    also = f" (as is that of the {', '.join(wrong[1:])})" if wrong[1:] else ""
    place = f"The loss of the {wrong[0]} is {float(values[-1])} in step {len(values)}{also}."
    before = [float(value) for value in values[:-1]]
    # those of two opponents jump, so compare with the usual one
    usual = max(statistics.median(before[-50:]), 1e-3) if before else 0
    cause = _why_not_finite(before, learning_rate, usual=usual, factor=10)
    raise LossNotFinite(f"{place} {cause}")


def _why_not_finite(
    before: Sequence[float], rate: float | None, *, usual: float, factor: float
) -> str:
    """Guess from the losses before, of which the last may be many times the usual one."""
    named = "the learning rate" if rate is None else f"the learning rate ({rate:g})"
    if not before:
        return (
            "It was never finite: look for NaN or infinity in the inputs, targets or weights, for "
            f"inputs that are not scaled, or for a far too high rate: try a tenth of {named}."
        )
    if before[-1] > factor * usual:
        return (
            f"Before, it grew from {usual:.4g} to {before[-1]:.4g}: {named} is probably too high; "
            "try a tenth of it, or clip the gradient (clipnorm=1.0)."
        )
    return (
        f"Before, it was {before[-1]:.4g} and did not explode: look for NaN in single samples or "
        "in the weights, or for a logarithm, root or division of zero in the loss."
    )


def fit_resumable(
    model: keras.Model, x: Any, y: Any, *, epochs: int, folder: str | Path, seed: int = 0,
    callbacks: Sequence[keras.callbacks.Callback] = (), **options: Any
) -> dict[str, list[float]]:  # fmt: skip
    """Train with a checkpoint after each epoch; called again, go on to the very same curve.

    Each epoch draws its order of batches and its dropout from a seed of its own; the checkpoint
    holds the weights and the optimizer's state. (``BackupAndRestore`` keeps these too, but goes on
    with other random numbers than an uninterrupted training.) To the callbacks it is one training;
    ``EarlyStopping`` and ``ReduceLROnPlateau`` remember the epochs before an interruption.

    The model is built and compiled, with the same layers in every call; ``x``, ``y`` and
    ``options`` such as ``batch_size`` go to ``model.fit``. The checkpoint is kept in ``folder``
    (`checkpoint_folder`): ValueError if it holds a training of more ``epochs``, or of other data
    (of what is no array, only the type is known) or settings. Returns the history of all epochs.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    settings = _settings(model, x=x, y=y, seed=seed, **options)
    done, history = _read(folder, epochs, settings)
    one = _OneTraining(callbacks, model, epochs)
    model.stop_training = False
    super(_OneTraining, one).on_train_begin()
    _restore(one, folder, done, history)
    for epoch in range(done, epochs):
        if model.stop_training:
            break
        _seed_epoch(model, seed, epoch)
        part = model.fit(x, y, initial_epoch=epoch, epochs=epoch + 1, callbacks=[one], **options)
        for name, values in part.history.items():
            history.setdefault(name, []).extend(map(float, values))
        _keep(one, folder, {"epoch": epoch + 1, "settings": settings, "history": history})
    super(_OneTraining, one).on_train_end()
    return history


def checkpoint_folder(name: str) -> Path:
    """Return a place below ``build/`` for the checkpoint of an interrupted training."""
    return build_folder() / "training" / name


class _OneTraining(keras.callbacks.CallbackList):
    """Callbacks for which the fits of single epochs are one training: it begins and ends once."""

    def __init__(self, callbacks: Sequence[Any], model: keras.Model, epochs: int) -> None:
        self.epochs = epochs
        super().__init__(list(callbacks), model=model)
        kinds = (keras.callbacks.EarlyStopping, keras.callbacks.ReduceLROnPlateau)
        self.remembering = [one for one in callbacks if isinstance(one, kinds)]

    def set_params(self, params: dict[str, Any]) -> None:
        super().set_params(params | {"epochs": self.epochs})

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        for callback in self.callbacks:  # with one dict, in which some leave the learning rate
            callback.on_epoch_end(epoch, logs)

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None: ...

    def on_train_end(self, logs: dict[str, float] | None = None) -> None: ...


def _seed_epoch(model: keras.Model, seed: int, epoch: int) -> None:
    """Seed the order of the batches, and what the layers draw (they count from their making)."""
    # No epoch of one seed draws what an epoch of another does. Of seed 0 they are seeded with 0, 1,
    # 2, ..., with which the results that the course keeps were drawn.
    keras.utils.set_random_seed((seed << 16 | epoch) % 2**32)
    states = [v for v in model.variables if v.name == "seed_generator_state"]
    for i, state in enumerate(states):
        drawn = np.random.default_rng([seed, epoch, i]).integers(2**31)
        state.assign(np.array([drawn, 0]))


def _settings(model: keras.Model, verbose: Any = None, **given: Any) -> dict[str, str]:
    """Return in short what a training is made of, to be compared with another's."""
    given["loss"] = getattr(model.loss, "name", getattr(model.loss, "__name__", model.loss))
    given["layers"] = [list(weight.shape) for weight in model.weights]
    given |= model.optimizer.get_config() | {"name": type(model.optimizer).__name__}
    told = {name: _told(value) for name, value in given.items()}
    return {k: v if len(v) <= 60 else sha256(v.encode()).hexdigest()[:12] for k, v in told.items()}


def _told(value: Any) -> str:
    """Return a value as text: of an array shape, type and sum, of what is not plain the type."""
    if isinstance(value, Mapping):
        return str({k: _told(v) for k, v in value.items()})
    if isinstance(value, list | tuple):
        return str([*map(_told, value)])
    if hasattr(value, "__array__"):
        array = np.asarray(value)
        return f"{array.dtype} {array.shape} {sha256(array.tobytes()).hexdigest()[:12]}"
    return str(value) if isinstance(value, str | int | float | None) else type(value).__name__


def _read(folder: Path, epochs: int, settings: dict[str, str]) -> tuple[int, dict]:
    """Return epochs and history of the training in a folder (0 and none without), or refuse it."""
    state = folder / "state.json"
    if not state.exists():
        return 0, {}
    content = json.loads(state.read_text(encoding="utf-8"))
    done, kept = content["epoch"], content.get("settings", {})
    fault = f"training of {done} epochs, and epochs={epochs} is asked for" if done > epochs else ""
    names = [name for name in kept | settings if kept.get(name) != settings.get(name)]
    if names and not fault:
        told = (f"{name} ({kept.get(name)} there, {settings.get(name)} here)" for name in names)
        fault = f"training with other settings: {', '.join(told)}"
    if fault:
        raise ValueError(f"{folder} holds a {fault}; name another folder, or delete it to begin "
                         "anew.")  # fmt: skip
    return done, content["history"]


def _weights(folder: Path, epoch: int) -> Path:
    return folder / f"epoch_{epoch:05d}.weights.h5"


def _restore(one: _OneTraining, folder: Path, done: int, history: dict[str, list[float]]) -> None:
    """Load the checkpoint, and let callbacks remember the epochs before the interruption."""
    if not done:
        return
    one.model.optimizer.build(one.model.trainable_variables)  # so that its state finds its place
    for epoch in range(done if one.remembering else 0):
        if _weights(folder, epoch + 1).exists():  # the best, which EarlyStopping takes up
            one.model.load_weights(_weights(folder, epoch + 1))
        for callback in one.remembering:
            callback.on_epoch_end(epoch, {name: values[epoch] for name, values in history.items()})
    one.model.load_weights(_weights(folder, done))  # last: a callback may change the learning rate


def _keep(one: _OneTraining, folder: Path, content: dict[str, Any]) -> None:
    """Write weights under a new name, then point to them: an interruption loses one epoch."""
    one.model.save_weights(_weights(folder, content["epoch"]), overwrite=True)
    write_text(folder / "state.json", json.dumps(content))
    best = [c.best_epoch + 1 for c in one.remembering if getattr(c, "best_weights", None)]
    needed = {_weights(folder, epoch) for epoch in (content["epoch"], *best)}
    for old in {*folder.glob("epoch_*.weights.h5")} - needed:
        old.unlink()

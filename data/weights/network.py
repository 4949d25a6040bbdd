"""How a network of a folder is made, and the readers of weight files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.core.cards import DataError
from data.weights import torch_files

if TYPE_CHECKING:
    import keras
    import numpy as np


@dataclass(frozen=True)
class Network:
    """How one network is made: its layers, its file, and what puts the one into the other."""

    build: Callable[..., keras.Model]
    file: str
    fill: Callable[[keras.Model, Path], None]
    entries: tuple[str, ...] = ()  # cards that may serve it, best first; its own name if none
    without_top: str | None = None  # the file of what ends before the classifier, if another
    preprocess: Callable[[np.ndarray], np.ndarray] | None = None  # of pixels 0..255

    def file_for(self, top: bool = True) -> str:
        """Return the name of the file that fills it, with its classifier or without."""
        return self.file if top or self.without_top is None else self.without_top


def fill_from_keras(model: keras.Model, path: Path) -> None:
    """Put the weights of a Keras ``.h5`` file into a network, layer by layer in their order."""
    try:
        model.load_weights(path)
    except (ValueError, KeyError, OSError) as error:
        raise DataError(f"{path} does not hold {model.name}: {error}") from error


# torch's names of a module's tensors, in the order of the Keras layer's weights
_TORCH_PARTS = {
    "Conv2D": ("weight", "bias"),
    "DepthwiseConv2D": ("weight", "bias"),
    "Dense": ("weight", "bias"),
    "BatchNormalization": ("weight", "bias", "running_mean", "running_var"),
}


def fill_from_torch(
    model: keras.Model,
    path: Path,
    module: Callable[[str], str] = str,
    unused: tuple[str, ...] = ("logits.weight", "logits.bias"),
) -> None:
    """Put a state dict of PyTorch into a network.

    ``module`` turns a layer's name into that of the file's module, where the layers do not carry
    those names; ``unused`` is what the file may hold beside the network: its classifier.
    """
    state = torch_files.read(path)
    used = set()
    for layer in model.layers:
        if not layer.weights:
            continue
        kind = type(layer).__name__
        parts = _TORCH_PARTS[kind][: len(layer.weights)]
        wanted = [f"{module(layer.name)}.{part}" for part in parts]
        if missing := [name for name in wanted if name not in state]:
            raise DataError(f"{path} does not hold {model.name}: it lacks {', '.join(missing)}.")
        arrays = [_to_keras(state[name], kind) for name in wanted]
        for name, array, weight in zip(wanted, arrays, layer.weights, strict=True):
            if array.shape != tuple(weight.shape):
                raise DataError(
                    f"{path} does not hold {model.name}: {name} has shape {array.shape} "
                    f"in Keras's order where {tuple(weight.shape)} is due."
                )
        layer.set_weights(arrays)
        used.update(wanted)
    spare = [n for n in state if n not in used and n not in unused]
    if spare := [n for n in spare if not n.endswith(".num_batches_tracked")]:
        raise DataError(f"{path} holds more than {model.name}: {', '.join(spare[:5])}.")


def _to_keras(array: np.ndarray, kind: str) -> np.ndarray:
    """Turn (out, in, h, w) into (h, w, in, out), of depthwise ones (h, w, out, 1); transpose."""
    if array.ndim != 4:
        return array.T
    order = (2, 3, 0, 1) if kind == "DepthwiseConv2D" else (2, 3, 1, 0)
    return array.transpose(order)

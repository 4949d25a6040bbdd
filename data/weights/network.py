"""How a network of a folder is made, and how Keras's files fill it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.core.cards import DataError

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

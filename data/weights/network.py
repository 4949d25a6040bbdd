"""How a network of a folder is made, and how Keras's files fill it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.core.cards import DataError

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Network:
    """How one network is made: its layers, its file, and what puts the one into the other."""

    build: Callable[..., keras.Model]
    file: str
    fill: Callable[[keras.Model, Path], None]
    file_without_top: str | None = None  # of what ends before the classifier, if it is another


def fill_from_keras(model: keras.Model, path: Path) -> None:
    """Put the weights of a Keras ``.h5`` file into a network, layer by layer in their order."""
    try:
        model.load_weights(path)
    except (ValueError, KeyError, OSError) as error:
        raise DataError(f"{path} does not hold {model.name}: {error}") from error

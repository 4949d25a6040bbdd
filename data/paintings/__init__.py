"""Three paintings whose style a photograph may take on."""

from dataclasses import dataclass

import numpy as np

from data.core import pictures, samples
from data.core.fetch import Files
from data.core.record import Record
from data.paintings import generator

REAL = ("starry_night", "shipwreck", "the_scream")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Paintings(Record):
    """Paintings of different sizes."""

    names: tuple[str, ...]  # one a painting
    images: tuple[np.ndarray, ...]  # each (height, width, 3) uint8 RGB


def read(files: Files) -> Paintings:
    """Read the photographs of three paintings."""
    images = tuple(pictures.read(files.path(f"{name}.jpg")) for name in REAL)
    return Paintings(names=REAL, images=images)


def sample() -> Paintings:
    """Paint three pictures, each in a style of its own."""
    arrays = samples.cached_arrays("paintings", generator.paintings)
    return Paintings(names=tuple(arrays), images=tuple(arrays.values()))

"""Alpacas: photographs of Open Images that show an alpaca, or none."""

from dataclasses import dataclass, replace

import numpy as np

from data.core import pictures, sets
from data.core.fetch import Files
from data.core.record import Record

FOLDERS = ("alpaca", "not alpaca")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Alpacas(Record):
    """Photographs in the order of their folders and names, first those with an alpaca."""

    images: tuple[np.ndarray, ...]  # of (h, w, 3) uint8 RGB
    is_alpaca: np.ndarray  # (n,) bool


def read(files: Files) -> Alpacas:
    """Read the photographs of both folders; a folder without one is a DataError that names it."""
    paths = [pictures.pictures_in(files.folder() / name) for name in FOLDERS]
    return Alpacas(
        images=tuple(pictures.read(path) for of_folder in paths for path in of_folder),
        is_alpaca=np.repeat([True, False], [len(of_folder) for of_folder in paths]),
    )


def sample() -> Alpacas:
    """Take cats and dogs in the place of alpacas and others."""
    pets = sets.load("oxford_pets", "sample")
    order = np.argsort(~pets.is_cat, kind="stable")
    images = tuple(pets.images[i] for i in order)
    return replace(Alpacas(images=images, is_alpaca=pets.is_cat[order]), source="shipped")

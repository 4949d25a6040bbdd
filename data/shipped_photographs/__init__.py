"""Photographs that dependencies ship and that may be shown: real data in both tiers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from data.core import pictures
from data.core.fetch import Files
from data.core.record import Record


class Shipped(NamedTuple):
    """What a photograph shows, by whom, on which terms, and where it comes from."""

    shows: str
    credit: str
    terms: str
    package: str
    file: str  # as the package's loader calls it


# Each says in its package's documentation that it may be passed on.
SHIPPED = {
    "astronaut": Shipped("Eileen Collins", "NASA", "public domain", "scikit-image", "astronaut"),
    "cat": Shipped("Chelsea, a cat", "Stéfan van der Walt", "CC0", "scikit-image", "chelsea"),
    "cell": Shipped(
        "the phase of a cell", "Müller and others, 2018", "CC0", "scikit-image", "cell"
    ),
    "china": Shipped("a temple", "danielbuechele", "CC BY 2.0", "scikit-learn", "china.jpg"),
    "coffee": Shipped("a cup of espresso", "Rachel Michetti", "CC0", "scikit-image", "coffee"),
    "coins": Shipped(
        "coins from Pompeii",
        "Brooklyn Museum",
        "no known copyright restrictions",
        "scikit-image",
        "coins",
    ),
    "flower": Shipped("a dahlia", "vultilion", "CC BY 2.0", "scikit-learn", "flower.jpg"),
    "grace_hopper": Shipped(
        "Grace Hopper", "US Navy", "public domain", "matplotlib", "grace_hopper.jpg"
    ),
    "hubble": Shipped(
        "galaxies", "NASA, ESA", "public domain", "scikit-image", "hubble_deep_field"
    ),
    "photographer": Shipped("a man with a camera", "Lav Varshney", "CC0", "scikit-image", "camera"),
    "retina": Shipped("a retina", "Mikael Häggström", "CC0", "scikit-image", "retina"),
    "rocket": Shipped("a Falcon 9", "SpaceX", "public domain", "scikit-image", "rocket"),
    "tissue": Shipped(
        "glands of a colon, stained",
        "CMMI",
        "no known copyright restrictions",
        "scikit-image",
        "immunohistochemistry",
    ),
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Photographs(Record):
    """Photographs of different sizes: ``photographs["cat"]``.

    Parameters
    ----------
    names : tuple of str
        What they are asked by, in the order of the alphabet.
    images : tuple of np.ndarray
        uint8, (height, width, 3) in colour or (height, width) in grey.
    """

    names: tuple[str, ...]
    images: tuple[np.ndarray, ...]

    def __getitem__(self, name: str) -> np.ndarray:
        """Return one photograph; a KeyError names those there are."""
        if name not in self.names:
            raise KeyError(f"there is no photograph {name!r}; there are: {', '.join(self.names)}")
        return self.images[self.names.index(name)]

    @property
    def coloured(self) -> tuple[str, ...]:
        """The names of those in colour."""
        return tuple(n for n, image in zip(self.names, self.images, strict=True) if image.ndim == 3)

    def credit(self, *names: str) -> str:
        """Return the line that stands below a figure: who took the named photographs, and terms.

        Of all of them where none is named.
        """
        told = []
        for name in names or self.names:
            one = SHIPPED[name]
            told.append(f"{name.replace('_', ' ')}: {one.credit} ({one.terms}), {one.package}")
        return "Photographs: " + "; ".join(told) + "."


def read(files: Files) -> Photographs:
    """Read the photographs out of the packages that ship them: they need no network."""
    return Photographs(names=tuple(SHIPPED), images=tuple(map(photograph, SHIPPED)))


def photograph(name: str) -> np.ndarray:
    """Return one photograph of `SHIPPED` as its package has it, uint8."""
    one = SHIPPED[name]
    if one.package == "scikit-image":
        import skimage.data

        return getattr(skimage.data, one.file)()
    if one.package == "scikit-learn":
        from sklearn.datasets import load_sample_image

        return load_sample_image(one.file)
    from matplotlib import cbook

    return pictures.read(Path(cbook.get_sample_data(one.file, asfileobj=False)))

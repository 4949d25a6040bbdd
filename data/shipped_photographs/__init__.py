"""Photographs that dependencies ship and that may be shown: real data from both data sources."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib import cbook

from data.core import pictures
from data.core.fetch import Files
from data.core.record import Record


class Shipped(NamedTuple):
    """By whom a photograph is, on which terms, and where it comes from."""

    credit: str
    terms: str
    package: str
    file: str  # as the package's loader calls it


FREE = "no known copyright restrictions"
# Each says in its package's documentation that it may be passed on.
SHIPPED = {
    "astronaut": Shipped("NASA", "public domain", "scikit-image", "astronaut"),
    "cat": Shipped("Stéfan van der Walt", "CC0", "scikit-image", "chelsea"),
    "cell": Shipped("Müller and others, 2018", "CC0", "scikit-image", "cell"),
    "china": Shipped("danielbuechele", "CC BY 2.0", "scikit-learn", "china.jpg"),
    "coffee": Shipped("Rachel Michetti", "CC0", "scikit-image", "coffee"),
    "coins": Shipped("Brooklyn Museum", FREE, "scikit-image", "coins"),
    "flower": Shipped("vultilion", "CC BY 2.0", "scikit-learn", "flower.jpg"),
    "grace_hopper": Shipped("US Navy", "public domain", "matplotlib", "grace_hopper.jpg"),
    "hubble": Shipped("NASA, ESA", "public domain", "scikit-image", "hubble_deep_field"),
    "photographer": Shipped("Lav Varshney", "CC0", "scikit-image", "camera"),
    "retina": Shipped("Mikael Häggström", "CC0", "scikit-image", "retina"),
    "rocket": Shipped("SpaceX", "public domain", "scikit-image", "rocket"),
    "tissue": Shipped("CMMI", FREE, "scikit-image", "immunohistochemistry"),
}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Photographs(Record):
    """Photographs of different sizes: ``photographs["cat"]``."""

    names: tuple[str, ...]  # what they are asked by, in the order of the alphabet
    images: tuple[np.ndarray, ...]  # uint8, (height, width, 3) in colour or (height, width) in grey

    def __getitem__(self, name: str) -> np.ndarray:
        """Return one photograph; a KeyError names those there are."""
        if name not in self.names:
            raise KeyError(f"there is no photograph {name!r}; there are: {', '.join(self.names)}")
        return self.images[self.names.index(name)]

    def credit(self, *names: str) -> str:
        """Return the line that stands below a figure: who took the named photographs, and terms.

        Of all of them where none is named.
        """
        shown = {name.replace("_", " "): SHIPPED[name] for name in names or self.names}
        lines = [f"{name}: {s.credit} ({s.terms}), {s.package}" for name, s in shown.items()]
        return f"Photographs: {'; '.join(lines)}."


def read(files: Files) -> Photographs:
    """Read the photographs out of the packages that ship them: they need no network."""
    return Photographs(names=tuple(SHIPPED), images=tuple(map(photograph, SHIPPED)))


def photograph(name: str) -> np.ndarray:
    """Return one photograph of `SHIPPED` as its package has it, uint8."""
    source = SHIPPED[name]
    if source.package == "scikit-image":
        import skimage.data

        return getattr(skimage.data, source.file)()
    if source.package == "scikit-learn":
        from sklearn.datasets import load_sample_image

        return load_sample_image(source.file)
    return pictures.read(Path(cbook.get_sample_data(source.file, asfileobj=False)))

"""What a reader hands to a notebook: a small typed record of arrays and names."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from data.core import cards

FOLDS = 5
_SHARED = ("name", "data", "source", "fraction")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Record:
    """The fields that every data set shares; each set adds its arrays.

    A subclass is a dataclass with the same arguments, so that neither ``==`` nor ``repr`` walks
    through megabytes of pixels. Readers and samples fill its arrays; ``data.core.sets`` fills the
    fields below.
    """

    name: str = ""  # the name given to `utils.data.load`
    data: str | None = None  # "real" or "sample": goes into `report.record(data=...)`
    # Where the bytes came from: "local", "cache", "download", "shipped" or "generated"
    source: str | None = None
    fraction: float | None = None  # share of the official set, 1.0 for all of it; None of a sample

    @property
    def items(self) -> int:
        """How many items of the official set this holds, as its card counts them.

        As many as its first field, unless a set says otherwise.
        """
        first = next(field.name for field in fields(self) if field.name not in _SHARED)
        value = getattr(self, first)
        return value.shape[0] if hasattr(value, "shape") else len(value)

    def __repr__(self) -> str:
        """Return name, shapes and types, data source and licence, never the arrays themselves."""
        own = [field.name for field in fields(self) if field.name not in _SHARED]
        shapes = ", ".join(_shape(name, getattr(self, name)) for name in own)
        text = f"{self.name}: {self._origin()}. {shapes}."
        if self.data == "real":
            text += f" Licence: {cards.get(self.name).licence}."
        return f"<{type(self).__name__} {text}>"

    def _origin(self) -> str:
        if self.data != "real":
            return "sample (generated here)" if self.source == "generated" else "sample"
        share = "whole set" if self.fraction == 1 else f"{self.fraction:.1%} of the set"
        return f"real ({self.source}), {share}"


def _shape(name: str, value: Any) -> str:
    """Describe one field in a few words, never the path of a file."""
    if hasattr(value, "dtype"):
        return f"{name} {tuple(value.shape)} {value.dtype}"
    return f"{name} ({len(value)})" if hasattr(value, "__len__") else name


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LabelledPictures(Record):
    """Pictures of one size with a label each, in parts."""

    images: np.ndarray  # (n, height, width, 3) uint8 RGB
    labels: np.ndarray  # (n,) int64
    part: np.ndarray  # (n,) str, such as "train"

    def split(self, part: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the images and labels of a part; one that is not there is a ValueError."""
        chosen = self.part == check_part(part, np.unique(self.part))
        return self.images[chosen], self.labels[chosen]


def check_part(part: str, parts: Iterable[str]) -> str:
    """Return the name of a part; a ValueError names those there are."""
    if part not in parts:
        raise ValueError(f"part {part!r} is not one of {', '.join(parts)}")
    return part


def split_by_fold(folds: np.ndarray, fold: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the indices (int64) to train on, to choose on (the fold before) and to test on."""
    if not 0 <= fold < FOLDS:
        raise ValueError(f"fold {fold} is not one of 0 to {FOLDS - 1}")
    choose = (fold - 1) % FOLDS
    train = np.flatnonzero((folds != fold) & (folds != choose))
    return train, np.flatnonzero(folds == choose), np.flatnonzero(folds == fold)

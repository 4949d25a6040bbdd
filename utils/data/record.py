"""What a loader hands to a notebook: a small typed record of arrays and names."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

BASE_FIELDS = ("name", "data", "source", "fraction")

Tier = Literal["real", "sample"]
Source = Literal["mirror", "cache", "download", "shipped", "generated"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Record:
    """The fields that every data set shares; each family adds its arrays.

    A subclass is written with the same arguments, so that neither ``==`` nor ``repr`` walks
    through megabytes of pixels::

        @dataclass(frozen=True, eq=False, repr=False, kw_only=True)
        class Faces(Record):
            images: np.ndarray
            labels: np.ndarray

    Parameters
    ----------
    name : str
        The name given to ``utils.data.load``.
    data : {"real", "sample"}
        What the numbers measured on it may be called; goes into ``report.record(data=...)``.
    source : {"mirror", "cache", "download", "shipped", "generated"}
        Where the bytes came from in this run.
    fraction : float
        Share of the official set that is here, 1.0 for the whole.
    """

    name: str
    data: Tier
    source: Source
    fraction: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a record that would be reported under a wrong name."""
        if self.data not in ("real", "sample"):
            raise ValueError(f'{self.name}: data is "real" or "sample", not {self.data!r}')
        if self.source not in ("mirror", "cache", "download", "shipped", "generated"):
            raise ValueError(f"{self.name}: {self.source!r} is not a source")
        if (self.source == "generated") and (self.data == "real"):
            raise ValueError(f"{self.name}: generated data cannot be called real")
        if not 0 < self.fraction <= 1:
            raise ValueError(f"{self.name}: fraction {self.fraction} is not in (0, 1]")

    def describe(self) -> str:
        """Return one paragraph: name, shapes and types, tier, source and licence."""
        from utils.data import catalogue

        parts = [_shape(f.name, getattr(self, f.name)) for f in fields(self)]
        arrays = ", ".join(part for part in parts if part)
        if self.data == "sample":
            origin = "sample (generated here)" if self.source == "generated" else "sample"
        else:
            share = "whole set" if self.fraction == 1 else f"{self.fraction:.1%} of the set"
            origin = f"real, {_ORIGIN[self.source]}, {share}"
        licence = catalogue.licence_of(self.name) if self.data == "real" else ""
        return f"{self.name}: {origin}. {arrays}." + (f" Licence: {licence}." if licence else "")

    def __repr__(self) -> str:
        """Return the description in angle brackets, never the arrays themselves."""
        return f"<{type(self).__name__} {self.describe()}>"


_ORIGIN = {
    "mirror": "from the mirror",
    "cache": "from the cache",
    "download": "downloaded",
    "shipped": "shipped with a dependency",
    "generated": "generated here",
}


def _shape(name: str, value: object) -> str:
    """Describe one field in a few words; the base fields are told elsewhere."""
    if name in BASE_FIELDS or value is None:
        return ""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{name} {tuple(value.shape)} {value.dtype}"
    if isinstance(value, (str, int, float)):
        return f"{name} {value}"
    if hasattr(value, "__len__"):
        return f"{name} ({len(value)})"
    return name

"""What a loader hands to a notebook: a small typed record of arrays and names."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args

Tier = Literal["real", "sample"]
Source = Literal["mirror", "cache", "download", "shipped", "generated"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Record:
    """The fields that every data set shares; each set adds its arrays.

    A subclass is written with the same arguments, so that neither ``==`` nor ``repr`` walks
    through megabytes of pixels::

        @dataclass(frozen=True, eq=False, repr=False, kw_only=True)
        class Faces(Record):
            images: np.ndarray
            labels: np.ndarray

    Readers and samples fill the arrays; ``data.core.load`` fills the fields below.

    Parameters
    ----------
    name : str
        The name given to ``utils.data.load``.
    data : {"real", "sample"}
        What the numbers measured on it may be called; goes into ``report.record(data=...)``.
    source : {"mirror", "cache", "download", "shipped", "generated"}
        Where the bytes came from in this run.
    fraction : float or None
        Share of the official set's items that is here, 1.0 for the whole; None of a sample.
    """

    name: str = ""
    data: Tier | None = None
    source: Source | None = None
    fraction: float | None = None

    def __post_init__(self) -> None:
        """Refuse a record that would be reported under a wrong name."""
        if self.data is None:
            return  # as a reader made it: not named yet
        if self.data not in get_args(Tier):
            raise ValueError(f'{self.name}: data is "real" or "sample", not {self.data!r}')
        if self.source not in get_args(Source):
            raise ValueError(f"{self.name}: {self.source!r} is not a source")
        if self.source == "generated" and self.data == "real":
            raise ValueError(f"{self.name}: generated data cannot be called real")
        if self.data == "sample" and self.fraction is not None:
            raise ValueError(f"{self.name}: a sample is no fraction of the official set")
        if self.data == "real" and (self.fraction is None or not 0 < self.fraction <= 1):
            raise ValueError(f"{self.name}: fraction {self.fraction} is not in (0, 1]")

    @property
    def items(self) -> int:
        """How many items of the official set this holds, as its card counts them.

        As many as its first field, unless a set says otherwise.
        """
        first = next(field.name for field in fields(self) if field.name not in _SHARED)
        return len(getattr(self, first))

    def describe(self) -> str:
        """Return one paragraph: name, shapes and types, tier, source and licence."""
        from data.core import cards

        own = [f.name for f in fields(self) if f.name not in _SHARED]
        parts = [_shape(name, getattr(self, name)) for name in own]
        arrays = ", ".join(part for part in parts if part)
        if self.data == "sample":
            origin = "sample (generated here)" if self.source == "generated" else "sample"
        else:
            share = "whole set" if self.fraction == 1 else f"{self.fraction:.1%} of the set"
            origin = f"real, {_ORIGIN[self.source]}, {share}"
        licence = cards.licence_of(self.name) if self.data == "real" else ""
        return f"{self.name}: {origin}. {arrays}." + (f" Licence: {licence}." if licence else "")

    def __repr__(self) -> str:
        """Return the description in angle brackets, never the arrays themselves."""
        told = self.describe() if self.data else "not named yet"
        return f"<{type(self).__name__} {told}>"


_SHARED = ("name", "data", "source", "fraction")
_ORIGIN: dict[str | None, str] = {
    "mirror": "from the mirror",
    "cache": "from the cache",
    "download": "downloaded",
    "shipped": "shipped with a dependency",
    "generated": "generated here",
}


def _shape(name: str, value: object) -> str:
    """Describe one field in a few words."""
    if value is None:
        return ""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{name} {tuple(value.shape)} {value.dtype}"
    if isinstance(value, (str, int, float)):
        return f"{name} {value}"
    if hasattr(value, "__len__"):
        return f"{name} ({len(value)})"
    return name

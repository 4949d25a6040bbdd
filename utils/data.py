"""Data sets by name: ``data.load("cora")`` returns arrays and names, checked and labelled.

Which tier is loaded (an honest miniature or the official files) is one of the course's two
switches; nothing changes from real to sample on its own. The sets themselves, a folder each, are
the package ``data``.
"""

from __future__ import annotations

from data.core import cards
from data.core import load as sets
from data.core.archive import UnsafeArchive
from data.core.cache import CacheNotWritable
from data.core.cards import CardError, DataError, UnknownDataset
from data.core.download import DataUnavailable, Unpinned
from data.core.load import names
from data.core.mirror import MirrorError
from data.core.record import Record
from data.core.sums import ChecksumError
from utils import _start

__all__ = [
    "CacheNotWritable",
    "CardError",
    "ChecksumError",
    "DataError",
    "DataUnavailable",
    "MirrorError",
    "Record",
    "UnknownDataset",
    "Unpinned",
    "UnsafeArchive",
    "describe",
    "load",
    "names",
]


def load(name: str, tier: str | None = None) -> Record:
    """Load a data set.

    Parameters
    ----------
    name : str
        One of ``data.names()``.
    tier : {"sample", "real"} or None
        None takes the tier of the running course, then of COURSE_DATA, then "sample".

    Returns
    -------
    Record
        Frozen, with the arrays of its set; ``.data`` says which tier it is.

    Raises
    ------
    UnknownDataset
        The name is not known; the message names close matches.
    DataUnavailable
        The real files are neither in a mirror nor in the cache and cannot be downloaded.
    """
    record = sets.load(name, _start.data_tier(tier))
    course = _start.current()
    if course is not None:
        origin = {"data": record.data, "source": record.source, "fraction": record.fraction}
        course.datasets[sets.find(name).name] = origin
    return record


def describe(name: str) -> str:
    """Return the card of a data set or network in a few lines."""
    entry = cards.get(name)
    lines = [
        f"{entry.name}: {entry.title} ({entry.task})",
        f"licence: {entry.licence}",
        f"citation: {entry.citation}",
        f"status: {entry.status}" + (f", {entry.homepage}" if entry.homepage else ""),
        f"sample: {entry.sample}",
    ]
    return "\n".join(lines + ([f"consent: {entry.consent}"] if entry.consent else []))

"""Data sets by name: ``data.load("cora")`` returns arrays and names, checked and labelled.

Which tier is loaded (an honest miniature or the official files) is one of the course's two
switches; nothing changes from real to sample on its own.
"""

from __future__ import annotations

from importlib import import_module

from utils.data import catalogue
from utils.data.catalogue import CatalogueError, DataError, UnknownDataset
from utils.data.fetch import (
    CacheNotWritable,
    ChecksumError,
    DataUnavailable,
    Fetched,
    MirrorError,
    Unpinned,
    UnsafeArchive,
)
from utils.data.record import Record

__all__ = [
    "CacheNotWritable",
    "CatalogueError",
    "ChecksumError",
    "DataError",
    "DataUnavailable",
    "Fetched",
    "LOADERS",
    "MirrorError",
    "Record",
    "UnknownDataset",
    "Unpinned",
    "UnsafeArchive",
    "describe",
    "load",
    "names",
]

# name of a data set: (module below utils.data, function in it). A family is imported when one
# of its data sets is asked for, so that `import utils` stays cheap.
LOADERS: dict[str, tuple[str, str]] = {
    "citeseer": ("graphs", "load_citeseer"),
    "cora": ("graphs", "load_cora"),
    "digits": ("digits", "load_digits"),
    "esol": ("molecules", "load_esol"),
    "har": ("signals", "load_har"),
    "lfw": ("lfw", "load_lfw"),
    "lfw_pairs": ("lfw_pairs", "load_lfw_pairs"),
    "lung_cxr": ("xrays", "load_lung_cxr"),
    "mnist": ("mnist", "load_mnist"),
    "mutag": ("mutag", "load_mutag"),
    "olivetti": ("faces", "load_olivetti"),
    "photographs": ("photos", "load_photographs"),
    "pose_samples": ("poses", "load_poses"),
    "oxford_pets": ("pets", "load_pets"),
    "pennfudan": ("pedestrians", "load_pennfudan"),
    "ppi": ("proteins", "load_ppi"),
    "pubmed": ("graphs", "load_pubmed"),
    "talking_faces": ("clips", "load_clips"),
    "trec": ("questions", "load_trec"),
}


def names() -> list[str]:
    """Return the names that ``load`` takes."""
    return sorted(LOADERS)


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
        Frozen, with the arrays of its family; ``.data`` says which tier it is.

    Raises
    ------
    UnknownDataset
        The name is not known; the message names close matches.
    DataUnavailable
        The real files are neither in a mirror nor in the cache and cannot be downloaded.
    """
    from utils import _start

    function = _loader(name)
    record = function(_start.data_tier(tier))
    course = _start.current()
    if course is not None:
        course.loaded.append(record)
    return record


def describe(name: str) -> str:
    """Return the card of a data set or network in a few lines."""
    entry = catalogue.get(name)
    lines = [
        f"{entry.name}: {entry.title} ({entry.task})",
        f"licence: {entry.licence}",
        f"citation: {entry.citation}",
        f"status: {entry.status}" + (f", {entry.homepage}" if entry.homepage else ""),
        f"sample: {entry.sample}",
    ]
    return "\n".join(lines + ([f"consent: {entry.consent}"] if entry.consent else []))


def _loader(name: str):
    if name not in LOADERS:
        raise UnknownDataset(_why_unknown(name))
    family, function = LOADERS[name]
    return getattr(import_module(f"utils.data.{family}"), function)


def _why_unknown(name: str) -> str:
    entry = catalogue.entries().get(name) if isinstance(name, str) else None
    if entry is not None and entry.loaded_as:
        return f"{name!r} is loaded as {entry.loaded_as!r}: data.load({entry.loaded_as!r})"
    if entry is not None:
        return (
            f"{name!r} is in the catalogue, but no loader is written for it; "
            f"there are loaders for: {', '.join(names())}"
        )
    return catalogue.unknown_message(name, names(), "the course's data sets")

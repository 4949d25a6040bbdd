"""From a name to a record: the reader or the sample of a set's folder, and where it came from.

The folder of a set is a package with two functions. ``read(files)`` makes a record of the official
files, ``sample()`` makes one of the same kind without them, the same each time. A set that is
shipped whole has no ``sample``: ``read`` takes it from a dependency or from the course's packed
file. A package is imported when its set is asked for, so that ``import utils`` stays cheap.

A file whose checksum stands in the card is what its owners published once a reader gets it. Readers
check what a local data folder may hold in other ways: a part, a scaled copy, files of an archive
whose checksum is not known.
"""

from dataclasses import replace
from importlib import import_module

from data.core import cards
from data.core.cards import Entry, UnknownDataset
from data.core.fetch import Files, is_at_hand
from data.core.record import Record


def names() -> list[str]:
    """Return the names that ``load`` takes."""
    return sorted(name for name, entry in cards.entries().items() if entry.kind == "dataset")


def load(name: str, data_source: str) -> Record:
    """Load a data set as its "sample" or its "real" files.

    A set that a dependency or the course ships whole (``shipped`` in its card) is real in both
    cases. Where a dependency ships a part of a set (``sample_shipped``), this part is the sample,
    and real as well.

    Raises
    ------
    UnknownDataset
        The name is not known; the message names close matches.
    DataError
        The real files cannot be had, or are not what they should be.
    """
    entry = find(name)
    module = import_module(f"data.{name}")
    files = Files(entry)
    is_sample = data_source != "real" and not entry.shipped
    record = module.sample() if is_sample else module.read(files)
    if is_sample and not entry.sample_shipped:
        return as_sample(record, name)
    source = "shipped" if is_sample or entry.shipped else files.source
    share = min(1.0, record.items / entry.items)
    return replace(record, name=name, data="real", source=source, fraction=share)


def choose(name: str, data_source: str) -> tuple[str, str]:
    """Return the data source of a set, and a line that says so: ``Course.dataset``.

    It is "real" where that is asked for and the files are at hand, else "sample". What is shipped
    whole is always real.
    """
    entry = find(name)
    if entry.shipped:
        return "real", f"{name}: the real set, shipped with {entry.shipped}"
    if data_source == "real" and is_at_hand(entry):
        return "real", f"{name}: the real files"
    has_urls = entry.files and all(item.urls for item in entry.files)
    download = f" (or: python course.py data fetch {entry.name})" if has_urls else ""
    place = f"COURSE_DATA_DIR/{entry.local_folder}{download}"
    if data_source == "real":
        return "sample", f"{name}: the sample, because the real files are not in {place}"
    return "sample", f'{name}: the sample; data="real" takes the real files from {place}'


def find(name: str) -> Entry:
    """Return the entry of a set that can be loaded by this name."""
    if name not in names():
        raise UnknownDataset(cards.unknown_message(name, names(), "the course's data sets"))
    return cards.get(name)


def as_sample(record: Record, name: str) -> Record:
    """Return a sample's record with its name; its source is "generated" unless it says another."""
    return replace(record, name=name, data="sample", source=record.source or "generated")

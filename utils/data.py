"""Data sets by name: ``data.load("cora")`` returns arrays and names, checked and labelled.

The data source, "sample" or "real" (the official files), is one of the course's two switches;
nothing changes from real to sample on its own. The sets themselves, a folder each, are
the package ``data``.
"""

from data.core import sets
from data.core.cards import DataError, UnknownDataset
from data.core.fetch import ChecksumError, DataUnavailable
from data.core.record import Record
from data.core.sets import names
from utils import _start

__all__ = [
    "ChecksumError",
    "DataError",
    "DataUnavailable",
    "UnknownDataset",
    "load",
    "names",
]


def load(name: str, data: str | None = None) -> Record:
    """Load a data set of ``data.names()`` as a frozen record; its ``.data`` says which it is.

    Without ``data``, "sample" or "real", the data source of the running course is taken, then that
    of COURSE_DATA, then "sample". UnknownDataset names close matches; DataUnavailable says that the
    real files are neither in the local data folder nor in the cache and cannot be downloaded.
    """
    record = sets.load(name, _start.data_source(data))
    course = _start.current()
    if course is not None:
        loaded = course.datasets.setdefault(name, {})
        loaded[record.data] = {"source": record.source, "fraction": record.fraction}
    return record

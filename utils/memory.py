"""How much memory a piece of work takes at its peak, seen from outside the process's libraries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

INTERVAL = 0.001  # seconds between two looks


@dataclass
class Peak:
    """What was seen; filled when the block ends.

    Parameters
    ----------
    mb : float
        Megabytes (10^6 bytes) that the process held at most above what it held at the start.
    highest : float
        Megabytes that it held at most, all in all.
    """

    mb: float = float("nan")
    highest: float = float("nan")


@contextmanager
def peak() -> Iterator[Peak]:
    """Watch this process's memory while a block runs.

    A thread looks at the resident memory every millisecond, so it sees what all libraries take,
    whichever allocator they use, and misses what lives shorter. Memory that the process held
    before and uses again does not show in ``mb``. TensorFlow keeps what it gave back, so works are
    compared by ``highest``, in the order of what they take, the smallest first.

    Yields
    ------
    Peak
        Its numbers are set when the block ends, also by an error.

    Examples
    --------
    >>> with peak() as used:
    ...     block = bytearray(50_000_000)
    >>> 45 < used.mb < 80
    True
    """
    process, found, done = psutil.Process(), Peak(), threading.Event()
    before = highest = process.memory_info().rss

    def look() -> None:
        nonlocal highest
        while not done.wait(INTERVAL):
            highest = max(highest, process.memory_info().rss)

    watcher = threading.Thread(target=look, name="memory peak", daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        highest = max(highest, process.memory_info().rss)
        done.set()
        watcher.join()
        found.mb, found.highest = (highest - before) / 1e6, highest / 1e6

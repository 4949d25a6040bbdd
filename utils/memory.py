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
    """Megabytes (10^6 bytes) that a process held at most, filled when the block ends.

    ``mb`` is what it held above what it held at the start, ``highest`` what it held all in all.
    """

    mb: float = float("nan")
    highest: float = float("nan")


@contextmanager
def peak() -> Iterator[Peak]:
    """Watch this process's memory while a block runs; fill a `Peak` when it ends, also by an error.

    A thread looks at the resident memory every millisecond, so it sees what all libraries take,
    whichever allocator they use, and misses what lives shorter. Memory that the process held
    before and uses again does not show in ``mb``. TensorFlow keeps what it gave back, so works are
    compared by ``highest``, in the order of what they take, the smallest first.
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

"""The peak of a block's memory, against blocks of a known size."""

import mmap
import threading

import numpy as np
import pytest

from utils import memory


def fill(mb):
    # Straight from the system: an allocator may hand out what an earlier test has left behind.
    block = np.frombuffer(mmap.mmap(-1, mb * 1_000_000))
    block[:] = 1.0  # written to, so that it is really held
    return block


def test_what_is_held_at_the_end_is_seen():
    with memory.peak() as used:
        block = fill(80)
    assert 75 < used.mb < 120 and block.nbytes == 80_000_000
    assert used.highest > used.mb + 10  # the interpreter and its libraries were there before


def test_what_is_given_back_before_the_end_is_seen_too():
    def work():
        parts = [fill(40) for _ in range(3)]
        return sum(float(part.sum()) for part in parts)

    with memory.peak() as used:
        total = work()
    assert 110 < used.mb < 160 and total == 3 * 40 * 125_000


def test_nothing_costs_little_and_the_watcher_ends():
    before = threading.active_count()
    with memory.peak() as used:
        pass
    assert 0 <= used.mb < 10
    assert threading.active_count() == before


def test_an_error_passes_and_the_peak_is_kept():
    with pytest.raises(ZeroDivisionError), memory.peak() as used:
        block = fill(40)
        raise ZeroDivisionError
    assert used.mb > 35 and block.nbytes == 40_000_000

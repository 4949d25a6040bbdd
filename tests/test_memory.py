"""The peak of a block's memory, against blocks of a known size."""

import mmap

import numpy as np

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

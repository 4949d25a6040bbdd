"""Drawn forgeries: nobody in two parts, and what was pasted is the middle of the face."""

import numpy as np
import pytest

from data.forged_faces import generator
from utils import data


@pytest.fixture(scope="module")
def forged():
    return data.load("forged_faces", data="sample")


def test_nobody_stands_in_two_parts(forged):
    parts = [set(forged.people[forged.part == part]) for part in generator.COUNTS]
    assert sum(map(len, parts)) == len(set.union(*parts))


def test_only_swaps_have_a_pasted_part_and_it_is_the_middle_of_the_face(forged):
    swaps = np.flatnonzero(forged.kind == "swap")[:40]
    regions = forged.regions(swaps)
    assert regions.shape == (40, 256, 256) and regions.dtype == bool
    shares = regions.mean(axis=(1, 2))
    assert 0.08 < shares.min() and shares.max() < 0.4
    assert regions[:, 110:150, 118:138].mean() > 0.9
    assert not forged.regions(np.flatnonzero(forged.kind != "swap")[::50]).any()

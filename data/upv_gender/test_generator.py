"""Drawn people of two groups that overlap."""

import numpy as np
import pytest

from data.upv_gender import generator


@pytest.fixture(scope="module")
def small() -> dict:
    return generator.people(persons=40, seed=3)


def test_a_seed_draws_the_same_people_again(small):
    again = generator.people(persons=40, seed=3)
    for name, array in small.items():
        np.testing.assert_array_equal(again[name], array, strict=True)
    other = generator.people(persons=40, seed=4)
    assert np.any(other["images"][:5] != small["images"][:5])


def test_the_groups_overlap_in_each_trait():
    rng = np.random.default_rng(0)
    groups = [[generator.member(label, rng) for _ in range(400)] for label in (0, 1)]
    for name, shift in generator.SHIFTS.items():
        zero, one = (np.array([getattr(who, name) for who in group]) for group in groups)
        assert np.sign(one.mean() - zero.mean()) == np.sign(shift)
        assert zero.min() < one.max() and one.min() < zero.max()
    long = [np.mean([who.hair_sides > 0.3 for who in group]) for group in groups]
    assert 0.05 < long[0] < 0.2 and 0.7 < long[1] < 0.9
    assert all(who.beard == who.moustache == 0 for who in groups[1])
    assert 0.2 < np.mean([who.beard > 0 for who in groups[0]]) < 0.5

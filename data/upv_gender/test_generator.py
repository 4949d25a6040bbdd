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


def test_strangers_are_half_of_each_label_and_a_trait_set_by_hand_changes_nothing_else():
    plain = generator.strangers(6, seed=1)
    np.testing.assert_array_equal(plain["labels"], [0, 0, 0, 1, 1, 1])
    same = generator.strangers(6, seed=1)
    np.testing.assert_array_equal(same["images"], plain["images"], strict=True)
    short, long = (generator.strangers(6, seed=1, hair_sides=h) for h in (0.12, 0.7))
    assert set(short["hair"]) == {0.12} and set(long["hair"]) == {0.7}
    differ = np.any(short["images"] != long["images"], axis=-1)  # (6, 100, 100)
    assert np.all(differ.mean(axis=(1, 2)) > 0.01)
    assert not differ[:, 45:55, 45:55].any()  # the middle of the face is the same

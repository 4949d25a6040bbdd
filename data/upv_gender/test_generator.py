"""Drawn people of two groups that overlap."""

import numpy as np

from data.upv_gender import generator


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

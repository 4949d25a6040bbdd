"""Drawn people: joints, masks, flags and what belongs to an identity."""

import numpy as np
import pytest

from drawing import bodies


@pytest.fixture(scope="module")
def drawn() -> bodies.Scenes:
    return bodies.scenes(12, 128, 160, people=(1, 3), seed=3)


def test_joints_lie_inside_and_seen_ones_on_their_person(drawn):
    seen = 0
    for joints, mask in zip(drawn.joints, drawn.masks, strict=True):
        for k, person in enumerate(joints):
            there = person[person[:, 2] > 0]
            assert (there[:, 0] >= 0).all() and (there[:, 0] <= 159).all()
            assert (there[:, 1] >= 0).all() and (there[:, 1] <= 127).all()
            np.testing.assert_array_equal(person[person[:, 2] == 0], 0)
            for x, y, _ in person[person[:, 2] == 2]:
                near = mask[max(0, int(y) - 1) : int(y) + 3, max(0, int(x) - 1) : int(x) + 3]
                assert (near == k + 1).any()
                seen += 1
    assert seen > 150


def test_pictures_without_people_are_allowed_and_nonsense_is_not():
    empty = bodies.scenes(3, 64, 48, people=(0, 0), seed=1)
    assert empty.masks.max() == 0 and all(one.shape == (0, 14, 3) for one in empty.joints)
    with pytest.raises(ValueError, match="fewest"):
        bodies.scenes(1, 64, 64, people=(2, 1))

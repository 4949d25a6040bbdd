"""Drawn dancers: shapes, flags, and the same pictures for the same seed."""

import numpy as np

from drawing import dancers


def test_joints_lie_in_the_picture_or_are_zero():
    images, people = dancers.scenes(30, 64, 96, seed=3)
    assert images.shape == (30, 64, 96, 3) and images.dtype == np.uint8
    assert {len(joints) for joints in people} == {2, 3}
    for joints in people:
        assert joints.shape[1:] == (14, 3) and joints.dtype == np.float32
        x, y, flag = np.moveaxis(joints, -1, 0)
        assert (x > -0.5).all() and (x < 95.5).all() and (y > -0.5).all() and (y < 63.5).all()
        np.testing.assert_array_equal(joints[flag == 0], 0)
        assert (flag[:, 12] == 1).all()  # everybody's head is in the picture


def test_the_seed_decides_and_clothes_do_not_move_anybody():
    images, people = dancers.scenes(4, 64, 96, seed=5)
    again, _ = dancers.scenes(4, 64, 96, seed=5)
    np.testing.assert_array_equal(images, again)
    alike, same_people = dancers.scenes(4, 64, 96, seed=5, one_colour=True)
    np.testing.assert_array_equal(np.stack(people[0]), np.stack(same_people[0]))
    assert (alike != images).any()

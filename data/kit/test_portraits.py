"""Drawn people on different days."""

import numpy as np
import pytest

from data.kit import faces
from data.kit.portraits import portrait


def test_a_portrait_is_a_coloured_picture_and_another_each_day():
    someone = faces.random_identity(np.random.default_rng(0))
    rng = np.random.default_rng(1)
    first, second = (portrait(someone, rng) for _ in range(2))
    assert first.shape == (100, 100, 3) and first.dtype == np.uint8
    assert np.abs(first.astype(int) - second).mean() > 5
    assert np.ptp(first.astype(int), axis=2).max() > 10  # it has colours


@pytest.mark.parametrize("size", [64, 130, 200])
def test_a_portrait_has_the_size_asked_for(size):
    someone = faces.random_identity(np.random.default_rng(0))
    assert portrait(someone, np.random.default_rng(1), size=size).shape == (size, size, 3)

"""Drawn hands: the same each time, as many of each, with fingers that can be counted."""

import numpy as np
import pytest
from scipy import ndimage

from data.signs import generator
from utils import data


def test_a_picture_depends_on_the_seed_and_its_number_alone():
    one = generator.draw(0, 9, 3)
    assert one.shape == (64, 64, 3) and one.dtype == np.uint8
    np.testing.assert_array_equal(one, generator.draw(0, 9, 3), strict=True)
    assert (one != generator.draw(1, 9, 3)).any() and (one != generator.draw(0, 10, 3)).any()
    assert generator.draw(0, 9, 3, side=128).shape == (128, 128, 3)
    with pytest.raises(ValueError, match="0 to 5 fingers, not 6"):
        generator.draw(0, 0, 6)


def test_the_sample_has_the_parts_and_as_many_of_each_number():
    signs = data.load("signs", tier="sample")
    for part, count in generator.COUNTS.items():
        images, labels = signs.split(part)
        assert images.shape == (count, 64, 64, 3) and images.dtype == np.uint8
        assert np.bincount(labels).tolist() == [count // 6] * 6
    assert [int(name[0]) for name in signs.names] == signs.labels.tolist()


def hole(inside: np.ndarray) -> int:
    """Return how many pixels of wall the largest hole in a hand shows."""
    pieces, _ = ndimage.label(~inside)
    areas = np.bincount(pieces.ravel())[2:]  # 0 is the hand, 1 the wall around it
    return int(max(areas, default=0))

"""Drawn landscapes with one sight each."""

import numpy as np
import pytest

from data.kit.sights import KINDS, sights


def test_kinds_come_in_turn_and_the_first_pictures_do_not_depend_on_the_count():
    kinds = ("church", "fir", "gate")
    images, labels = sights(kinds, 7, side=32, seed=3)
    assert images.shape == (7, 32, 32, 3) and images.dtype == np.uint8
    np.testing.assert_array_equal(labels, [0, 1, 2, 0, 1, 2, 0])
    np.testing.assert_array_equal(images[:4], sights(kinds, 4, side=32, seed=3)[0])


def test_every_kind_is_drawn_and_two_seeds_share_no_picture():
    images, labels = sights(tuple(KINDS), len(KINDS), side=32, seed=0)
    assert sorted(labels) == list(range(len(KINDS)))
    assert images.std(axis=(1, 2, 3)).min() > 5  # none is blank
    others, _ = sights(tuple(KINDS), len(KINDS), side=32, seed=1)
    apart = np.abs(images[:, None].astype(int) - others[None]).mean(axis=(2, 3, 4))
    assert apart.min() > 5


def test_colour_alone_does_not_tell_the_kind():
    """A nearest mean colour finds the kind hardly more often than chance."""
    kinds = ("lighthouse", "windmill", "church")
    images, labels = sights(kinds, 300, side=16, seed=0)
    colours = images.mean(axis=(1, 2))
    means = np.stack([colours[:150][labels[:150] == k].mean(axis=0) for k in range(3)])
    nearest = np.linalg.norm(colours[150:, None] - means, axis=2).argmin(axis=1)
    assert (nearest == labels[150:]).mean() < 0.5


def test_an_unknown_kind_is_named_with_those_that_there_are():
    with pytest.raises(ValueError, match="'volcano'.*house, castle"):
        sights(("volcano",), 1)

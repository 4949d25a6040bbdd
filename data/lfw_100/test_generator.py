"""Drawn people in the layout of Labeled Faces in the Wild."""

import numpy as np
import pytest

from data.lfw_100 import generator as people


@pytest.fixture(scope="module")
def small() -> dict:
    return people.lfw_like(counts=(1, 2, 3), folds=2, n_pairs=4, seed=3)


def test_a_seed_draws_the_same_people_again(small):
    again = people.lfw_like(counts=(1, 2, 3), folds=2, n_pairs=4, seed=3)
    np.testing.assert_array_equal(again["images"], small["images"], strict=True)
    np.testing.assert_array_equal(again["pairs"], small["pairs"], strict=True)
    other = people.lfw_like(counts=(1, 2, 3), folds=2, n_pairs=4, seed=4)
    assert np.any(other["images"] != small["images"])


def test_people_folds_and_counts(small):
    assert small["images"].shape == (12, 100, 100, 3)
    np.testing.assert_array_equal(
        np.bincount(small["person"]), np.array([1, 2, 3, 1, 2, 3]), strict=True
    )
    np.testing.assert_array_equal(small["person_fold"], np.array([1, 1, 1, 2, 2, 2]), strict=True)


def test_pairs_are_what_they_are_called_and_come_once(small):
    who = small["person"][small["pairs"]]
    np.testing.assert_array_equal(who[:, 0] == who[:, 1], small["same"], strict=True)
    np.testing.assert_array_equal(
        small["person_fold"][who], np.repeat(small["pair_fold"][:, None], 2, axis=1), strict=True
    )
    assert len({tuple(sorted(pair)) for pair in small["pairs"].tolist()}) == 16
    assert small["same"].sum() == 8


def test_a_person_is_more_like_himself_than_like_others():
    """Pixels alone see it, but not well: there is something to learn."""
    sample = people.lfw_like(seed=0, folds=3)
    small = sample["images"][:, 15:90:3, 12:88:3].astype(float).mean(axis=3)
    flat = small.reshape(len(small), -1)
    flat = (flat - flat.mean(axis=1, keepdims=True)) / flat.std(axis=1, keepdims=True)
    gap = ((flat[sample["pairs"][:, 0]] - flat[sample["pairs"][:, 1]]) ** 2).mean(axis=1)
    same = sample["same"]
    nearer = (gap[same][:, None] < gap[~same][None, :]).mean()
    assert 0.55 < nearer < 0.9

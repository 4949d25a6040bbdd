"""Drawn sittings: reproducible, in the layout of the official set."""

import numpy as np

from data.olivetti.generator import olivetti_like


def test_the_same_seed_draws_the_same_people():
    first, again = (olivetti_like(3, 2, size=32, seed=5) for _ in range(2))
    other = olivetti_like(3, 2, size=32, seed=6)
    np.testing.assert_array_equal(first["images"], again["images"], strict=True)
    assert np.abs(first["images"] - other["images"]).max() > 0.1
    np.testing.assert_array_equal(first["person"], np.array([0, 0, 1, 1, 2, 2]), strict=True)


def test_the_layout_is_olivettis():
    drawn = olivetti_like(4, 10)
    assert drawn["images"].shape == (40, 64, 64) and drawn["images"].dtype == np.float32
    assert drawn["person"].dtype == np.int64
    assert np.bincount(drawn["person"]).tolist() == [10] * 4

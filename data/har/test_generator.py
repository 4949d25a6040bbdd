"""Drawn recordings: same layout as the real file, learnable, and harder for a new recording."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from data.har import generator as signals


@pytest.fixture(scope="module")
def drawn():
    return signals.har_like()


def windows(acceleration):
    """Cut one-second windows with half a window in common, (recordings, windows, 26, 3)."""
    view = np.lib.stride_tricks.sliding_window_view(acceleration, 26, axis=1)
    return view[:, ::13].swapaxes(2, 3)


def test_shape_type_and_range(drawn):
    acceleration, label = drawn
    assert acceleration.shape == (92, 1000, 3)
    assert (acceleration.dtype, label.dtype) == (np.float32, np.int64)
    assert np.bincount(label).tolist() == [36, 39, 17]
    assert (np.diff(label) >= 0).all()
    assert np.abs(acceleration).max() <= 4000
    np.testing.assert_array_equal(acceleration, np.rint(acceleration))


def test_the_seed_decides(drawn):
    np.testing.assert_array_equal(signals.har_like()[0], drawn[0])
    assert (signals.har_like(seed=1)[0] != drawn[0]).mean() > 0.9


def test_a_split_by_recording_is_harder_than_a_random_one(drawn):
    acceleration, label = drawn
    x = windows(acceleration).reshape(92, 75, -1)
    test = np.arange(92) % 4 == 0
    nearest = KNeighborsClassifier(1).fit(np.concatenate(x[~test]), np.repeat(label[~test], 75))
    by_recording = nearest.score(np.concatenate(x[test]), np.repeat(label[test], 75))
    mixed, y = np.concatenate(x), np.repeat(label, 75)
    order = np.random.default_rng(0).permutation(len(y))
    known, new = order[1725:], order[:1725]
    at_random = KNeighborsClassifier(1).fit(mixed[known], y[known]).score(mixed[new], y[new])
    assert at_random > 0.98
    assert by_recording < at_random - 0.08

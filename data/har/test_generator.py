"""Drawn recordings: same layout as the real file, learnable, and harder for a new recording."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from data.har import generator as signals

RATE = 26.0


@pytest.fixture(scope="module")
def drawn():
    return signals.har_like()


def strength(acceleration):
    """Standard deviation of the length of the acceleration, one a recording."""
    return np.linalg.norm(acceleration, axis=-1).std(axis=-1)


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


def test_gravity_is_measured_whatever_the_activity(drawn):
    acceleration, _ = drawn
    size = np.linalg.norm(acceleration, axis=-1).mean(axis=1)
    assert (size > 900).all()
    still = acceleration[drawn[1] == 0]
    assert np.abs(np.linalg.norm(still, axis=-1).mean(axis=1) - 1000).max() < 30


def test_activities_differ_in_strength_and_step_frequency(drawn):
    acceleration, label = drawn
    middle = [np.median(strength(acceleration)[label == k]) for k in range(3)]
    assert middle[0] < 60 < middle[1] < 450 < middle[2]
    size = np.linalg.norm(acceleration, axis=-1)
    spectrum = np.abs(np.fft.rfft(size - size.mean(axis=1, keepdims=True)))
    peak = np.fft.rfftfreq(1000, 1 / RATE)[spectrum.argmax(axis=1)]
    assert 1.4 < np.median(peak[label == 1]) < 2.1
    assert 2.4 < np.median(peak[label == 2]) < 3.2


def test_orientations_differ_between_recordings(drawn):
    acceleration, label = drawn
    mean = acceleration[label == 1].mean(axis=1)
    mean /= np.linalg.norm(mean, axis=1, keepdims=True)
    angles = np.degrees(np.arccos(np.clip(mean @ mean.T, -1, 1)))[np.triu_indices(len(mean), 1)]
    assert np.median(angles) > 60
    assert (angles < 15).sum() >= 10  # recordings of one session


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


def test_the_strength_of_a_window_tells_most_but_not_all(drawn):
    acceleration, label = drawn
    x = np.linalg.norm(windows(acceleration), axis=-1).std(axis=-1)
    test = np.arange(92) % 4 == 0
    tree = DecisionTreeClassifier(max_leaf_nodes=3)
    tree.fit(x[~test].reshape(-1, 1), np.repeat(label[~test], 75))
    assert 0.9 < tree.score(x[test].reshape(-1, 1), np.repeat(label[test], 75)) < 0.995


@pytest.mark.parametrize("n", [3, 4, 5, 10, 91, 92, 93, 200])
def test_shares_of_the_classes(n):
    counts = signals.class_counts(n)
    assert counts.sum() == n
    assert (counts >= 1).all()
    assert np.abs(counts - n * np.array(signals.COUNTS) / 92).max() < 1.5


def test_other_sizes():
    acceleration, label = signals.har_like(n_recordings=7, samples=130, rate=50.0, seed=3)
    assert acceleration.shape == (7, 130, 3)
    assert set(label) == {0, 1, 2}
    assert signals.har_like(3, samples=1)[0].shape == (3, 1, 3)


@pytest.mark.parametrize("bad", [{"n_recordings": 2}, {"samples": 0}])
def test_too_small_is_refused(bad):
    with pytest.raises(ValueError, match="har_like needs"):
        signals.har_like(**bad)


def test_a_rotation_keeps_lengths_and_handedness():
    turn = signals.random_rotation(np.random.default_rng(0))
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(turn) == pytest.approx(1)

"""Drawn roads: boxes, masks and labels agree, and things look different from one another."""

import numpy as np
import pytest

from data.kit import roads


@pytest.fixture(scope="module")
def drawn() -> roads.Scenes:
    return roads.scenes(40, 96, 128, objects=(1, 4), seed=3)


def test_arrays_have_their_shapes_and_types(drawn):
    assert drawn.images.shape == (40, 96, 128, 3) and drawn.images.dtype == np.uint8
    assert drawn.masks.shape == (40, 96, 128) and drawn.masks.dtype == np.uint8
    for boxes, labels in zip(drawn.boxes, drawn.labels, strict=True):
        assert boxes.shape == (len(labels), 4) and boxes.dtype == np.float32
        assert labels.dtype == np.int64 and 1 <= len(labels) <= 4
    assert set(np.concatenate(drawn.labels)) == {0, 1, 2}


def test_a_box_is_the_frame_of_the_pixels_that_are_seen(drawn):
    for mask, boxes in zip(drawn.masks, drawn.boxes, strict=True):
        assert mask.max() <= len(boxes)
        for k, (x1, y1, x2, y2) in enumerate(boxes.astype(int)):
            rows, columns = np.nonzero(mask == k + 1)
            assert (x1, x2) == (columns.min(), columns.max() + 1)
            assert (y1, y2) == (rows.min(), rows.max() + 1)


def test_the_same_seed_gives_the_same_pictures_and_another_one_others(drawn):
    again = roads.scenes(40, 96, 128, objects=(1, 4), seed=3)
    np.testing.assert_array_equal(drawn.images, again.images, strict=True)
    np.testing.assert_array_equal(drawn.masks, again.masks, strict=True)
    other = roads.scenes(40, 96, 128, objects=(1, 4), seed=4)
    assert all((one != two).any() for one, two in zip(drawn.images, other.images, strict=True))


def test_empty_roads_are_allowed_and_nonsense_is_not():
    empty = roads.scenes(3, 48, 64, objects=(0, 0), seed=1)
    assert empty.masks.max() == 0 and all(one.shape == (0, 4) for one in empty.boxes)
    with pytest.raises(ValueError, match=r"objects.*\(2, 1\)"):
        roads.scenes(1, objects=(2, 1))
    with pytest.raises(ValueError, match=r"classes.*\(3,\)"):
        roads.scenes(1, classes=(3,))


def test_crops_hold_all_labels_equally_often():
    images, labels = roads.crops(40, 14, seed=0)
    assert images.shape == (40, 14, 14, 3) and images.dtype == np.uint8
    np.testing.assert_array_equal(np.bincount(labels), np.full(4, 10), strict=True)
    again, _ = roads.crops(40, 14, seed=0)
    np.testing.assert_array_equal(images, again, strict=True)


def test_a_simple_rule_learns_crops_better_than_chance():
    from sklearn.linear_model import LogisticRegression

    def contrast(images: np.ndarray) -> np.ndarray:
        grey = images.mean(axis=-1).reshape(len(images), -1)
        grey = grey - grey.mean(axis=1, keepdims=True)
        return np.concatenate([np.abs(grey), grey], axis=1) / 60

    images, labels = roads.crops(240, 14, seed=1)
    features = contrast(images)
    rule = LogisticRegression(C=0.02, max_iter=300).fit(features[:160], labels[:160])
    assert rule.score(features[160:], labels[160:]) > 0.45


def test_a_clip_keeps_its_objects_while_they_move():
    moving = roads.clip(10, 64, 96, objects=3, seed=2)
    assert moving.images.shape == (10, 64, 96, 3)
    assert all((one == moving.labels[0]).all() for one in moving.labels)
    middles = np.array([(b[:, :2] + b[:, 2:]) / 2 for b in moving.boxes])
    assert np.abs(middles[-1] - middles[0]).max() > 2
    for mask, boxes in zip(moving.masks, moving.boxes, strict=True):
        for k in range(3):
            assert (mask == k + 1).any() == (boxes[k] != 0).any()
    still = (moving.masks == 0).all(axis=0)
    change = np.ptp(moving.images[:, still].astype(int), axis=0)
    assert np.median(change) < 25  # the street stands still: only the sensor's noise differs

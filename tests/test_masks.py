"""Masks: checked, compared, drawn."""

import numpy as np
import pytest

from utils import masks


def some_mask(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((12, 17)) < 0.4


def test_dice_and_iou_by_hand():
    truth, predicted = np.zeros((4, 4), bool), np.zeros((4, 4), bool)
    truth[:2], predicted[1:3] = True, True  # 8 pixels each, 4 in common
    assert masks.dice(truth, predicted) == 0.5
    assert masks.iou(truth, predicted) == 4 / 12


def test_dice_is_symmetric_one_on_itself_and_follows_from_iou():
    a, b = some_mask(0), some_mask(1)
    assert masks.dice(a, b) == masks.dice(b, a)
    assert masks.dice(a, a) == masks.iou(a, a) == 1
    both = masks.iou(a, b)
    assert masks.dice(a, b) == pytest.approx(2 * both / (1 + both))
    assert masks.dice(a, ~a) == masks.iou(a, ~a) == 0


def test_two_empty_masks_agree():
    nothing = np.zeros((3, 3), np.uint8)
    assert masks.dice(nothing, nothing) == masks.iou(nothing, nothing) == 1
    assert masks.dice(nothing, nothing + 1) == 0


def test_masks_of_two_sizes_are_refused():
    for compare in (masks.dice, masks.iou):
        with pytest.raises(ValueError, match=r"shapes \(3, 3\) and \(1, 3\)"):
            compare(np.zeros((3, 3), int), np.zeros((1, 3), int))


@pytest.mark.parametrize(
    ("mask", "told"),
    [
        (np.zeros((4, 6), int), r"shape \(4, 6\), its image \(5, 6\)"),
        (np.zeros((5, 6)), "not float64"),
        (np.full((5, 6), 7), r"labels \[7\] where only \[0, 1, 255\]"),
    ],
)
def test_mask_that_does_not_fit_is_told(mask, told):
    with pytest.raises(ValueError, match=told):
        masks.check(mask, (5, 6, 3), values=(0, 255, 1))


def test_mask_that_fits_passes():
    masks.check(some_mask(), (12, 17), values=(0, 1))
    masks.check(np.full((5, 6), 9, np.uint8), (5, 6, 3))


def test_overlay_leaves_the_background_and_mixes_the_rest():
    image = np.full((2, 2), 100, np.uint8)
    drawn = masks.overlay(image, np.array([[0, 1], [2, 0]]), alpha=0.5)
    assert drawn.shape == (2, 2, 3) and drawn.dtype == np.uint8
    np.testing.assert_array_equal(drawn[0, 0], [100, 100, 100])
    np.testing.assert_array_equal(drawn[0, 1], np.round(50 + np.array(masks.COLORS[0]) / 2))
    np.testing.assert_array_equal(drawn[1, 0], np.round(50 + np.array(masks.COLORS[1]) / 2))


def test_overlay_takes_floats_colours_and_bool():
    image = np.full((3, 3, 3), 0.5)
    drawn = masks.overlay(image, np.ones((3, 3), bool), alpha=1.0)
    np.testing.assert_array_equal(drawn, np.broadcast_to(masks.COLORS[0], (3, 3, 3)))
    many = masks.overlay(image, np.full((3, 3), len(masks.COLORS) + 1), alpha=1.0)
    np.testing.assert_array_equal(many, drawn)


@pytest.mark.parametrize(
    ("image", "alpha", "told"),
    [
        (np.float32([[0, 255]]), 0.5, "floats of 0 to 255"),
        (np.float32([[-1, 0.5]]), 0.5, "floats of -1 to 0.5"),
        (np.uint8([[0, 255]]), 50, "alpha=50"),
        (np.uint8([[0, 255]]), -0.1, "alpha=-0.1"),
    ],
)
def test_overlay_refuses_another_white_and_another_share(image, alpha, told):
    with pytest.raises(ValueError, match=told):
        masks.overlay(image, np.ones((1, 2), int), alpha)


def test_outline_is_the_rim_of_a_mask():
    mask = np.zeros((7, 7), int)
    mask[1:6, 1:6] = 3
    rim = masks.outline(mask)
    assert rim.sum() == 16 and not rim[2:5, 2:5].any()
    assert masks.outline(mask, width=2).sum() == 24
    assert not masks.outline(np.zeros((4, 4))).any()

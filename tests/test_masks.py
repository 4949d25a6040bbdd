"""Masks: checked, compared, drawn."""

import numpy as np
import pytest

from utils import masks


def test_dice_and_iou_by_hand():
    truth, predicted = np.zeros((4, 4), bool), np.zeros((4, 4), bool)
    truth[:2], predicted[1:3] = True, True  # 8 pixels each, 4 in common
    assert masks.dice(truth, predicted) == 0.5
    assert masks.iou(truth, predicted) == 4 / 12


@pytest.mark.parametrize("compare", [masks.dice, masks.iou])
def test_empty_masks_agree_and_masks_of_another_size_are_refused(compare):
    assert compare(np.zeros((4, 4)), np.zeros((4, 4))) == 1
    with pytest.raises(ValueError, match=r"\(4, 4\).*\(4, 1\)"):
        compare(np.ones((4, 4)), np.ones((4, 1)))


@pytest.mark.parametrize("mask", [np.zeros((4, 6), int), np.zeros((5, 6))])
def test_a_mask_that_does_not_fit_is_refused(mask):
    with pytest.raises(ValueError, match=r"\(5, 6, 3\)"):
        masks.overlay(np.zeros((5, 6, 3), np.uint8), mask)


@pytest.mark.parametrize(
    "picture",
    [np.ones((5, 6)), np.ones((5, 6, 3), int), np.ones((5, 6, 4), np.uint8),
     np.ones((5, 6, 1), np.uint8)],
)  # fmt: skip
def test_a_picture_that_is_not_grey_or_rgb_in_bytes_is_refused(picture):
    with pytest.raises(ValueError, match="uint8"):
        masks.overlay(picture, np.zeros((5, 6), int))


def test_overlay_leaves_the_background_and_mixes_the_rest():
    image = np.full((2, 2), 100, np.uint8)
    drawn = masks.overlay(image, np.array([[0, 1], [2, 0]]), alpha=0.5)
    assert drawn.shape == (2, 2, 3) and drawn.dtype == np.uint8
    np.testing.assert_array_equal(drawn[0, 0], [100, 100, 100])
    np.testing.assert_array_equal(drawn[0, 1], np.round(50 + np.array(masks.COLORS[0]) / 2))
    np.testing.assert_array_equal(drawn[1, 0], np.round(50 + np.array(masks.COLORS[1]) / 2))


def test_instances_have_a_mask_and_a_box_each_in_the_order_of_their_numbers():
    numbered = np.array([[0, 2, 2], [1, 0, 2], [0, 0, 0], [4, 4, 0]], np.uint8)
    found, boxes = masks.instances(numbered)
    np.testing.assert_array_equal(found, [numbered == k for k in (1, 2, 3, 4)], strict=True)
    wanted = np.array([[0, 1, 1, 2], [1, 0, 3, 2], [0, 0, 0, 0], [0, 3, 2, 4]], float)
    np.testing.assert_array_equal(boxes, wanted, strict=True)
    nobody, boxes = masks.instances(np.zeros((2, 3), np.uint8))
    assert nobody.shape == (0, 2, 3) and boxes.shape == (0, 4)

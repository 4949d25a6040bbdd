"""Overlap, suppression and pairing of boxes."""

import numpy as np
import pytest

from utils.boxes import iou_matrix, match_boxes, non_max_suppression


def test_iou_by_hand():
    a = np.array([[0, 0, 10, 10]])
    b = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [10, 0, 20, 10], [2, 2, 4, 4]])
    np.testing.assert_allclose(iou_matrix(a, b), [[1, 50 / 150, 0, 0.04]], rtol=1e-12)
    np.testing.assert_allclose(iou_matrix(a, b, over="smaller"), [[1, 0.5, 0, 1]], rtol=1e-12)


def test_iou_of_empty_and_degenerate_boxes():
    assert iou_matrix(np.empty((0, 4)), np.ones((3, 4))).shape == (0, 3)
    assert iou_matrix([], []).shape == (0, 0)
    np.testing.assert_array_equal(
        iou_matrix([[5, 5, 5, 5]], [[5, 5, 5, 5], [0, 0, 9, 9]]), [[0, 0]]
    )


@pytest.mark.parametrize(
    "boxes", [np.zeros((4, 3)), np.zeros(8), np.zeros((2, 2, 4)), np.float64(3), np.zeros((3, 5))]
)
def test_what_is_no_box_is_refused(boxes):
    for call in (lambda: iou_matrix(boxes, []), lambda: match_boxes(np.ones((1, 4)), boxes)):
        with pytest.raises(ValueError, match=r"\(n, 4\)"):
            call()
    with pytest.raises(ValueError, match=r"\(n, 4\)"):
        non_max_suppression(boxes, np.zeros(3))


@pytest.mark.parametrize("value", [-1, -1.5, 1.01, np.nan, None, "0.5"])
def test_what_is_no_overlap_is_named(value):
    one = np.array([[0, 0, 9, 9]])
    with pytest.raises(ValueError, match=f"minimum={value!r}"):
        match_boxes(one, one, value)
    with pytest.raises(ValueError, match=f"threshold={value!r}"):
        non_max_suppression(one, [0.5], value)
    with pytest.raises(ValueError, match=f"over={value!r}"):
        iou_matrix(one, one, over=value)


def test_scores_are_one_a_box():
    with pytest.raises(ValueError, match=r"scores .*\(2,\).*\(3,\)"):
        non_max_suppression(np.ones((2, 4)), [0.1, 0.2, 0.3])


def test_one_box_may_be_given_without_brackets():
    np.testing.assert_array_equal(iou_matrix([0, 0, 2, 2], [[0, 0, 2, 1]]), [[0.5]])


def test_suppression_keeps_the_best_and_is_greedy():
    # b overlaps a and c; a and c do not overlap: once b is gone, c must stay
    boxes = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [10.5, 0, 20, 10]])
    kept = non_max_suppression(boxes, np.array([0.9, 0.8, 0.7]), 0.2)
    np.testing.assert_array_equal(kept, np.array([0, 2]), strict=True)
    np.testing.assert_array_equal(non_max_suppression(boxes, [0.1, 0.9, 0.2], 0.2), [1])
    nothing = non_max_suppression(np.empty((0, 4)), np.empty(0))
    assert nothing.shape == (0,) and nothing.dtype == np.int64


def test_matching_takes_each_box_once():
    true = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [40, 40, 50, 50]])
    found = np.array([[1, 0, 11, 10], [90, 90, 99, 99]])
    np.testing.assert_array_equal(match_boxes(found, true), np.array([-1, 0, -1]), strict=True)
    np.testing.assert_array_equal(match_boxes(np.empty((0, 4)), true), [-1, -1, -1])
    assert match_boxes(found, np.empty((0, 4))).shape == (0,)

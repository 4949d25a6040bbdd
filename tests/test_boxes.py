"""Overlap, suppression and pairing of boxes."""

import numpy as np

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

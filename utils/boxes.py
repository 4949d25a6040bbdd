"""Boxes as rows of x1 y1 x2 y2: the reference that notebooks and tests compare with.

An array of four numbers is one box, and an empty one is no box. ValueError where an argument has
another shape or value than its function says.
"""

import numpy as np

from utils._arguments import check_range


def iou_matrix(a: np.ndarray, b: np.ndarray, *, over: str = "union") -> np.ndarray:
    """Return how much each box (n, 4) of one set overlaps each (m, 4) of another, (n, m) float64.

    The common area is divided by that of the union (IoU), or with ``over="smaller"`` by that of the
    smaller box, which also finds a box that lies inside another. A box with x2 <= x1 or y2 <= y1
    has no area; where neither has one, the overlap is 0.
    """
    if over not in ("union", "smaller"):
        raise ValueError(f'over={over!r} is not known; use "union" or "smaller".')
    a, b = _rows(a), _rows(b)
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    common = np.prod(np.maximum(high - low, 0), axis=-1)  # (n, m)
    area_a, area_b = _area(a)[:, None], _area(b)[None, :]
    whole = area_a + area_b - common if over == "union" else np.minimum(area_a, area_b)
    return np.divide(common, whole, out=np.zeros_like(common), where=whole > 0)


def non_max_suppression(
    boxes: np.ndarray, scores: np.ndarray, threshold: float = 0.5
) -> np.ndarray:
    """Keep the best of the boxes that overlap: the greedy form.

    The box with the highest score stays, all whose IoU with it is more than ``threshold`` (0 to 1)
    go, and so on with what is left. Takes boxes (n, 4) and scores (n,) of any real type; returns
    the indices of the boxes that stay, (k,) int64, the highest score first.
    """
    check_range("[0, 1]", threshold=threshold)
    boxes, scores = _rows(boxes), np.asarray(scores, np.float64)  # bytes have no minus
    if scores.shape != boxes.shape[:1]:
        raise ValueError(f"scores have the shape {boxes.shape[:1]}, one a box, not {scores.shape}.")
    left = np.argsort(-scores, kind="stable")
    indices = []
    while len(left):
        best, left = left[0], left[1:]
        indices.append(best)
        left = left[iou_matrix(boxes[best], boxes[left])[0] <= threshold]
    return np.array(indices, dtype=np.int64)


def match_boxes(predicted: np.ndarray, true: np.ndarray, minimum: float = 0.5) -> np.ndarray:
    """Pair predicted boxes (n, 4) with true ones (m, 4), the best overlap first, each box once.

    ``minimum`` (0 to 1) is the smallest IoU of a pair. Returns (m,) int64: for each true box the
    index of the predicted one, -1 for none.
    """
    check_range("[0, 1]", minimum=minimum)
    overlap = iou_matrix(predicted, true)
    pairs = np.full(overlap.shape[1], -1, dtype=np.int64)
    while overlap.size and overlap.max() >= minimum:
        i, j = np.unravel_index(overlap.argmax(), overlap.shape)
        pairs[j] = i
        overlap[i, :] = overlap[:, j] = -1
    return pairs


def _rows(boxes: np.ndarray) -> np.ndarray:
    boxes = np.asarray(boxes, np.float64)
    if boxes.size and (boxes.ndim > 2 or boxes.shape[-1:] != (4,)):
        raise ValueError(f"boxes have the shape (n, 4), x1 y1 x2 y2 a row, not {boxes.shape}.")
    return boxes.reshape(-1, 4)


def _area(boxes: np.ndarray) -> np.ndarray:
    return np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=-1)

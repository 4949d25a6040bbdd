"""Boxes as rows of x1 y1 x2 y2: the reference that notebooks and tests compare with."""

from __future__ import annotations

import numpy as np


def iou_matrix(a: np.ndarray, b: np.ndarray, *, over: str = "union") -> np.ndarray:
    """Return how much each box of one set overlaps each box of another.

    Parameters
    ----------
    a, b : np.ndarray
        (n, 4) and (m, 4), x1 y1 x2 y2. A box with x2 <= x1 or y2 <= y1 has no area.
    over : {"union", "smaller"}
        Divide the common area by the area of the union (IoU), or by that of the smaller box,
        which also finds a box that lies inside another.

    Returns
    -------
    np.ndarray
        (n, m) float64 in 0..1; 0 where both boxes have no area.
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
    boxes: np.ndarray, scores: np.ndarray, threshold: float = 0.5, *, over: str = "union"
) -> np.ndarray:
    """Keep the best of the boxes that overlap: the greedy form.

    The box with the highest score stays, all that overlap it by more than ``threshold`` go, and
    so on with what is left.

    Parameters
    ----------
    boxes, scores : np.ndarray
        (n, 4) and (n,).
    threshold : float
        Largest overlap that two kept boxes may have.
    over : {"union", "smaller"}
        As in ``iou_matrix``.

    Returns
    -------
    np.ndarray
        (k,) int64, indices of the kept boxes, the highest score first.
    """
    boxes, scores = _rows(boxes), np.asarray(scores)
    if scores.shape != (len(boxes),):
        raise ValueError(f"{len(boxes)} boxes need scores of shape ({len(boxes)},), not "
                         f"{scores.shape}.")  # fmt: skip
    left = np.argsort(-scores.astype(np.float64), kind="stable")  # bytes have no minus
    kept = []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(best)
        left = left[iou_matrix(boxes[best], boxes[left], over=over)[0] <= threshold]
    return np.array(kept, dtype=np.int64)


def match_boxes(found: np.ndarray, true: np.ndarray, minimum: float = 0.5) -> np.ndarray:
    """Pair found boxes with true ones, the best overlap first, each box once.

    Parameters
    ----------
    found, true : np.ndarray
        (n, 4) and (m, 4).
    minimum : float
        Smallest IoU that counts as found.

    Returns
    -------
    np.ndarray
        (m,) int64: for each true box the index of the box that found it, -1 for none.
    """
    overlap = iou_matrix(found, true)
    pairs = np.full(overlap.shape[1], -1, dtype=np.int64)
    while overlap.size and overlap.max() >= minimum:
        i, j = np.unravel_index(overlap.argmax(), overlap.shape)
        pairs[j] = i
        overlap[i, :] = overlap[:, j] = -1
    return pairs


def _rows(boxes: np.ndarray) -> np.ndarray:
    rows = np.asarray(boxes, dtype=np.float64)
    if rows.size == 0:
        return rows.reshape(0, 4)
    if rows.ndim not in (1, 2) or rows.shape[-1] != 4:
        raise ValueError(f"boxes are rows of x1 y1 x2 y2; this array has the shape {rows.shape}.")
    return rows.reshape(-1, 4)


def _area(boxes: np.ndarray) -> np.ndarray:
    return np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=-1)

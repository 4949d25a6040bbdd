"""Masks that belong to images: checked, compared, drawn. The reference that notebooks test with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.core.pictures import check_mask as check

__all__ = ["COLORS", "check", "class_ious", "dice", "iou", "outline", "overlay"]

# Okabe and Ito: told apart with any colour vision. Label 1 is orange, 2 sky blue, and so on.
COLORS = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (204, 121, 167),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
)


def dice(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return twice the common area over the sum of both areas.

    Parameters
    ----------
    truth, predicted : np.ndarray
        Of one shape; what is not 0 belongs to the mask.

    Returns
    -------
    float
        0 to 1; 1 where both are empty. It is 2 IoU / (1 + IoU).

    Raises
    ------
    ValueError
        For masks of different shapes.
    """
    common, first, second = _areas(truth, predicted)
    return 2 * common / (first + second) if first + second else 1.0


def iou(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return the common area over the area of the union; 1 where both are empty."""
    common, first, second = _areas(truth, predicted)
    union = first + second - common
    return common / union if union else 1.0


def class_ious(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Return the IoU of each class over all pixels of all images together.

    Parameters
    ----------
    truth, predicted : np.ndarray
        Integers of one shape. Pixels whose truth is outside 0..classes-1 are left out, so -1 or
        255 can mark what nobody knows.
    classes : int
        Number of classes.

    Returns
    -------
    np.ndarray
        (classes,) float64; NaN for a class that neither holds.

    Raises
    ------
    ValueError
        For different shapes, or a predicted class that does not exist.
    """
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    _same_shape(truth, predicted)
    known = (truth >= 0) & (truth < classes)
    truth, predicted = truth[known].astype(np.int64), predicted[known].astype(np.int64)
    if predicted.size and not 0 <= predicted.min() <= predicted.max() < classes:
        raise ValueError(
            f"Predicted labels go from {predicted.min()} to {predicted.max()}, but there are "
            f"{classes} classes, 0 to {classes - 1}."
        )
    counts = np.bincount(truth * classes + predicted, minlength=classes**2)
    table = counts.reshape(classes, classes)  # rows: truth, columns: predicted
    common = np.diag(table).astype(float)
    union = table.sum(0) + table.sum(1) - np.diag(table)
    return np.divide(common, union, out=np.full(classes, np.nan), where=union > 0)


def outline(mask: np.ndarray, width: int = 1) -> np.ndarray:
    """Return the pixels of a mask that lie within ``width`` of its border.

    Parameters
    ----------
    mask : np.ndarray
        (h, w); what is not 0 belongs to the mask. The rim of the image counts as border.
    width : int
        In pixels.

    Returns
    -------
    np.ndarray
        (h, w) bool.
    """
    from scipy import ndimage

    inside = np.asarray(mask) != 0
    return inside & ~ndimage.binary_erosion(inside, iterations=width)


def overlay(
    image: np.ndarray,
    mask: np.ndarray,
    alpha: float = 0.5,
    colors: Sequence[tuple[int, int, int]] = COLORS,
) -> np.ndarray:
    """Return the image with its mask drawn over it: label 0 is left as it is.

    Parameters
    ----------
    image : np.ndarray
        (h, w) grey or (h, w, 3) RGB; uint8, or float in 0..1.
    mask : np.ndarray
        (h, w), integers or bool.
    alpha : float
        How much of the colour is seen, 0 to 1.
    colors : sequence of (red, green, blue)
        0..255; label 1 has the first, and after the last it starts again.

    Returns
    -------
    np.ndarray
        (h, w, 3) uint8.
    """
    check(mask, np.shape(image))
    picture = np.asarray(image)
    if picture.dtype.kind == "f":
        picture = np.clip(picture, 0, 1) * 255
    if picture.ndim == 2:
        picture = np.repeat(picture[:, :, None], 3, axis=2)
    labels = np.asarray(mask).astype(np.int64)
    paint = np.asarray(colors, float)[(labels - 1) % len(colors)]  # (h, w, 3)
    strength = np.where(labels == 0, 0.0, alpha)[:, :, None]
    return np.round((1 - strength) * picture + strength * paint).astype(np.uint8)


def _areas(truth: np.ndarray, predicted: np.ndarray) -> tuple[float, float, float]:
    """Return the common area and the two areas, in pixels."""
    truth, predicted = np.asarray(truth) != 0, np.asarray(predicted) != 0
    _same_shape(truth, predicted)
    return float((truth & predicted).sum()), float(truth.sum()), float(predicted.sum())


def _same_shape(truth: np.ndarray, predicted: np.ndarray) -> None:
    if truth.shape != predicted.shape:
        raise ValueError(
            f"Masks of shapes {truth.shape} and {predicted.shape} cannot be compared: bring them "
            "to one size first (labels by nearest neighbour)."
        )

"""Masks that belong to images: compared and drawn. The reference that notebooks test with."""

from collections.abc import Sequence

import numpy as np

from utils import plots

# Label 1 is orange, 2 sky blue, and so on.
COLORS = tuple(tuple(bytes.fromhex(plots.PALETTE[k][1:])) for k in (1, 4, 2, 3, 6, 0, 5))


def dice(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return twice the common area over the sum of both areas of two masks of one shape.

    What is not 0 belongs to a mask. It is 2 IoU / (1 + IoU), and 1 where both are empty.
    """
    common, first, second = _areas(truth, predicted)
    return 2 * common / (first + second) if first + second else 1.0


def iou(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return the common area over the area of the union; 1 where both are empty."""
    common, first, second = _areas(truth, predicted)
    union = first + second - common
    return common / union if union else 1.0


def overlay(
    image: np.ndarray, mask: np.ndarray, alpha: float = 0.5, colors: Sequence[Sequence] = COLORS
) -> np.ndarray:
    """Return the image with its mask drawn over it, (h, w, 3) uint8: label 0 is left as it is.

    The image is uint8, (h, w) grey or (h, w, 3) RGB; ``alpha``, 0 to 1, says how much of the colour
    is seen. Label 1 has the first of ``colors``, (red, green, blue) in 0..255, and after the last
    it starts again.
    """
    picture, mask = np.asarray(image), np.asarray(mask)
    if mask.shape != picture.shape[:2] or mask.dtype.kind not in "bui":
        raise ValueError(
            f"a mask of {mask.shape} {mask.dtype} does not fit a picture of {picture.shape}: it "
            "holds a label a pixel, as integers or bool."
        )
    if picture.dtype != np.uint8 or picture.shape[2:] not in ((), (3,)):
        raise ValueError(
            f"the picture is {picture.shape} {picture.dtype}: uint8 is wanted, (h, w) grey or "
            "(h, w, 3) RGB."
        )
    if picture.ndim == 2:
        picture = np.repeat(picture[:, :, None], 3, axis=2)
    labels = mask.astype(np.int64)
    paint = np.asarray(colors, float)[(labels - 1) % len(colors)]  # (h, w, 3)
    strength = np.where(labels == 0, 0.0, alpha)[:, :, None]
    return np.round((1 - strength) * picture + strength * paint).astype(np.uint8)


def _areas(truth: np.ndarray, predicted: np.ndarray) -> tuple[float, float, float]:
    """Return the common area and the two areas, in pixels."""
    truth, predicted = np.asarray(truth) != 0, np.asarray(predicted) != 0
    if truth.shape != predicted.shape:
        raise ValueError(f"masks of {truth.shape} and of {predicted.shape} cannot be compared.")
    return float((truth & predicted).sum()), float(truth.sum()), float(predicted.sum())

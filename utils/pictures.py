"""Pictures from files and archives as arrays of known shape and type, by Pillow and OpenCV."""

import numpy as np

from data.core.pictures import read

__all__ = ["read", "shrink"]


def shrink(image: np.ndarray, longest: int) -> tuple[np.ndarray, float]:
    """Bound the longer side of a picture; return it and its scale (1.0: as it was)."""
    import cv2

    height, width = image.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return image, 1.0
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), scale

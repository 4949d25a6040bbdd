"""What a camera does to a picture: exposure, tint, blur, the sensor's noise, whole numbers.

A picture on its way is an array of floats, (h, w, c), in [0, 1] unless stated otherwise.
"""

import cv2
import numpy as np

from drawing.palette import LUMA


def evened(skin: object, tone: float = 0.62, share: float = 0.6) -> float:
    """Return the exposure with which a camera evens out how bright people's skin (r, g, b) is.

    A ``share`` of 1 brings every skin to the grey ``tone``, 0 leaves it as it is.
    """
    return (tone / float(LUMA @ skin)) ** share


def tint(rng: np.random.Generator, spread: float) -> np.ndarray:
    """Draw factors on r, g, b, shape (3,), that lie ``spread`` off 1."""
    return np.exp(rng.normal(0, spread, 3))


def blurred(picture: np.ndarray, sigma: float) -> np.ndarray:
    """Return a picture out of focus by ``sigma`` pixels."""
    return cv2.GaussianBlur(picture, (0, 0), sigma)


def noisy(
    picture: np.ndarray, sd: float, rng: np.random.Generator, *, grey: bool = False
) -> np.ndarray:
    """Add a sensor's noise, in the picture's own precision; ``grey`` is the same in all colours."""
    shape = (*picture.shape[:2], 1) if grey else picture.shape
    return picture + sd * rng.standard_normal(shape, picture.dtype)


def grain(side: int, rng: np.random.Generator, *, enlarged: bool) -> np.ndarray:
    """Return noise of unit size, (side, side, 1) float32: white, or made at half the size."""
    if not enlarged:
        return rng.standard_normal((side, side, 1), np.float32)
    half = rng.standard_normal((side // 2, side // 2), np.float32)
    noise = cv2.resize(half, (side, side), interpolation=cv2.INTER_LINEAR)
    return (noise / noise.std())[..., None]


def to_uint8(picture: np.ndarray, white: float = 1.0) -> np.ndarray:
    """Round a picture from [0, white] to 0..255; what lies outside is cut off."""
    return np.round(np.clip(picture, 0, white) * (255 / white)).astype(np.uint8)


def photographed(
    large: np.ndarray, shape: tuple[int, int], tint: np.ndarray, noise: float, rng: object
) -> np.ndarray:
    """Take a picture that was drawn large: shrunk, tinted and noisy, (*shape, 3) uint8."""
    small = cv2.resize(large, shape[::-1], interpolation=cv2.INTER_AREA)
    return to_uint8(noisy(small * tint, noise, rng, grey=True))

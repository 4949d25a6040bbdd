"""Swaps of photographs whose faces lie alike, 100x100, by the recipe of ``forged_faces``.

The inner face of another person, who looks and is lit most alike among some that were drawn,
replaces that of the photographed one. It is a little softer, since a swap's face is made small and
enlarged; its colour is matched to that of the head, not quite; its border is blurred.
"""

import cv2
import numpy as np

from drawing import camera

SIDE = 100
CANDIDATES = 24  # people from whom the face is taken that suits the head best
CENTRE = (50.0, 57.0)  # x and y of the inner face in LFW's aligned photographs
AXES = (25.0, 32.0)  # its half width, and its half height from the brows to the chin
QUALITY = 90  # of the JPEG compression of every picture, real or swapped
THUMBNAIL = 16


def thumbnails(images: np.ndarray) -> np.ndarray:
    """Return the middles of pictures, grey, small and standardised, (n, 256) float32.

    ``images`` is (n, 100, 100, 3) uint8. The nearer two of them are, the more alike pose, light
    and expression.
    """
    middle = images[:, 20:90, 22:78].astype(np.float32).mean(axis=3)
    side = (THUMBNAIL, THUMBNAIL)
    small = np.array([cv2.resize(m, side, interpolation=cv2.INTER_AREA).ravel() for m in middle])
    small -= small.mean(axis=1, keepdims=True)
    return small / (small.std(axis=1, keepdims=True) + 1)


def swapped(
    head: np.ndarray, face: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Paste the inner ``face`` into ``head``, both (100, 100, 3) uint8.

    Returns the picture, (100, 100, 3) uint8, not yet compressed, and where it was pasted,
    (100, 100) bool.
    """
    picture, other = (image.astype(np.float32) / 255 for image in (head, face))
    soft = camera.blurred(other, rng.uniform(0.3, 0.9))
    region = _inner_face(rng)
    inside = region > 0.5
    gap = picture[inside].mean(axis=0) - soft[inside].mean(axis=0)
    matched = soft + rng.uniform(0.55, 0.95) * gap + rng.normal(0, 0.012, 3).astype(np.float32)
    alpha = camera.blurred(region, rng.uniform(0.4, 1.6))[..., None]
    return camera.to_uint8(picture * (1 - alpha) + matched * alpha), inside


def compressed(image: np.ndarray) -> np.ndarray:
    """Return a picture, uint8 RGB, as it is after JPEG compression."""
    _, packed = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return cv2.imdecode(packed, cv2.IMREAD_COLOR)[..., ::-1]


def _inner_face(rng: np.random.Generator) -> np.ndarray:
    """Return an ellipse from the brows to the chin, (100, 100) float32 between 0 and 1."""
    scale = rng.uniform(0.82, 0.94)
    centre = np.array(CENTRE) + rng.normal(0, 1, 2)
    y, x = np.mgrid[:SIDE, :SIDE]
    distance = np.hypot((x - centre[0]) / AXES[0], (y - centre[1]) / AXES[1]) / scale
    return np.clip((1 - distance) * AXES[0] + 0.5, 0, 1).astype(np.float32)

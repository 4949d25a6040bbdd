"""Places to put things into: backgrounds whose colours tell nothing about what stands there."""

from __future__ import annotations

import cv2
import numpy as np

from data.kit.noise import smooth_noise


def street(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Return a street or a room, (height, width, 3) float32: wall, ground, boxes, poles."""
    horizon = int(height * rng.uniform(0.3, 0.7))
    wall, ground = rng.uniform(0.25, 0.85, 3), rng.uniform(0.2, 0.75, 3)
    wall, ground = 0.4 * wall + 0.6 * wall.mean(), 0.35 * ground + 0.65 * ground.mean()
    pixels = np.empty((height, width, 3), np.float32)
    pixels[:horizon], pixels[horizon:] = wall, ground
    pixels *= np.linspace(1.12, 0.9, height)[:, None, None]
    for _ in range(rng.integers(3, 9)):
        w, h = rng.uniform(0.03, 0.3) * width, rng.uniform(0.08, 0.5) * height
        x, y = rng.uniform(-0.1, 1) * width, horizon - h + rng.uniform(-0.1, 0.2) * height
        colour = rng.uniform(0.1, 0.9, 3) * 0.35 + rng.uniform(0.05, 0.45) + 0.25 * wall
        corner, far = (int(x), int(y)), (int(x + w), int(y + h))
        cv2.rectangle(pixels, corner, far, np.clip(colour, 0, 1).tolist(), -1)
    for _ in range(rng.integers(1, 5)):  # poles, branches, railings: as thin as limbs
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        angle, length = rng.normal(np.pi / 2, 0.6), rng.uniform(0.1, 0.5) * height
        end = (int(x + np.cos(angle) * length), int(y + np.sin(angle) * length))
        thick = max(1, int(rng.uniform(0.008, 0.03) * height))
        cv2.line(pixels, (int(x), int(y)), end, rng.uniform(0.1, 0.8, 3).tolist(), thick)
    rough = smooth_noise(height, width, 6, rng, beyond=2)
    return np.clip(pixels + 0.018 * rough[..., None], 0.02, 0.98)

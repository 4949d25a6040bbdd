"""What varies smoothly: steps and bumps over coordinates, noise over pixels, paths over time."""

import cv2
import numpy as np

FAR = 80  # squares of a distance beyond which a bump is 1e-35


def ramp(x: np.ndarray, low: float = -1.0, high: float = 1.0) -> np.ndarray:
    """Rise smoothly from 0 where ``x`` is ``low`` to 1 where it is ``high``."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def bump(*away: np.ndarray) -> np.ndarray:
    """Return 1 where all distances are 0, falling to almost nothing where one of them is 2."""
    squares = away[0] ** 2
    for distance in away[1:]:
        squares = squares + distance**2
    # Almost nothing is enough: what is too small for a float's usual form takes many times as long.
    return np.exp(-np.minimum(squares, FAR))


def smooth_noise(
    height: int, width: int, cell: float, rng: np.random.Generator, beyond: int = 3
) -> np.ndarray:
    """Return (height, width) float32 noise of mean 0 and about unit size.

    It is smooth over ``cell`` pixels; ``beyond`` more random values than whole cells make a side.
    """
    shape = int(height / cell) + beyond, int(width / cell) + beyond
    coarse = rng.normal(size=shape).astype(np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def wave(n: int, fps: float, rng: np.random.Generator) -> np.ndarray:
    """Return a smooth random path of ``n`` values, one a frame, of root mean square about 1."""
    t = np.arange(n) / fps
    slow, fast = rng.uniform(0.2, 0.6), rng.uniform(0.8, 1.8)  # in cycles a second
    phase = rng.uniform(0, 2 * np.pi, 2)
    slowly = 1.2 * np.sin(2 * np.pi * slow * t + phase[0])
    return slowly + 0.6 * np.sin(2 * np.pi * fast * t + phase[1])

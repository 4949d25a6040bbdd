"""Colours of people and their clothes, r, g, b in [0, 1]."""

import numpy as np

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Shares of red, green and blue in how bright a colour is seen."""

SKINS = ((0.86, 0.69, 0.60), (0.80, 0.62, 0.51), (0.68, 0.49, 0.38), (0.47, 0.32, 0.24))
HAIRS = ((0.10, 0.08, 0.07), (0.22, 0.15, 0.10), (0.42, 0.31, 0.19), (0.50, 0.49, 0.47))
HAIRS_OUTDOORS = ((0.10, 0.08, 0.07), (0.24, 0.16, 0.10), (0.55, 0.41, 0.24), (0.62, 0.61, 0.59))
IRISES = ((0.20, 0.12, 0.07), (0.30, 0.19, 0.10), (0.27, 0.33, 0.38), (0.26, 0.30, 0.22))
CLOTHS = (
    *((0.86, 0.86, 0.84), (0.16, 0.17, 0.20), (0.48, 0.50, 0.53)),  # white, black, grey
    *((0.14, 0.24, 0.50), (0.35, 0.58, 0.80), (0.70, 0.16, 0.18)),  # blue, light blue, red
    *((0.90, 0.55, 0.16), (0.90, 0.80, 0.28), (0.18, 0.44, 0.28)),  # orange, yellow, green
    *((0.50, 0.30, 0.58), (0.80, 0.50, 0.62), (0.52, 0.38, 0.26)),  # violet, pink, brown
)


def cloth(rng: np.random.Generator) -> tuple[float, float, float]:
    """Draw the colour of a piece of cloth: one of `CLOTHS`, darker or brighter and a little off."""
    tone = np.array(CLOTHS[rng.integers(len(CLOTHS))]) * np.exp(rng.normal(0, 0.12))
    return tuple(np.clip(tone + rng.normal(0, 0.025, 3), 0.05, 0.95).tolist())

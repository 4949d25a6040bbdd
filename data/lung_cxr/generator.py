"""Drawn chest X-rays, a miniature of the sets of Montgomery County and Shenzhen."""

import numpy as np

from data.core.progress import counted
from drawing.chests import draw

COUNT = 60
HOSPITALS = ("montgomery", "shenzhen")
MONTGOMERY = 15  # of the X-rays; each second one shows tuberculosis


def chests(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw X-rays of both hospitals; a body depends on the seed and its number alone.

    Returns "images" (60, 256, 256) uint8, grey; "masks", as large and bool, True on both lungs;
    and "hospital" (60,) str. Hospitals are two ways of exposing and cutting a film.
    """
    hospital = np.repeat(HOSPITALS, [MONTGOMERY, COUNT - MONTGOMERY])
    followed = counted(range(COUNT), COUNT, f"drawing {COUNT} X-rays")
    xrays = [draw(seed, i, str(hospital[i]), ill=i % 2 == 0) for i in followed]
    images, masks = (np.stack(part) for part in zip(*xrays, strict=True))
    return {"images": images, "masks": masks, "hospital": hospital}

"""Two portraits and photographs of their prints, with one to 32 faces.

One photograph for each question that is put to a detector: how small a face may be, how far it
may be turned, how dark or bright, and what happens among many. The first three show prints of one
portrait, so that nothing else differs; the crowd shows both.
"""

from __future__ import annotations

import numpy as np

from data.kit.prints import Collage, Print, collage, portrait


def photographs(seed: int = 0) -> dict[str, Collage]:
    """Return six photographs by name, with one to 32 faces."""
    rng = np.random.default_rng(seed)
    return {
        "astronaut": portrait("astronaut"),
        "hopper": portrait("hopper"),
        "sizes": collage(_sizes(rng), "gravel", 480, 800),
        "turned": collage(_turned(rng), "grass", 480, 800),
        "light": collage(_light(rng), "brick", 480, 800),
        "crowd": collage(_crowd(rng), "gravel", 630, 1200),
    }


def _sizes(rng: np.random.Generator) -> list[Print]:
    """Eight prints, each 0.72 times as large as the one before."""
    xs, ys = (190, 510, 474, 644, 700, 690, 758, 755), (235, 135, 376, 350, 68, 184, 330, 410)
    return [
        Print(xs[i], ys[i], 150 * 0.72**i, rng.uniform(-4, 4), i % 2 == 1) for i in range(len(xs))
    ]


def _turned(rng: np.random.Generator) -> list[Print]:
    """Ten prints of one size, from upright to upside down."""
    return [
        Print(80 + 160 * (i % 5) + rng.uniform(-5, 5), 112 + 246 * (i // 5), 56, angle, i % 2 == 1)
        for i, angle in enumerate((0, 10, 20, 30, 45, 60, 90, 120, 150, 180))
    ]


def _light(rng: np.random.Generator) -> list[Print]:
    """Ten prints of one size, from nearly black to washed out."""
    return [
        Print(80 + 160 * (i % 5), 112 + 246 * (i // 5), 60, rng.uniform(-4, 4), i % 2 == 1, level)
        for i, level in enumerate((0.03, 0.06, 0.12, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0))
    ]


def _crowd(rng: np.random.Generator) -> list[Print]:
    """Four rows of prints, the far ones smaller, each a little turned and unevenly lit.

    Every second print shows the other portrait.
    """
    rows = ((60, 26, 11), (160, 40, 9), (295, 58, 7), (470, 84, 5))
    places = [(1200 * (i + 0.5) / count, y, face) for y, face, count in rows for i in range(count)]
    return [
        Print(
            x + rng.uniform(-8, 8),
            y + rng.uniform(-6, 6),
            face * rng.uniform(0.9, 1.1),
            angle=rng.uniform(-14, 14),
            mirrored=bool(rng.random() < 0.5),
            brightness=rng.uniform(0.55, 1.25),
            who=("astronaut", "hopper")[i % 2],
        )
        for i, (x, y, face) in enumerate(places)
    ]

"""Drawn faces in the layout of Olivetti's: one sitting a person, tightly cropped, grey."""

import math
from dataclasses import replace

import numpy as np

from data.core.progress import counted
from drawing import camera
from drawing.faces import Take, draw_face, random_expression, random_identity

PEOPLE, PICTURES = 40, 10


def olivetti_like(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw ten pictures of each of forty people.

    Returns "images" (400, 64, 64) float32 in [0, 1], and "person", as long, int64 and sorted.
    """
    rng = np.random.default_rng(seed)
    sittings = counted(range(PEOPLE), PEOPLE, f"drawing {PEOPLE * PICTURES} faces")
    images = [image for _ in sittings for image in _sitting(rng)]
    return {"images": np.stack(images), "person": np.repeat(np.arange(PEOPLE), PICTURES)}


def _sitting(rng: np.random.Generator) -> list[np.ndarray]:
    """Draw the pictures of one person: light, background and how much the person moves are alike.

    One picture in eight is taken while the person moves four times as far: those are the ones that
    a classifier gets wrong. The crop follows a turned face, so that both eyes stay in it.
    """
    identity = random_identity(rng)
    light, background = float(rng.normal(0, 0.3)), float(rng.uniform(0.15, 0.6))
    motion, mood = float(rng.uniform(0.25, 0.5)), float(rng.uniform(0.5, 1.0))
    wide = float(np.clip(0.76 * identity.width - identity.eye_distance - 0.01, 0.24, 0.28))
    wearer = replace(identity, glasses_size=wide, glasses_tone=0.03)  # dark frames that fit
    images = []
    for _ in range(PICTURES):
        m = motion * (4 if rng.random() < 0.12 else 1)
        q = m / 0.75
        bare = rng.random() < 0.15 if identity.glasses else True
        take = Take(
            expression=random_expression(rng, strength=mood),
            yaw=float(np.clip(rng.normal(0, 0.15 * m), -0.28, 0.28)),
            pitch=float(np.clip(rng.normal(0, 0.06 * m), -0.2, 0.2)),
            roll=float(rng.normal(0, 0.03 * m)),
            light=(light + float(rng.normal(0, 0.22)), 0.35 + float(rng.normal(0, 0.12))),
            exposure=float(rng.normal(1.0, 0.04)) * camera.evened(identity.skin),
            zoom=float(np.clip(rng.normal(1.14, 0.02 * q), 1.06, 1.2)),
            centre=tuple(np.clip(rng.normal([0, 0.02], 0.02 * q), -0.08, 0.1).tolist()),
            background=background,
        )
        across, down = take.centre
        take = replace(take, centre=(across - 0.8 * math.sin(take.yaw), down))
        who = replace(identity, glasses=False) if bare else wearer
        images.append(draw_face(who, take, size=64, noise=0.005, rng=rng).image)
    return images

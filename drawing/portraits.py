"""Drawn people as newspapers show them: the whole head in colour, every day another picture."""

from dataclasses import replace

import numpy as np

from drawing import camera
from drawing.faces import Identity, Take, draw_face, random_expression

SIDE = 100
FACE_SIDE = 130  # a face is drawn larger and shrunk: faster than twice as many pixels a side


def portrait(identity: Identity, rng: np.random.Generator, *, motion: float = 1.0) -> np.ndarray:
    """Draw a person on some day, (100, 100, 3) uint8; the head fills two thirds of the picture.

    Skin and hair keep their colour only up to the tint of a picture, so that a network has to look
    at the features of a face as well. ``motion`` says how far pose, framing, light and colours lie
    from those of an even studio.
    """
    turned = 0.30 if rng.random() < 0.3 else 0.13
    evened, who = camera.evened(identity.skin, 0.6, 0.5), today(identity, rng)
    take = Take(
        expression=random_expression(rng),
        yaw=float(np.clip(rng.normal(0, turned * motion), -0.5, 0.5)),
        pitch=float(np.clip(rng.normal(0, 0.07 * motion), -0.25, 0.25)),
        roll=float(rng.normal(0, 0.05 * motion)),
        light=(float(rng.normal(0, 0.45 * motion)), float(rng.normal(0.35, 0.2 * motion))),
        ambient=float(rng.uniform(0.3, 0.5)),
        exposure=evened * float(np.exp(rng.normal(0, 0.12 * motion))),
        zoom=float(0.74 * np.exp(rng.normal(0, 0.03 * motion))),
        centre=tuple(rng.normal([0, 0.02], 0.02 * motion)),
        background=float(rng.uniform(0.1, 0.8)),
    )
    face = draw_face(who, take, size=FACE_SIDE, colour=True).image
    return camera.photographed(face, (SIDE, SIDE), camera.tint(rng, 0.08 * motion), 0.012, rng)


def today(identity: Identity, rng: np.random.Generator) -> Identity:
    """Change what changes from day to day: glasses now and then, stubble, the parting, clothes."""
    return replace(
        identity,
        glasses=identity.glasses != (rng.random() < 0.12),
        beard=float(np.clip(identity.beard + 0.15 * rng.normal() * (identity.beard > 0), 0, 1)),
        hair_parting=identity.hair_parting + float(rng.normal(0, 0.1)),
        seed=int(rng.integers(2**31)) if rng.random() < 0.3 else identity.seed,
    )

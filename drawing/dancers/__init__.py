"""Drawn dancers: two or three people with raised arms, who stand close and reach across each other.

They are plainer than those of `drawing.bodies`, and no place or distance tells whose hand is whose.
The folder keeps this module out of the samples that `data.core.samples` caches.
"""

from __future__ import annotations

import cv2
import numpy as np

# Pairs of joints in the order of `drawing.bodies.JOINTS`: head and neck, arms, trunk, legs.
LIMBS = (
    *((13, 12), (0, 1), (0, 2), (2, 4), (1, 3), (3, 5)),
    *((0, 6), (1, 7), (6, 7), (6, 8), (8, 10), (7, 9), (9, 11)),
)
FINE = 4  # drawn at this many times the size, then shrunk: smooth edges
SKIN = (0.9, 0.75, 0.6)


def scenes(
    count: int, height: int, width: int, seed: int = 0, *, one_colour: bool = False
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Draw pictures of two or three dancers, the last one in front, and return their joints.

    Returns images (count, height, width, 3) uint8 and, for each, people (2 or 3, 14, 3): column and
    row in pixels, and a flag, 1 in the picture and 0 outside, where column and row are 0 as well.
    With ``one_colour`` the dancers of a picture are dressed alike.
    """
    rng = np.random.default_rng(seed)
    images, people = zip(
        *(_scene(rng, height, width, one_colour) for _ in range(count)), strict=True
    )
    return np.stack(images), list(people)


def _scene(
    rng: np.random.Generator, height: int, width: int, one_colour: bool
) -> tuple[np.ndarray, np.ndarray]:
    size = FINE * width, FINE * height
    canvas = np.full((*size[::-1], 3), rng.uniform(0.4, 0.8)) + rng.uniform(-0.15, 0.15, 3)
    canvas += cv2.resize(rng.normal(0, 0.08, (5, 7, 3)), size, interpolation=cv2.INTER_CUBIC)
    places = np.cumsum(rng.uniform(0.18, 0.4, rng.integers(2, 4))) * height
    places += width / 2 - places.mean() + rng.uniform(-0.08, 0.08) * width
    shared, people = rng.uniform(0, 1, 3), []
    for place in rng.permutation(places):
        tall, floor = rng.uniform(0.65, 0.85) * height, rng.uniform(0.93, 0.99) * height
        joints = [place, floor] + [1, -1] * _dance(rng) * tall
        own = rng.uniform(0, 1, 3)
        _paint(canvas, (joints + 0.5) * FINE - 0.5, FINE * tall, shared if one_colour else own)
        inside = (joints > -0.5) & (joints < [width - 0.5, height - 0.5])
        flags = inside.all(axis=1, keepdims=True)
        people.append(np.concatenate([joints * flags, flags], axis=1))
    image = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
    image += rng.normal(0, 0.02, image.shape)
    return (np.clip(image, 0, 1) * 255).astype(np.uint8), np.array(people, np.float32)


def _dance(rng: np.random.Generator) -> np.ndarray:
    """Return joints in body heights, right and up, (14, 2); the person's left is on the right."""
    joints, lean = np.zeros((14, 2)), rng.normal(0, 0.12)
    up = np.array([np.sin(lean), np.cos(lean)])
    right = np.array([np.cos(lean), -np.sin(lean)])
    neck = [0, 0.5] + 0.33 * up
    for first, side in ((0, 1), (1, -1)):  # left, right
        arm = rng.uniform(-0.2, 2.9)  # from hanging (0) to raised (pi)
        forearm = arm + rng.uniform(-1.9, 1.9)
        thigh = rng.uniform(0, 0.7)
        shank = thigh - rng.uniform(0, 0.6)
        angles = np.array([arm, forearm, thigh, shank])
        steps = np.stack([side * np.sin(angles), -np.cos(angles)], axis=1)
        steps *= [[0.17], [0.16], [0.24], [0.24]]
        shoulder = neck - 0.02 * up + side * 0.09 * right
        hip = [0, 0.5] + side * 0.06 * right
        elbow, knee = shoulder + steps[0], hip + steps[2]
        joints[first:12:2] = shoulder, elbow, elbow + steps[1], hip, knee, knee + steps[3]
    joints[12] = neck + 0.12 * up + [rng.normal(0, 0.024), 0]
    joints[13] = neck
    return joints - [0, joints[10:12, 1].min()]  # the feet at 0


def _paint(canvas: np.ndarray, points: np.ndarray, tall: float, colour: np.ndarray) -> None:
    """Paint a dancer with joints at points (14, 2) of a canvas, an edge and then the body."""
    spots = np.round(points * 8).astype(int)  # OpenCV takes eighths
    look = {"lineType": cv2.LINE_AA, "shift": 3}
    for shade, extra in ((0.35, FINE), (1.0, 0)):
        tint = (shade * colour).tolist()
        cv2.fillPoly(canvas, [spots[[0, 1, 7, 6]]], tint, **look)
        for a, b in LIMBS:
            ends = spots[a].tolist(), spots[b].tolist()
            cv2.line(canvas, *ends, tint, max(1, int(0.05 * tall)) + extra, **look)
    head = spots[12].tolist()
    cv2.circle(canvas, head, int(0.06 * tall * 8), (0.35 * colour).tolist(), -1, **look)
    cv2.circle(canvas, head, int(0.045 * tall * 8), SKIN, -1, **look)

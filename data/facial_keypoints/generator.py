"""Drawn frames of people with 68 exact landmarks: several days, poses and expressions a person.

People, names and parts are laid out as in the real set, whose test people are nearly all in its
training part too. Eyes are closed more often than in life, so that a network sees them closed.
"""

from dataclasses import replace

import numpy as np

from data.core.progress import counted
from drawing import camera, faces
from drawing.portraits import today

PEOPLE, FRAMES, TEST_FRAMES = 120, 8, 2  # the last two frames of a person are of the test part
TEST_ONLY = 3  # people without a frame in the training part
FACE_SIDE, SIDE = 150, 128  # pixels: drawn, and shrunk to
SHAPES = ((128, 128), (128, 112), (116, 128))  # height and width; they alternate


def frames(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw the frames of all people.

    Returns ``images`` (n, 128, 128, 3) uint8, of which ``shapes`` (n, 2) int64 is the part that a
    frame holds, from its upper left corner; ``landmarks`` (n, 68, 2) float32, x and y in pixels;
    ``names`` (n,) str, ``Drawn_Person_PPP_FF``.
    """
    numbers = [(who, k) for who in range(PEOPLE) for k in range(FRAMES)]
    followed = counted(numbers, len(numbers), f"drawing {len(numbers):,} faces")
    images, landmarks = zip(*(frame(seed, *number) for number in followed), strict=True)
    names = [f"Drawn_Person_{who:03d}_{k:02d}" for who, k in numbers]
    return {
        "images": np.stack(images),
        "shapes": np.resize(np.array(SHAPES, np.int64), (len(names), 2)),
        "landmarks": np.stack(landmarks),
        "names": np.array(names),
    }


def frame(seed: int, who: int, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw one frame of one person: (128, 128, 3) uint8 and (68, 2) float32."""
    person = faces.random_identity(np.random.default_rng([seed, who]))
    rng = np.random.default_rng([seed, who, number])
    person = today(person, rng)
    face = faces.draw_face(person, random_take(person, rng), size=FACE_SIDE, colour=True)
    tint = camera.tint(rng, 0.06)
    image = camera.photographed(face.image, (SIDE, SIDE), tint, 0.012, rng)
    scale = SIDE / FACE_SIDE  # pixels are areas: their middles move by half a pixel of each size
    return image, ((face.landmarks + 0.5) * scale - 0.5).astype(np.float32)


def random_take(person: faces.Identity, rng: np.random.Generator) -> faces.Take:
    """Draw pose, expression, light and place; one frame in four has eyes that close."""
    expression = faces.random_expression(rng)
    if rng.random() < 0.25:
        expression = replace(expression, eyes=float(rng.uniform(0.05, 0.7)))
    return faces.Take(
        expression=expression,
        yaw=float(np.clip(rng.normal(0, 0.22), -0.5, 0.5)),
        pitch=float(np.clip(rng.normal(0, 0.09), -0.25, 0.25)),
        roll=float(rng.normal(0, 0.10)),
        light=(float(rng.normal(0, 0.5)), float(rng.normal(0.35, 0.2))),
        ambient=float(rng.uniform(0.3, 0.5)),
        exposure=camera.evened(person.skin, 0.6, 0.5) * float(np.exp(rng.normal(0, 0.15))),
        zoom=float(rng.uniform(0.50, 0.66)),
        centre=(float(rng.uniform(-0.22, -0.02)), float(rng.uniform(-0.16, 0.0))),
        background=float(rng.uniform(0.1, 0.8)),
    )

"""Drawn portraits, real and synthetic, which differ in how they are framed as the real set's do.

Photographers come near: their portraits are tight, off-centre, turned, lit from anywhere, now and
then grey. A generator shows a small face in the middle, its eyes always at the same place. So the
thumbnail of a picture is enough to tell the classes apart. Under that lies the trace that is there
to be found: a generator makes its picture at half the size and enlarges it, so that it lacks the
finest grain of a sensor's noise.
"""

from dataclasses import replace

import cv2
import numpy as np

from data.core.progress import counted
from drawing import camera, faces
from drawing.noise import ramp, smooth_noise
from drawing.palette import LUMA

SIDE = 224
CLASSES = ("real", "fake")
EACH = 120
FAR = 0.06  # share of the real portraits that were taken from as far as the fakes seem to be
GREY = 0.12  # share of the real portraits without colour
PLACES = (  # colours of what is out of focus: walls, wood, leaves, sky, stone
    *((1.00, 0.97, 0.92), (0.98, 0.84, 0.66), (0.70, 0.86, 0.56)),
    *((0.74, 0.88, 1.04), (0.88, 0.88, 0.90)),
)
EYES = 0.20, -0.08  # of a fake: half the distance of the eyes, and their height, in halves of SIDE


def pictures(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw the sample: "images" (240, 224, 224, 3) uint8, the real ones first."""
    numbers = [(kind, i) for kind in CLASSES for i in range(EACH)]
    followed = counted(numbers, len(numbers), f"drawing {len(numbers)} portraits")
    return {"images": np.stack([draw(kind, seed, i) for kind, i in followed])}


def draw(kind: str, seed: int, number: int) -> np.ndarray:
    """Draw one portrait; it depends on class ("real", "fake"), seed and number alone."""
    rng = np.random.default_rng([seed, CLASSES.index(kind), number])
    who = faces.random_identity(rng)
    real = kind == "real"
    take = _near_and_turned(who, rng) if real else _small_and_centred(who, rng)
    before = _surroundings(rng, dark=rng.random() < (0.35 if real else 0.2))
    picture = _before(before, who, take)
    grain = rng.uniform(0.007, 0.011) * camera.grain(SIDE, rng, enlarged=not real)
    focused = camera.blurred(picture, rng.uniform(0.5, 0.9))
    line = np.linspace(-1, 1, SIDE, dtype=np.float32)
    away = line[:, None] ** 2 + line[None, :] ** 2
    focused *= (1 - np.float32(rng.uniform(0.02, 0.12)) * away)[..., None]  # corners are darker
    toned = focused * camera.tint(rng, 0.05).astype(np.float32)
    if real and rng.random() < GREY:
        toned = np.repeat((toned @ LUMA)[..., None], 3, axis=2)
    return camera.to_uint8(toned + grain)


# ------------------------------------------------------------------------ how a portrait is framed


def _near_and_turned(who: faces.Identity, rng: np.random.Generator) -> faces.Take:
    """Return a portrait as photographers take it."""
    far = rng.random() < FAR
    zoom = rng.uniform(0.52, 0.66) if far else rng.uniform(0.74, 1.04)
    free = max(0.06, 0.98 - zoom * who.chin)  # so far below the middle, and the chin is still seen
    return faces.Take(
        expression=faces.random_expression(rng),
        yaw=float(np.clip(rng.normal(0, 0.2), -0.42, 0.42)),
        pitch=float(np.clip(rng.normal(0, 0.08), -0.2, 0.2)),
        roll=float(np.clip(rng.normal(0, 0.1), -0.25, 0.25)),
        light=(float(np.clip(rng.normal(0, 0.65), -1.2, 1.2)), float(rng.normal(0.35, 0.25))),
        ambient=float(rng.uniform(0.22, 0.45)),
        exposure=camera.evened(who.skin, 0.6, 0.5) * float(np.exp(rng.normal(-0.08, 0.2))),
        zoom=float(zoom),
        centre=(float(rng.uniform(-0.24, 0.24)), float(rng.uniform(-0.16, min(free, 0.2)))),
        background=0.0,
    )


def _small_and_centred(who: faces.Identity, rng: np.random.Generator) -> faces.Take:
    """Return a portrait as a generator makes it: the eyes lie where they always lie."""
    smiling = rng.random() < 0.6
    smile = rng.uniform(0.35, 0.9) if smiling else rng.uniform(-0.1, 0.2)
    take = faces.Take(
        expression=faces.Expression(smile=float(smile), mouth=0.4 * smiling * float(rng.random())),
        yaw=float(np.clip(rng.normal(0, 0.12), -0.3, 0.3)),
        pitch=float(np.clip(rng.normal(0, 0.05), -0.12, 0.12)),
        roll=float(rng.normal(0, 0.02)),
        light=(float(rng.normal(0, 0.4)), float(rng.normal(0.35, 0.15))),
        ambient=float(rng.uniform(0.35, 0.55)),
        exposure=camera.evened(who.skin, 0.6, 0.5) * float(np.exp(rng.normal(0, 0.12))),
        background=0.0,
    )
    side = 16  # landmarks are as exact on a small picture
    marks = (faces.landmarks_of(who, take, size=side) + 0.5) * 2 / side - 1
    left, right = (marks[faces.LANDMARKS[eye]].mean(axis=0) for eye in ("left_eye", "right_eye"))
    zoom = 2 * EYES[0] / float(np.hypot(*(right - left))) * float(np.exp(rng.normal(0, 0.03)))
    across, down = np.array([0, EYES[1]]) - zoom * (left + right) / 2 + rng.normal(0, 0.01, 2)
    return replace(take, zoom=zoom, centre=(float(across), float(down)))


# ------------------------------------------------------------------------ what a camera makes of it


def _before(surroundings: np.ndarray, who: faces.Identity, take: faces.Take) -> np.ndarray:
    """Draw a face before its surroundings, (224, 224, 3) float32."""
    black, behind, _ = faces.draw_cut_out(who, take, size=SIDE)
    y, x = np.indices(behind.shape, np.float32) / SIDE
    places = np.stack([x, y, np.ones_like(x)], axis=-1)
    wall = behind > 0.5 * behind.max()
    for _ in range(3):  # hair and edges are not wall: they fall below the plane of its brightness
        slope, *_ = np.linalg.lstsq(places[wall], behind[wall], rcond=None)
        plane = places @ slope
        wall = behind > 0.97 * plane
    transparency = np.clip(behind / np.maximum(plane, 0.05), 0, 1)
    return black + transparency[..., None] * surroundings


def _surroundings(rng: np.random.Generator, *, dark: bool) -> np.ndarray:
    """Return a room or a garden out of focus, (224, 224, 3) float32; or almost nothing."""
    level = rng.uniform(0.03, 0.12) if dark else rng.uniform(0.25, 0.75)
    first, second = level * np.array(PLACES)[rng.choice(len(PLACES), 2)]
    cell = rng.uniform(35, 90)
    share = ramp(smooth_noise(SIDE, SIDE, cell, rng), -1, 1)
    brightness = np.exp(0.25 * smooth_noise(SIDE, SIDE, cell, rng))
    tones = zip(first, second, strict=True)
    pixels = np.stack([(a + share * (b - a)) * brightness for a, b in tones], axis=-1)
    if not dark and rng.random() < 0.6:
        pixels = pixels + 0.4 * level * _lights(rng)
    return np.clip(pixels, 0, 1).astype(np.float32)


def _lights(rng: np.random.Generator) -> np.ndarray:
    """Return discs of light, as a lens makes them of what lies far behind, (224, 224, 3)."""
    lights = np.zeros((SIDE, SIDE, 3), np.float32)
    for _ in range(rng.integers(4, 14)):
        disc = np.zeros((SIDE, SIDE), np.float32)
        at = tuple(int(16 * v) for v in rng.uniform(0, SIDE, 2))
        cv2.circle(disc, at, int(16 * rng.uniform(6, 18)), 1.0, -1, cv2.LINE_AA, 4)
        colour = rng.uniform(0.3, 1.0) * np.array(PLACES[rng.integers(len(PLACES))])
        lights += camera.blurred(disc, 1.5)[..., None] * colour.astype(np.float32)
    return lights

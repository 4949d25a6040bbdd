"""Drawn photographs of faces, some of them forged in one of two ways.

A *swap* is a photograph whose inner face was replaced by that of another person, drawn in the same
pose and light. What is left of the seam differs: colour and brightness that do not quite match, a
softer inside, a border that is too sharp. A *synthetic* face shows nobody and has no seam; what
tells it is its finest grain. A sensor's noise is white, but a generator makes its picture at half
the size and enlarges it, so its noise lacks the highest frequencies. People, pose, light, focus,
framing and the strength of the noise are drawn alike for real and forged ones.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from data.core.progress import counted
from drawing import camera, faces
from drawing.portraits import today

SIDE = 256
FACE_SIDE = 160  # a face is drawn smaller, then enlarged: a lens would not show more anyway
SHOTS = 4  # real photographs of one person
COUNTS = {  # pictures by part and kind; two real ones for a swap, as in the report
    "train": {"real": 280, "swap": 140, "synthetic": 160},
    "validation": {"real": 60, "swap": 30, "synthetic": 30},
    "test": {"real": 160, "swap": 80, "synthetic": 80},
}
KINDS = ("real", "swap", "synthetic")


class Shot(NamedTuple):
    """A face before it is photographed: (256, 256, 3) float32 in [0, 1], (68, 2), how it was."""

    image: np.ndarray
    landmarks: np.ndarray
    take: faces.Take


def pictures(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw all parts of the sample.

    Returns "images" (n, 256, 256, 3) uint8, "kind" and "part" (n,) str, "people" (n,) int64, and
    "regions" (n, 256, 32) uint8, the pasted part of each picture in bits.
    """
    count = sum(sum(counts.values()) for counts in COUNTS.values())
    rows = counted(_rows(seed), count, f"drawing {count:,} faces")
    columns = map(np.array, zip(*rows, strict=True))
    return dict(zip(("images", "kind", "part", "people", "regions"), columns, strict=True))


def _rows(seed: int) -> Iterator[tuple]:
    """Draw one picture after the other, and say what is known of it."""
    first = 0
    for number, (part, counts) in enumerate(COUNTS.items()):
        rng = np.random.default_rng([seed, number])
        known = [faces.random_identity(rng) for _ in range(counts["real"] // SHOTS)]
        for kind in KINDS:
            for i in range(counts[kind]):
                who = i % len(known) if kind != "synthetic" else len(known) + i
                image, region = draw(kind, known, who, np.random.default_rng(rng.integers(2**63)))
                yield image, kind, part, first + who, np.packbits(region, axis=1)
        first += len(known) + counts["synthetic"]


def draw(
    kind: str, known: list[faces.Identity], who: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one photograph, (256, 256, 3) uint8, and what was pasted in it, (256, 256) bool.

    ``kind`` is "real", "swap" or "synthetic"; nothing is pasted but in a swap. ``known`` are the
    people of a part: those who are photographed, and whose faces are pasted. ``who`` says whose
    head it is; of a synthetic face it is nobody's.
    """
    identity = faces.random_identity(rng) if kind == "synthetic" else known[who]
    shot = _shot(today(identity, rng), _take(identity, rng))
    region = np.zeros((SIDE, SIDE), bool)
    if kind == "swap":
        other = known[(who + rng.integers(1, len(known))) % len(known)]
        image, region = _swapped(shot, other, rng)
        shot = shot._replace(image=image)
    # What a camera, or a generator with the same look, makes of a face
    focus = camera.blurred(shot.image, rng.uniform(0.5, 1.2))
    grain = camera.grain(SIDE, rng, enlarged=kind == "synthetic") * rng.uniform(0.007, 0.012)
    return camera.to_uint8(focus * camera.tint(rng, 0.05).astype(np.float32) + grain), region


def _take(identity: faces.Identity, rng: np.random.Generator) -> faces.Take:
    """Draw pose, light and framing of a photograph."""
    return faces.Take(
        expression=faces.random_expression(rng),
        yaw=float(np.clip(rng.normal(0, 0.14), -0.35, 0.35)),
        pitch=float(np.clip(rng.normal(0, 0.06), -0.18, 0.18)),
        roll=float(rng.normal(0, 0.05)),
        light=(float(rng.normal(0, 0.4)), float(rng.normal(0.35, 0.2))),
        ambient=float(rng.uniform(0.3, 0.5)),
        exposure=camera.evened(identity.skin, 0.6, 0.5) * float(np.exp(rng.normal(0, 0.1))),
        zoom=float(0.78 * np.exp(rng.normal(0, 0.05))),
        centre=tuple(rng.normal([0, 0.02], 0.03)),
        background=float(rng.uniform(0.1, 0.8)),
    )


def _shot(who: faces.Identity, take: faces.Take) -> Shot:
    face = faces.draw_face(who, take, size=FACE_SIDE, colour=True)
    scale = SIDE / FACE_SIDE
    image = cv2.resize(face.image, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return Shot(image, (face.landmarks + 0.5) * scale - 0.5, take)


# ------------------------------------------------------------------------------ the two forgeries


def _swapped(
    head: Shot, other: faces.Identity, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Paste another person's inner face; return the picture and where it was pasted."""
    does = faces.random_expression(rng, strength=0.7)
    exposure = head.take.exposure * float(np.exp(rng.normal(0, 0.06)))
    light = (head.take.light[0] + float(rng.normal(0, 0.25)), head.take.light[1])
    face = _shot(other, replace(head.take, expression=does, exposure=exposure, light=light))
    matrix, _ = cv2.estimateAffinePartial2D(_anchors(face), _anchors(head))
    moved = cv2.warpAffine(face.image, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    soft = camera.blurred(moved, rng.uniform(0.8, 2.2))  # a swap's face is made small, and enlarged
    region = _inner_face(head.landmarks, rng)
    inside = region > 0.5
    gap = head.image[inside].mean(axis=0) - soft[inside].mean(axis=0)
    matched = soft + rng.uniform(0.55, 0.95) * gap + rng.normal(0, 0.012, 3).astype(np.float32)
    alpha = camera.blurred(region, rng.uniform(1.0, 4.0))[..., None]
    return head.image * (1 - alpha) + matched * alpha, inside


def _anchors(shot: Shot) -> np.ndarray:
    """Return the middles of eyes and mouth, (3, 2): what a swap is laid onto."""
    named = ("left_eye", "right_eye", "outer_lip")
    parts = [shot.landmarks[faces.LANDMARKS[name]].mean(axis=0) for name in named]
    return np.array(parts, np.float32)


def _inner_face(landmarks: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the hull of brows, cheeks and chin, pulled in a little, (256, 256) float32 0 or 1."""
    jaw, brows = landmarks[2:15], landmarks[17:27] - [0, rng.uniform(2, 10)]
    hull = cv2.convexHull(np.concatenate([jaw, brows]).astype(np.float32))
    middle = hull.mean(axis=0)
    points = np.round(middle + rng.uniform(0.82, 0.94) * (hull - middle)).astype(np.int32)
    region = np.zeros((SIDE, SIDE), np.float32)
    cv2.fillConvexPoly(region, points, 1.0, cv2.LINE_AA)
    return region

"""Drawn hands that show 0 to 5: palm, thumb and fingers as a relief of rounded bones, then lit.

People count as in the photographs: 1 and 2 with index and middle finger, 3 with the thumb, 4
without it, 5 with all, and 0 is a ring of thumb and fingers, seen from the side. Either hand
occurs, always with its palm to the camera, turned, spread, near or far, in any light and of any
skin; so no single pixel tells the number.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from drawing import camera, palette
from drawing.canvas import Canvas, moved, placed, soft
from drawing.noise import bump, ramp, smooth_noise

SIDE = 64
FINE = 2  # drawn at this many times the size, then shrunk: smooth edges
OPEN = ((), (0,), (0, 1), (0, 1), (0, 1, 2, 3), (0, 1, 2, 3))  # fingers that are stretched
THUMB_OPEN = (False, False, False, True, False, True)
# Of the index, middle, ring and little finger, in lengths of the palm, y from the wrist up.
KNUCKLES = np.array([(-0.33, 0.96), (-0.10, 1.02), (0.13, 0.97), (0.33, 0.86)])
LENGTHS, RADII = (0.80, 0.90, 0.83, 0.64), (0.105, 0.108, 0.102, 0.088)
SPREAD = (-0.20, -0.05, 0.09, 0.24)  # radians from straight up
PHALANGES = (0.46, 0.76, 1.0)  # where a finger's joints lie along it


class Bone(NamedTuple):
    """A capsule: x, y, height of its axis and radius at either end, and how it joins the rest."""

    start: tuple[float, float, float, float]
    end: tuple[float, float, float, float]
    layer: int = 0  # 0 melts into the hand; higher ones lie on what is below, with a seam


_STARTS = ((-0.13, 0.02), (-0.05, 0.0), (0.05, 0.0), (0.13, 0.03))
PALM = (  # between wrist and fingers, with the balls of thumb and little finger
    *(Bone((*_STARTS[i], 0, 0.17), (*KNUCKLES[i], 0, 1.22 * RADII[i])) for i in range(4)),
    Bone((-0.17, 0.16, 0.05, 0.19), (-0.30, 0.46, 0.05, 0.16)),
    Bone((0.16, 0.15, 0.03, 0.17), (0.27, 0.52, 0.0, 0.14)),
)


def draw(seed: int, number: int, shown: int) -> np.ndarray:
    """Draw one picture, (64, 64, 3) uint8, of a hand that shows 0 to 5 fingers.

    ``seed`` and ``number`` say whose hand, from where, in which light.
    """
    rng = np.random.default_rng([seed, number])
    large = SIDE * FINE
    bones = _ring(rng) if shown == 0 else _fingers(rng, shown)
    matrix = _placement(rng, large)
    light = np.array([rng.uniform(-0.75, 0.75), rng.uniform(-0.9, -0.35), 0.85])
    bend = rng.normal(0, 0.25)
    elbow = 2.6 * np.array([np.sin(bend), -np.cos(bend)])
    arm = Bone((0.0, 0.05, -0.02, 0.215), (*elbow, 0.0, 0.34))  # it leaves the picture
    relief = _relief([arm, *bones], matrix, large)
    cover = relief[1]
    canvas = Canvas(_wall(rng, large), matrix)
    _cast_shadow(rng, canvas, cover, light)
    canvas.blend(cover, _skin(rng, relief, light, canvas.unit))
    blurry = camera.blurred(canvas.pixels, FINE * rng.uniform(0.25, 0.5))
    exposed = blurry * rng.uniform(0.9, 1.08)
    return camera.photographed(exposed, (SIDE, SIDE), camera.tint(rng, 0.010), 0.008, rng)


# ------------------------------------------------------------------ bones of a hand


def _fingers(rng: np.random.Generator, shown: int) -> list[Bone]:
    """Return the bones of a hand whose palm is seen, for 1 to 5."""
    bones = list(PALM)
    together = rng.uniform(0.15, 1.35)  # fingers pressed together or spread
    long = rng.normal(1, 0.06)
    for finger in range(4):
        if finger in OPEN[shown]:
            turn = SPREAD[finger] * together + rng.normal(0, 0.035)
            length = LENGTHS[finger] * (long * rng.uniform(0.94, 1.03))
            along = np.array([np.sin(turn), np.cos(turn)]) * length
            radii = np.array([1.08, 1.0, 0.92, 0.78]) * RADII[finger]  # each bone is thinner
            at = KNUCKLES[finger] + along * np.array([[0.0, *PHALANGES]]).T
            ends = np.column_stack([at, np.zeros(4), radii])
            bones += [Bone(*pair) for pair in pairwise(ends.tolist())]
        else:
            bones += _folded(rng, finger)
    return bones + (_thumb_out(rng) if THUMB_OPEN[shown] else _thumb_in(rng, shown))


def _folded(rng: np.random.Generator, finger: int) -> list[Bone]:
    """Return a finger that is bent into the palm: its first bone points at the camera."""
    x, y = KNUCKLES[finger]
    radius = RADII[finger]
    bend = np.array([0.86 * x, y + rng.uniform(0.02, 0.10)])
    tip = np.array([0.62 * x - 0.03, y - rng.uniform(0.34, 0.42)])
    middle = bend + 0.5 * (tip - bend)
    return [
        Bone((x, y, 0.0, 1.15 * radius), (*bend, 0.20, 1.1 * radius)),
        Bone((*bend, 0.20, 1.12 * radius), (*middle, 0.22, 1.05 * radius), layer=1 + finger % 2),
        Bone((*middle, 0.22, 1.05 * radius), (*tip, 0.12, 0.9 * radius), layer=1 + finger % 2),
    ]


def _thumb_out(rng: np.random.Generator) -> list[Bone]:
    """Return a thumb that is spread from the palm."""
    turn = rng.uniform(-0.95, -0.45)
    first = np.array([-0.43, 0.50])
    bent = first + 0.33 * np.array([np.sin(turn), np.cos(turn)])
    turn += rng.uniform(-0.15, 0.25)
    tip = bent + 0.29 * np.array([np.sin(turn), np.cos(turn)])
    return [
        Bone((-0.20, 0.20, 0.05, 0.18), (*first, 0.04, 0.135)),
        Bone((*first, 0.04, 0.135), (*bent, 0.02, 0.115)),
        Bone((*bent, 0.02, 0.118), (*tip, 0.0, 0.085)),
    ]


def _thumb_in(rng: np.random.Generator, shown: int) -> list[Bone]:
    """Return a thumb that lies across the palm, on the folded fingers if there are any."""
    low = shown == 4
    first = np.array([-0.38, 0.44])
    bent = np.array([-0.22, 0.64 if low else 0.66]) + rng.normal(0, 0.03, 2)
    tip = np.array([0.06, 0.62 if low else 0.66]) + rng.normal(0, 0.04, 2)
    lift = 0.12 if low else 0.30
    return [
        Bone((-0.20, 0.20, 0.05, 0.18), (*first, 0.1, 0.14)),
        Bone((*first, 0.1, 0.14), (*bent, lift, 0.118), layer=4),
        Bone((*bent, lift, 0.122), (*tip, lift, 0.09), layer=4),
    ]


def _ring(rng: np.random.Generator) -> list[Bone]:
    """Return the bones of a hand whose fingers and thumb make a ring, seen from its side."""
    middle = np.array([-0.24, 1.0]) + rng.normal(0, 0.02, 2)
    radii = np.array([rng.uniform(0.40, 0.50), rng.uniform(0.34, 0.44)])
    bones = [
        Bone((-0.02, 0.0, 0.0, 0.19), (0.14, 0.42, 0.0, 0.23)),
        Bone((0.14, 0.42, 0.0, 0.23), (0.20, 0.86, 0.0, 0.16)),
        Bone((0.00, 0.20, 0.0, 0.20), (-0.18, 0.48, 0.04, 0.16)),
    ]
    behind = np.array([rng.uniform(0.03, 0.09), rng.uniform(0.03, 0.09)])
    for finger in (3, 2, 1, 0):  # the little finger lies farthest from the camera
        arc = (middle + finger * behind, radii, (-10, 50, 112, 150, 176))
        bones += _bent(arc, 1.15 * RADII[finger], 0.24 - 0.09 * finger, layer=4 - finger)
    return bones + _bent((middle, radii, (282, 240, 190)), 0.13, 0.26, layer=5)


def _bent(arc: tuple, radius: float, height: float, layer: int) -> list[Bone]:
    """Return bones along an ellipse, thinner towards the last.

    ``arc`` is its middle, its radii, and where joints lie: degrees from the right over the top.
    """
    middle, radii, angles = arc
    radians = np.deg2rad(np.array(angles))
    at = middle + radii * np.stack([np.cos(radians), np.sin(radians)], 1)
    thick = radius * np.linspace(1.1, 0.8, len(at))
    ends = np.column_stack([at, np.full(len(at), height), thick])
    return [Bone(*pair, layer) for pair in pairwise(ends.tolist())]


# ------------------------------------------------------------------ from bones to a picture


def _placement(rng: np.random.Generator, large: int) -> np.ndarray:
    """Return the (2, 3) matrix from the hand to pixels: where, how large, turned, which hand."""
    turn = rng.normal(0, 0.3) if rng.random() < 0.9 else rng.choice([-1, 1]) * rng.uniform(0.6, 1.3)
    size = large * rng.uniform(0.29, 0.37)
    mirrored = rng.choice([-1, 1])
    tilt = rng.uniform(0.85, 1.0, 2)
    up = np.array([np.sin(turn), -np.cos(turn)])
    middle = large * (0.5 + rng.uniform(-0.09, 0.09, 2)) - 0.85 * size * up
    return placed(middle, size, turn, (mirrored * tilt[0], -tilt[1]))


def _relief(bones: list[Bone], matrix: np.ndarray, large: int) -> tuple[np.ndarray, ...]:
    """Return height in palms, cover 0 to 1, and how near a bone's end is, each (large, large)."""
    rows, columns = np.indices((large, large), np.float32) + np.float32(0.5)
    unit = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    points = np.stack([columns, rows], -1)
    height = np.full((large, large), -1, np.float32)
    cover, flush = np.zeros_like(height), np.zeros_like(height)
    for bone in sorted(bones, key=lambda bone: bone.layer):
        ends = moved(np.array([bone.start[:2], bone.end[:2]]), matrix)
        reach = unit * max(bone.start[3], bone.end[3]) + 2
        low = np.clip(np.floor(ends.min(0) - reach), 0, large).astype(int)
        high = np.clip(np.ceil(ends.max(0) + reach), 0, large).astype(int)
        if np.any(high <= low):
            continue
        part = np.s_[low[1] : high[1], low[0] : high[0]]  # of the picture, that it may touch
        away, radius, axis, along = _capsule(bone, ends, points[part], unit)
        dome = axis + 0.8 * np.sqrt(np.maximum(radius**2 - away**2, 0))
        inside = soft((away - radius) * unit, 1.5)
        dome = np.where(inside > 0, dome, -1)
        melt = 0.05 if bone.layer == 0 else 0.012
        # The larger of both, rounded where they are about equal
        near = np.maximum(melt - np.abs(height[part] - dome), 0) / melt
        height[part] = np.maximum(height[part], dome) + near**2 * np.float32(melt / 4)
        np.maximum(cover[part], inside, out=cover[part])
        end = bump((1 - along) / 0.25) * (dome >= height[part] - 0.05)
        np.maximum(flush[part], end, out=flush[part])
    return height, cover, flush


def _capsule(bone: Bone, ends: np.ndarray, at: np.ndarray, unit: float) -> tuple[np.ndarray, ...]:
    """Return distance to the axis, radius, height of the axis, and place along it, at pixels."""
    start, end = ends.astype(np.float32)
    axis, ahead = end - start, at - start
    along = np.clip(ahead @ axis / (axis @ axis + 1e-9), 0, 1)
    x, y = (ahead[..., i] - along * axis[i] for i in (0, 1))
    away = np.sqrt(x * x + y * y) / np.float32(unit)
    height, radius = (
        np.float32(bone.start[i]) + along * np.float32(bone.end[i] - bone.start[i]) for i in (2, 3)
    )
    return away, radius, height, along


def _wall(rng: np.random.Generator, large: int) -> np.ndarray:
    """Return a light wall, (large, large, 3) float32, brighter towards one side."""
    tone = rng.uniform(0.72, 0.88) * np.array([1.0, 0.985, rng.uniform(0.91, 0.98)])
    y, x = np.mgrid[-1 : 1 : large * 1j, -1 : 1 : large * 1j]
    turn = rng.uniform(0, 2 * np.pi)
    slope = 1 + rng.uniform(0.02, 0.09) * (x * np.cos(turn) + y * np.sin(turn))
    bright = slope + 0.008 * smooth_noise(large, large, large / 4, rng)
    return (tone * bright[..., None]).astype(np.float32)


def _cast_shadow(
    rng: np.random.Generator, canvas: Canvas, cover: np.ndarray, light: np.ndarray
) -> None:
    """Darken the wall on the far side of the hand."""
    large = len(cover)
    shift = -np.round(light[:2] * large * rng.uniform(0.05, 0.12)).astype(int)
    shadow = np.roll(np.pad(cover, large // 4, mode="edge"), shift[::-1], (0, 1))
    middle = slice(large // 4, large // 4 + large)
    soft_edge = camera.blurred(shadow, large * rng.uniform(0.025, 0.06))[middle, middle]
    canvas.darken(soft_edge, rng.uniform(0.12, 0.38))


def _skin(
    rng: np.random.Generator, relief: tuple[np.ndarray, ...], light: np.ndarray, unit: float
) -> np.ndarray:
    """Return the lit colour of the hand, (large, large, 3)."""
    height, cover, flush = relief
    large = len(height)
    share = rng.random()
    first, second = rng.choice(len(palette.SKINS), 2)
    tone = share * np.array(palette.SKINS[first]) + (1 - share) * np.array(palette.SKINS[second])
    tone = tone * camera.evened(tone, share=0.45) ** 0.5
    relief = camera.blurred(np.where(height > -0.5, height, 0), max(unit * 0.012, 0.6))
    down, across = np.gradient(relief * unit)
    forward = np.float32(1.1)
    length = np.sqrt(across * across + down * down + forward * forward)
    normal = np.stack([-across / length, -down / length, forward / length], -1)
    lit = np.clip(normal @ (light / np.linalg.norm(light)), 0, 1)
    hollow = np.clip((camera.blurred(relief, unit * 0.09) - relief) * 5, 0, 1) * (cover > 0.5)
    bright = (0.52 + 0.62 * lit) * (1 - 0.5 * hollow)
    rosy = 0.10 * flush + 0.05 * smooth_noise(large, large, unit * 0.3, rng)
    rosy = rosy + 0.35 * (1 - ramp(bright, 0.5, 1.0))  # light that went through skin is red
    uneven = 1 + 0.02 * smooth_noise(large, large, 3, rng)
    blush = np.array([0.10, -0.22, -0.28])
    return np.stack([tone[k] * uneven * bright * (1 + rosy * blush[k]) for k in range(3)], -1)

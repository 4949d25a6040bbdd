"""Landscapes with one sight each: a lighthouse, a fir, a castle, a balloon.

Weather, ground, colours, hills, bushes and rocks are drawn alike for all kinds, so that only the
shape of the sight tells which one it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from data.kit import camera
from data.kit.noise import smooth_noise

FINE = 2  # drawn at this many times the size, then shrunk
WALLS = (
    *((226, 222, 212), (188, 96, 74), (158, 154, 146), (206, 172, 116), (132, 98, 70)),
    *((160, 182, 160), (150, 172, 196), (98, 104, 112)),
)
ROOFS = ((166, 78, 56), (84, 88, 98), (112, 82, 60), (66, 92, 78), (196, 190, 182))
LEAVES = ((70, 104, 58), (96, 120, 62), (52, 84, 66), (128, 118, 60), (112, 84, 52))
GROUNDS = ((108, 132, 70), (196, 176, 132), (228, 232, 238), (150, 140, 128), (146, 132, 82))
WEATHERS = (  # colour of the sky above, at the horizon, and of the light
    ((84, 138, 204), (188, 212, 232), (1.03, 1.0, 0.96)),
    ((120, 160, 206), (240, 216, 188), (1.06, 0.98, 0.88)),
    ((92, 84, 134), (238, 150, 104), (0.98, 0.78, 0.68)),
    ((164, 172, 180), (204, 208, 210), (0.86, 0.88, 0.9)),
    ((40, 54, 92), (92, 104, 136), (0.5, 0.56, 0.72)),
)


def sights(
    kinds: Sequence[str], count: int, side: int = 64, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw landscapes, one sight in each, the ``kinds`` (of `KINDS`) in turn.

    The first pictures are the same whatever the count, and two seeds never draw the same picture.
    Returns (count, side, side, 3) uint8 and labels (count,) int64, places in ``kinds``; a kind that
    is not drawn here is a ValueError.
    """
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise ValueError(f"sight {unknown[0]!r} is not drawn here; there are {', '.join(KINDS)}.")
    labels = np.arange(count) % len(kinds)
    images = np.empty((count, side, side, 3), np.uint8)
    for i, label in enumerate(labels):
        images[i] = landscape(kinds[label], side, np.random.default_rng([seed, i]))
    return images, labels


def landscape(kind: str, side: int, rng: np.random.Generator) -> np.ndarray:
    """Draw one picture, (side, side, 3) uint8."""
    large = FINE * side
    above, far, light = (np.array(c, np.float32) for c in WEATHERS[rng.integers(len(WEATHERS))])
    horizon = rng.uniform(0.48, 0.7) * large
    picture = _sky(large, horizon, above, far, rng)
    _hills(picture, horizon, far, rng)
    _ground(picture, horizon, far, rng)
    brush = _Brush(np.clip(picture, 0, 255).astype(np.uint8))
    for _ in range(rng.integers(1, 5)):
        _bush(brush, large, rng.uniform(horizon, 0.93 * large), rng)
    foot = rng.uniform(max(0.72 * large, horizon + 2), 0.92 * large)
    size = foot * rng.uniform(0.62, 0.9)
    brush.place(rng.uniform(0.3, 0.7) * large, foot, size * np.array([rng.uniform(0.85, 1.2), 1]))
    brush.ellipse(0.06, 0.0, 0.3, 0.035, (70, 72, 70))
    KINDS[kind](brush, rng)
    for _ in range(rng.integers(0, 3)):
        _bush(brush, large, rng.uniform(foot, 1.05 * large), rng)
    return _developed(brush.pixels, side, light, rng)


def _developed(
    pixels: np.ndarray, side: int, light: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Shrink, light and now and then mirror a picture; give it haze, exposure and grain."""
    small = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    small = small * (0.5 + 0.5 * light) * camera.tint(rng, 0.05).astype(np.float32)
    haze = rng.uniform(0, 0.35)
    small += haze * (small.mean(axis=(0, 1)) - small)
    small = small * np.float32(np.exp(rng.normal(0, 0.12)))
    if rng.random() < 0.5:
        small = small[:, ::-1]
    return camera.to_uint8(camera.noisy(small, np.float32(3), rng), white=255)


# ------------------------------------------------------------------ the land


def _sky(
    large: int, horizon: float, above: np.ndarray, far: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return a sky with clouds on the whole picture, (large, large, 3) float32."""
    fall = np.linspace(0, large / horizon, large, dtype=np.float32).clip(0, 1)[:, None, None] ** 1.3
    picture = np.broadcast_to(above + fall * (far - above), (large, large, 3)).copy()
    flat = smooth_noise(large, large, 0.3 * large, rng) + 0.5 * smooth_noise(
        large, large, 0.1 * large, rng
    )
    share = np.clip(0.9 * flat - rng.uniform(-0.2, 0.9), 0, 1)[..., None] * rng.uniform(0.3, 0.9)
    picture += share * (0.55 * far + 0.45 * 250 - picture)
    return picture


def _hills(picture: np.ndarray, horizon: float, far: np.ndarray, rng: np.random.Generator) -> None:
    """Paint ranges of hills, the farther the paler."""
    large = len(picture)
    rows = np.arange(large, dtype=np.float32)[:, None]
    count = rng.integers(1, 4)
    for k in range(count):
        near = (k + 1) / (count + 1)
        cell = large * rng.uniform(0.12, 0.5)
        line = smooth_noise(2, large, cell, rng)[0]
        line += 0.3 * smooth_noise(2, large, cell / 4, rng)[0]
        top = horizon - large * (0.14 - 0.1 * near) * (1 + 0.8 * line)
        colour = np.array(LEAVES[rng.integers(5)], np.float32) * rng.uniform(0.8, 1.3)
        colour = near * 0.8 * colour + (1 - near * 0.8) * far
        mask = np.clip(rows - top + 0.5, 0, 1)[..., None]
        picture += mask * (colour - picture)


def _ground(picture: np.ndarray, horizon: float, far: np.ndarray, rng: np.random.Generator) -> None:
    """Paint meadow, sand, snow, stone or a field, its texture finer towards the horizon."""
    large, first = len(picture), int(horizon)
    height = large - first
    colour = np.array(GROUNDS[rng.integers(5)], np.float32) + rng.normal(0, 8, 3)
    depth = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    rough = smooth_noise(large, large, 0.04 * large, rng)[
        (depth[:, 0] ** 0.5 * (large - 1)).astype(int)
    ]
    rough = rough * 8 + smooth_noise(height, large, 0.25 * large, rng) * 10
    if rng.random() < 0.3:  # furrows towards a point on the horizon
        x = (np.arange(large) - rng.uniform(0.2, 0.8) * large) / (0.15 + depth)
        rough = rough + 14 * np.sin(x * (2 * np.pi / (0.16 * large)))
    ground = colour + rough[..., None] * 1.0
    picture[first:] = ground + (0.5 * (1 - depth[..., None]) ** 3) * (far - ground)


def _bush(brush: _Brush, large: int, foot: float, rng: np.random.Generator) -> None:
    """Paint a bush or a rock; what is lower in the picture is nearer and larger."""
    size = large * rng.uniform(0.05, 0.12) * (0.3 + foot / large)
    brush.place(rng.uniform(0, 1) * large, foot, np.array([size * rng.uniform(1, 2), size]))
    stone = rng.random() < 0.4
    colour = np.array((GROUNDS[3] if stone else LEAVES[rng.integers(5)]), np.float32)
    colour = colour * rng.uniform(0.7, 1.2)
    for x, y, r in ((0, 0.3, 0.5), (-0.35, 0.2, 0.35), (0.3, 0.25, 0.4))[: 1 if stone else 3]:
        brush.ellipse(x, y, r, 0.8 * r, 0.8 * colour)
        brush.ellipse(x - 0.25 * r, y + 0.2 * r, 0.65 * r, 0.5 * r, 1.12 * colour)


# ------------------------------------------------------------------ the sights


class _Brush:
    """Paints outlines, x to the right and y upwards from a foot, with smooth edges."""

    def __init__(self, pixels: np.ndarray) -> None:
        self.pixels = pixels

    def place(self, x: float, y: float, scale: np.ndarray) -> None:
        """Put the foot at a pixel; a unit is ``scale`` pixels wide and high."""
        self.foot, self.scale = np.array([x, y]), np.asarray(scale) * [1, -1]

    def poly(self, points: object, colour: object) -> None:
        """Fill an outline (k, 2)."""
        at = np.round((np.asarray(points, float) * self.scale + self.foot) * 16).astype(np.int32)
        tone = np.clip(np.asarray(colour, float), 0, 255).tolist()
        cv2.fillPoly(self.pixels, [at], tone, cv2.LINE_AA, shift=4)

    def box(self, left: float, right: float, low: float, high: float, colour: object) -> None:
        """Fill an upright rectangle."""
        self.poly([(left, low), (right, low), (right, high), (left, high)], colour)

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: object) -> None:
        """Fill an ellipse."""
        t = np.linspace(0, 2 * np.pi, 25)[:-1]
        self.poly(np.stack([x + rx * np.cos(t), y + ry * np.sin(t)], 1), colour)

    def line(self, knots: object, width: float, colour: object) -> None:
        """Draw a line through knots, ``width`` wide."""
        knots = np.asarray(knots, float)
        for a, b in zip(knots[:-1], knots[1:], strict=True):
            normal = np.array([a[1] - b[1], b[0] - a[0]])
            normal *= width / 2 / (np.linalg.norm(normal) + 1e-9)
            self.poly([a + normal, b + normal, b - normal, a - normal], colour)

    def round(self, profile: object, colour: object, strips: int = 8) -> None:
        """Fill a body turned about the vertical, lit from the left; profile: (height, radius)."""
        y, r = np.asarray(profile, float).T
        edges = np.sin(np.linspace(-np.pi / 2, np.pi / 2, strips + 1))
        for a, b in zip(edges[:-1], edges[1:], strict=True):
            light = 0.55 + 0.6 * np.sqrt(max(0.0, 1 - ((a + b) / 2 + 0.45) ** 2))
            strip = [*zip(r * a, y, strict=True), *zip((r * b)[::-1], y[::-1], strict=True)]
            self.poly(strip, np.asarray(colour, float) * light)


def _wall(rng: np.random.Generator) -> np.ndarray:
    return np.array(WALLS[rng.integers(len(WALLS))], float) * rng.uniform(0.85, 1.1)


def _roof(rng: np.random.Generator) -> np.ndarray:
    return np.array(ROOFS[rng.integers(len(ROOFS))], float) * rng.uniform(0.85, 1.1)


def _leaf(rng: np.random.Generator) -> np.ndarray:
    return np.array(LEAVES[rng.integers(len(LEAVES))], float) * rng.uniform(0.8, 1.2)


def _windows(brush: _Brush, xs: object, ys: object, size: float, rng: np.random.Generator) -> None:
    """Paint rows of windows, dark or lit."""
    colour = (44, 50, 62) if rng.random() < 0.7 else (246, 214, 130)
    for y in ys:
        for x in xs:
            brush.box(x - size / 2, x + size / 2, y, y + 1.3 * size, colour)


def _lighthouse(brush: _Brush, rng: np.random.Generator) -> None:
    wall, band, wide = _wall(rng), _wall(rng), rng.uniform(0.1, 0.14)
    profile = np.array([(0, 1.0), (0.25, 0.84), (0.5, 0.7), (0.78, 0.6)]) * [1, wide]
    brush.round(profile, wall)
    for k in range(rng.integers(1, 4)):
        low = 0.12 + 0.22 * k
        ys = np.array([low, low + 0.11])
        brush.round(np.stack([ys, np.interp(ys, *profile.T)], 1), band)
    brush.box(-0.85 * wide, 0.85 * wide, 0.77, 0.8, (60, 60, 66))
    brush.round([(0.8, 0.42 * wide), (0.9, 0.42 * wide)], (250, 226, 150), 4)
    brush.round([(0.9, 0.62 * wide), (0.95, 0.45 * wide), (1.0, 0.02)], _roof(rng))


def _windmill(brush: _Brush, rng: np.random.Generator) -> None:
    wide, top = rng.uniform(0.15, 0.19), rng.uniform(0.58, 0.66)
    brush.round([(0, wide), (top / 2, 0.8 * wide), (top, 0.62 * wide)], _wall(rng))
    cap = [(top, 0.7 * wide), (top + 0.07, 0.55 * wide), (top + 0.13, 0.05)]
    brush.round(cap, _roof(rng))
    brush.box(-0.035, 0.035, 0, 0.12, (58, 46, 40))
    turn, sail = rng.uniform(0, np.pi / 2), np.array(WALLS[rng.integers(4)], float)
    for k in range(4):
        a = turn + k * np.pi / 2
        out, across = np.array([np.cos(a), np.sin(a)]), np.array([-np.sin(a), np.cos(a)])
        hub = np.array([-0.02, top + 0.04])
        brush.line([hub, hub + 0.42 * out], 0.022, (70, 58, 50))
        near, tip = hub + 0.1 * out, hub + 0.41 * out
        brush.poly([near, tip, tip + 0.075 * across, near + 0.075 * across], sail)


def _church(brush: _Brush, rng: np.random.Generator) -> None:
    wall, roof, side = _wall(rng), _roof(rng), rng.choice([-1, 1])
    long, eave, ridge = rng.uniform(0.3, 0.4), rng.uniform(0.24, 0.3), rng.uniform(0.4, 0.48)
    x = side * 0.12
    brush.box(min(x, x - side * long), max(x, x - side * long), 0, eave, 0.86 * wall)
    end = x - side * long
    brush.poly([(x, eave), (end, eave), (end + 0.06 * side, ridge), (x, ridge)], roof)
    _windows(brush, x - side * np.array([0.12, 0.24]), [0.08], 0.05, rng)
    wide, top = rng.uniform(0.075, 0.1), rng.uniform(0.54, 0.62)
    brush.box(x - wide, x + wide, 0, top, wall)
    brush.box(x + 0.2 * wide, x + wide, 0, top, 0.8 * wall)
    brush.poly([(x - 1.15 * wide, top), (x + 1.15 * wide, top), (x, 0.93)], roof)
    brush.poly([(x, top), (x + 1.15 * wide, top), (x, 0.93)], 0.8 * roof)
    _windows(brush, [x], [top - 0.16], 0.05, rng)
    brush.line([(x, 0.92), (x, 1.0)], 0.014, (60, 56, 52))
    brush.line([(x - 0.025, 0.97), (x + 0.025, 0.97)], 0.014, (60, 56, 52))


def _house(brush: _Brush, rng: np.random.Generator) -> None:
    wall, roof = _wall(rng), _roof(rng)
    wide, eave, ridge = rng.uniform(0.28, 0.38), rng.uniform(0.32, 0.42), rng.uniform(0.58, 0.7)
    brush.box(0.45 * wide, 0.7 * wide, eave, ridge + 0.08, 0.7 * wall)
    brush.box(-wide, wide, 0, eave, wall)
    brush.poly([(-1.15 * wide, eave), (1.15 * wide, eave), (0, ridge)], roof)
    brush.poly([(0, eave), (1.15 * wide, eave), (0, ridge)], 0.82 * roof)
    brush.box(-0.05, 0.05, 0, 0.2, (72, 54, 44))
    _windows(brush, [-0.6 * wide, 0.6 * wide], [0.14], 0.09, rng)


def _castle(brush: _Brush, rng: np.random.Generator) -> None:
    wall, wide, top = _wall(rng), rng.uniform(0.26, 0.34), rng.uniform(0.34, 0.44)
    brush.box(-wide, wide, 0, top, 0.88 * wall)
    for x in np.linspace(-wide, wide, 6)[:-1]:
        brush.box(x, x + 0.2 * wide, top, top + 0.05, 0.88 * wall)
    for x in (-wide, wide):
        _turret(brush, x, top + 0.18, wall)
    brush.poly([(-0.07, 0), (0.07, 0), (0.07, 0.14), (0, 0.21), (-0.07, 0.14)], (48, 42, 40))


def _turret(brush: _Brush, x: float, top: float, wall: np.ndarray) -> None:
    """Paint a tower with merlons beside the middle."""
    foot = brush.foot.copy()
    brush.foot = foot + [x * brush.scale[0], 0]
    brush.round([(0, 0.1), (top, 0.1), (top, 0.125), (top + 0.06, 0.125)], wall)
    for k in (-0.09, 0.0, 0.09):
        brush.box(k - 0.025, k + 0.025, top + 0.06, top + 0.11, 0.9 * wall)
    brush.foot = foot


def _gate(brush: _Brush, rng: np.random.Generator) -> None:
    wall, wide, top = _wall(rng), rng.uniform(0.27, 0.34), rng.uniform(0.55, 0.68)
    inner, spring = 0.52 * wide, 0.5 * top
    t = np.linspace(np.pi, 0, 9)
    arch = np.stack([inner * np.cos(t), spring + 0.28 * top * np.sin(t)], 1)
    left = [(-wide, 0), (-inner, 0), *arch, (inner, 0), (wide, 0), (wide, top), (-wide, top)]
    brush.poly(left, wall)
    brush.poly([(inner, 0), (wide, 0), (wide, top), (0.8 * wide, top), (0.8 * wide, 0)], 0.8 * wall)
    brush.box(-1.1 * wide, 1.1 * wide, top, top + 0.06, 1.08 * wall)


def _tent(brush: _Brush, rng: np.random.Generator) -> None:
    cloth, wide, top = _wall(rng), rng.uniform(0.34, 0.44), rng.uniform(0.42, 0.55)
    brush.poly([(-wide, 0), (wide, 0), (0.06, top)], cloth)
    brush.poly([(0.1, 0), (wide, 0), (0.06, top)], 0.76 * cloth)
    brush.poly([(-0.14, 0), (0.06, 0), (0.03, 0.7 * top)], (52, 46, 44))
    brush.line([(0.06, top - 0.02), (0.06, top + 0.07)], 0.02, (80, 66, 54))


def _fir(brush: _Brush, rng: np.random.Generator) -> None:
    leaf, wide = _leaf(rng), rng.uniform(0.24, 0.32)
    brush.box(-0.035, 0.035, 0, 0.2, (84, 64, 48))
    for k in range(4):
        low, w = 0.12 + 0.2 * k, wide * (1 - 0.2 * k)
        top = low + 0.36 - 0.03 * k
        brush.poly([(-w, low), (w, low), (0, top)], leaf * (1.08 - 0.02 * k))
        brush.poly([(0.1 * w, low), (w, low), (0, top)], leaf * 0.76)


def _tree(brush: _Brush, rng: np.random.Generator) -> None:
    leaf = _leaf(rng)
    brush.poly([(-0.05, 0), (0.05, 0), (0.03, 0.5), (-0.03, 0.5)], (92, 70, 52))
    blobs = rng.normal(0, 1, (7, 2)) * [0.12, 0.09] + [0, 0.66]
    for shift, tone, r in ((0.03, 0.72, 0.17), (0.0, 0.95, 0.15), (-0.04, 1.15, 0.09)):
        for x, y in blobs:
            brush.ellipse(x + shift, y - shift, r, 0.9 * r, leaf * tone)


def _palm(brush: _Brush, rng: np.random.Generator) -> None:
    leaf, bend = _leaf(rng), rng.uniform(-0.18, 0.18)
    t = np.linspace(0, 1, 7)
    knots = np.stack([bend * t**2, 0.72 * t], 1)
    brush.line(knots, 0.055, (128, 100, 72))
    crown = knots[-1]
    for a in np.linspace(-0.6, np.pi + 0.6, 8) + rng.normal(0, 0.1, 8):
        reach = np.array([0.3 * np.cos(a), 0.2 * np.sin(a)])
        tip = crown + reach + [0, -0.12]
        mid = crown + 0.6 * reach + [0, 0.06]
        brush.poly([crown, mid + [0, 0.035], tip, mid - [0, 0.04]], leaf * rng.uniform(0.75, 1.15))


def _block(brush: _Brush, rng: np.random.Generator) -> None:
    wall, wide, top = _wall(rng), rng.uniform(0.14, 0.24), rng.uniform(0.78, 1.0)
    brush.box(-wide, wide, 0, top, wall)
    brush.poly([(wide, 0), (1.3 * wide, 0), (1.3 * wide, top - 0.03), (wide, top)], 0.7 * wall)
    xs = np.linspace(-wide, wide, 6)[1:-1]
    _windows(brush, xs, np.arange(0.08, top - 0.08, 0.11), 0.2 * wide, rng)


def _water_tower(brush: _Brush, rng: np.random.Generator) -> None:
    wall, wide = _wall(rng), rng.uniform(0.2, 0.26)
    for x in (-0.75, -0.25, 0.25, 0.75):
        brush.line([(x * wide * 1.15, 0), (x * wide, 0.58)], 0.03, (84, 78, 74))
    brush.line([(-0.8 * wide, 0.3), (0.8 * wide, 0.3)], 0.02, (84, 78, 74))
    brush.round([(0.55, wide), (0.84, wide)], wall)
    brush.round([(0.84, 1.08 * wide), (1.0, 0.01)], _roof(rng))


def _pylon(brush: _Brush, rng: np.random.Generator) -> None:
    steel, wide = (82, 86, 92), rng.uniform(0.13, 0.18)
    for s in (-1, 1):
        brush.line([(s * wide, 0), (s * 0.035, 0.62), (0, 1.0)], 0.024, steel)
    ys = [0, 0.18, 0.33, 0.46, 0.56]
    for k, (a, b) in enumerate(zip(ys[:-1], ys[1:], strict=True)):
        s = 1 if k % 2 else -1
        low, high = wide * (1 - a / 0.7), wide * (1 - b / 0.7)
        brush.line([(s * low, a), (-s * high, b)], 0.016, steel)
    for y, arm in ((0.62, 0.3), (0.76, 0.24), (0.88, 0.16)):
        brush.poly([(-arm, y), (0, y - 0.02), (arm, y), (0, y + 0.05)], steel)


def _balloon(brush: _Brush, rng: np.random.Generator) -> None:
    first, second = _wall(rng), _wall(rng)
    lift, r = rng.uniform(0.15, 0.3), rng.uniform(0.24, 0.3)
    t = np.linspace(-np.pi / 2.4, np.pi / 2, 9)
    y = lift + 0.42 + 1.05 * r * np.sin(t)
    for share, colour in ((1, first), (0.62, second), (0.25, first)):
        brush.round(np.stack([y, share * r * np.cos(t)], 1), colour)
    low = float(y[0])
    for s in (-1, 1):
        brush.line([(s * 0.09, low), (s * 0.04, lift + 0.05)], 0.012, (70, 60, 54))
    brush.box(-0.05, 0.05, lift - 0.02, lift + 0.06, (116, 84, 56))


def _factory(brush: _Brush, rng: np.random.Generator) -> None:
    wall, wide, top = _wall(rng), rng.uniform(0.34, 0.42), rng.uniform(0.26, 0.34)
    x = rng.choice([-0.8, 0.8]) * wide
    brush.poly([(x - 0.06, 0), (x + 0.06, 0), (x + 0.04, 0.85), (x - 0.04, 0.85)], 0.8 * wall)
    brush.box(-wide, wide, 0, top, wall)
    for k in range(3):
        left = -wide + k * 2 * wide / 3
        saw = [(left, top), (left + 2 * wide / 3, top), (left + 2 * wide / 3, top + 0.17)]
        brush.poly(saw, _roof(rng) if k == 0 else 0.8 * wall)
    _windows(brush, np.linspace(-0.75, 0.75, 5) * wide, [0.12], 0.07, rng)


KINDS: dict[str, Callable[[_Brush, np.random.Generator], None]] = {
    "house": _house,
    "castle": _castle,
    "gate": _gate,
    "tent": _tent,
    "fir": _fir,
    "tree": _tree,
    "palm": _palm,
    "tower block": _block,
    "water tower": _water_tower,
    "pylon": _pylon,
    "balloon": _balloon,
    "factory": _factory,
    "lighthouse": _lighthouse,
    "windmill": _windmill,
    "church": _church,
}

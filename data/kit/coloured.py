"""Scenes whose colours follow from shape and texture, but for a few things of either colour.

Sky is blue, grass green, tiles red, an orange orange: a network can learn that from grey pictures.
A ball, a balloon, a mug is red or blue with equal chance, and both colours have the same lightness,
so that no grey picture tells which.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.kit import camera
from data.kit.canvas import Canvas, limb, moved, oval, placed
from data.kit.noise import smooth_noise

FINE = 2  # drawn at this many times the size, then shrunk
KINDS = ("other", "sky", "grass", "tree", "roof", "fruit", "table", "either")
SKY, GRASS, TREE, ROOF, FRUIT, TABLE, EITHER = range(1, len(KINDS))
RED, BLUE = (0.830, 0.220, 0.200), (0.150, 0.440, 0.860)  # of the same lightness, 47
FRUITS = {  # colour, half width and half height, of a fruit
    "orange": ((0.93, 0.53, 0.10), 0.075, 0.073),
    "lemon": ((0.93, 0.84, 0.24), 0.085, 0.056),
    "plum": ((0.36, 0.20, 0.42), 0.055, 0.060),
    "pear": ((0.66, 0.74, 0.26), 0.062, 0.068),
    "banana": ((0.94, 0.80, 0.26), 0.14, 0.05),
}


@dataclass(frozen=True, eq=False)
class Scenes:
    """Drawn scenes and what lies where."""

    images: np.ndarray  # (n, side, side, 3) uint8 RGB
    # (n, side, side) uint8, places in ``KINDS``; "either" are the things of either colour
    kinds: np.ndarray


def scenes(count: int, side: int = 64, *, seed: int = 0) -> Scenes:
    """Draw landscapes and still lifes in turn, with a ``side`` of at least 16 pixels.

    The first pictures are the same whatever the count, the same scene can be had in any size, and
    two seeds never draw the same picture.
    """
    if side < 16:
        raise ValueError(f"a scene has at least 16 pixels a side, not {side}.")
    drawn = [scene(i, side, seed=seed) for i in range(count)]
    shape = (count, side, side)
    return Scenes(
        images=np.array([picture for picture, _ in drawn], np.uint8).reshape(*shape, 3),
        kinds=np.array([kinds for _, kinds in drawn], np.uint8).reshape(shape),
    )


def scene(number: int, side: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw one scene, (side, side, 3) uint8, and its kinds, (side, side) uint8."""
    rng, grain = (np.random.default_rng([seed, number, k]) for k in range(2))
    large = FINE * side
    canvas = Canvas(np.zeros((large, large, 3), np.float32), np.eye(2, 3) * large)
    (_landscape if number % 2 == 0 else _still_life)(canvas, rng, grain)
    light = np.float32(rng.uniform(0.78, 1.04))
    pixels = canvas.pixels.reshape(side, FINE, side, FINE, 3).mean(axis=(1, 3)) * light
    pixels += grain.normal(0, 0.008, (side, side, 1)).astype(np.float32)  # of film: without colour
    kinds = np.maximum(canvas.owner[::FINE, ::FINE], 0)
    if rng.random() < 0.5:
        pixels, kinds = pixels[:, ::-1], kinds[:, ::-1]
    return camera.to_uint8(pixels), kinds.astype(np.uint8)


def either(rng: np.random.Generator) -> tuple[float, float, float]:
    """Return red or blue, each half of the time."""
    return RED if rng.random() < 0.5 else BLUE


def ball(
    side: int,
    colour: object,
    backdrop: object = (0.52, 0.50, 0.46),
    *,
    at: tuple[float, float] = (0.5, 0.82),
    radius: float = 0.3,
) -> np.ndarray:
    """Draw a ball alone on an even ground, (side, side, 3) uint8; ``at`` is where it stands."""
    large = FINE * side
    pixels = np.broadcast_to(np.float32(backdrop), (large, large, 3)).copy()
    canvas = Canvas(pixels, np.eye(2, 3) * large)
    _ball(canvas, *at, radius, colour)
    return camera.to_uint8(canvas.pixels.reshape(side, FINE, side, FINE, 3).mean(axis=(1, 3)))


# ------------------------------------------------------------------ outdoors


def _landscape(canvas: Canvas, rng: np.random.Generator, grain: np.random.Generator) -> None:
    """Paint a meadow under a sky, with a house, trees, a ball and perhaps a balloon."""
    horizon = rng.uniform(0.42, 0.6)
    _sky(canvas, rng, grain)
    _hills(canvas, horizon, rng)
    _meadow(canvas, horizon, grain)
    if rng.random() < 0.4:
        _balloon(canvas, rng.uniform(0.15, 0.85), rng.uniform(0.14, 0.26), rng)
    x, foot = rng.uniform(0.22, 0.78), horizon + rng.uniform(0.08, 0.16)
    for k in rng.permutation(3)[: rng.integers(1, 3)]:
        _tree(canvas, (x + 0.37 + 0.2 * k) % 1, horizon + rng.uniform(0.04, 0.12), rng)
    _house(canvas, x, foot, rng.uniform(0.30, 0.42), rng)
    if rng.random() < 0.5:
        _tree(canvas, (x + rng.uniform(0.35, 0.65)) % 1, foot + rng.uniform(0.04, 0.14), rng)
    for at in rng.permutation([0.2, 0.5, 0.8])[: rng.integers(1, 3)]:
        near = rng.uniform(0.87, 0.97)
        _ball(canvas, at + rng.uniform(-0.08, 0.08), near, rng.uniform(0.07, 0.10), either(rng))


def _sky(canvas: Canvas, rng: np.random.Generator, grain: np.random.Generator) -> None:
    large = len(canvas.pixels)
    fall = np.linspace(0, 1, large, dtype=np.float32)[:, None, None] ** 0.8
    above, low = np.float32((0.30, 0.52, 0.84)), np.float32((0.72, 0.84, 0.94))
    canvas.pixels[:] = above + fall * 1.3 * (low - above)
    rough = smooth_noise(large, large, 0.30 * large, grain)
    rough = rough + 0.5 * smooth_noise(large, large, 0.09 * large, grain)
    cloud = np.clip(0.8 * rough - rng.uniform(-0.1, 0.8), 0, 0.95) * (1 - 0.5 * fall[..., 0])
    canvas.blend(cloud.astype(np.float32), (0.96, 0.96, 0.97))
    canvas.owner[:] = SKY


def _hills(canvas: Canvas, horizon: float, rng: np.random.Generator) -> None:
    x = np.linspace(-0.05, 1.05, 40)
    for k, colour in enumerate(((0.56, 0.68, 0.74), (0.42, 0.57, 0.50))):
        line = smooth_noise(2, 40, 40 * rng.uniform(0.15, 0.35), rng)[0]
        top = horizon - (0.10, 0.04)[k] * (1 + 0.6 * line)
        outline = np.column_stack([np.r_[x, 1.05, -0.05], np.r_[top, 1.05, 1.05]])
        mask = canvas.mask(outline)
        canvas.blend(mask, colour)
        canvas.owner[mask > 0.5] = 0


def _meadow(canvas: Canvas, horizon: float, grain: np.random.Generator) -> None:
    """Paint grass: blades, shorter and finer towards the horizon."""
    large = len(canvas.pixels)
    first = int(horizon * large)
    height = large - first
    depth = np.linspace(0.02, 1, height, dtype=np.float32)
    blades = smooth_noise(large, large, 2.2, grain)[:, ::1]
    tall = np.clip((depth**0.7 * 0.4 * (large - 1)).astype(int), 0, large - 1)
    rough = blades[tall] * (0.25 + 0.75 * depth[:, None])
    patches = smooth_noise(height, large, 0.2 * large, grain)
    light = 1 + 0.15 * rough + 0.06 * patches
    colour = np.float32((0.36, 0.53, 0.20)) * light[..., None]
    canvas.pixels[first:] = np.clip(colour * (1.15 - 0.25 * depth[:, None, None]), 0, 1)
    canvas.owner[first:] = GRASS


def _shadow(canvas: Canvas, x: float, y: float, wide: float) -> None:
    import cv2

    mask = canvas.mask(oval(x + 0.25 * wide, y, 1.1 * wide, 0.22 * wide))
    side = 2 * round(0.2 * wide * canvas.unit) + 1
    canvas.darken(cv2.GaussianBlur(mask, (side, side), 0), 0.42)


def _sphere(
    canvas: Canvas, outline: np.ndarray, middle: object, r: float, colour: object, label: int
) -> None:
    """Paint a round body: lambertian light from the upper left, and a soft highlight."""
    mask = canvas.mask(outline)
    rows, columns = (np.flatnonzero(mask.any(axis=a)) for a in (1, 0))
    if not rows.size:
        return
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    y, x = np.mgrid[part].astype(np.float32)
    u = (x / canvas.unit - middle[0]) / r
    v = (y / canvas.unit - middle[1]) / r
    w = np.sqrt(np.clip(1 - u**2 - v**2, 0, 1))
    light = 0.50 + 0.62 * np.clip(-0.5 * u - 0.55 * v + 0.67 * w, 0, 1)
    shine = 0.55 * np.clip((-0.42 * u - 0.52 * v + 0.74 * w), 0, 1) ** 28
    tone = np.float32(colour) * light[..., None]
    tone += shine[..., None] * (1 - tone)
    whole = np.zeros((*mask.shape, 3), np.float32)
    whole[part] = tone
    canvas.blend(mask, whole)
    canvas.owner[mask > 0.5] = label


def _ball(canvas: Canvas, x: float, foot: float, r: float, colour: object) -> None:
    _shadow(canvas, x, foot - 0.1 * r, r)
    _sphere(canvas, oval(x, foot - r, r, r), (x, foot - r), r, colour, EITHER)


def _balloon(canvas: Canvas, x: float, y: float, rng: np.random.Generator) -> None:
    r, colour = rng.uniform(0.085, 0.11), either(rng)
    low = y + 1.55 * r
    for s in (-1, 1):
        rope = limb([(x + s * 0.55 * r, y + 0.7 * r), (x + s * 0.14 * r, low)], [0.006, 0.006])
        canvas.paint(rope, (0.32, 0.27, 0.24), 0.0, 0)
    t = np.linspace(0, 2 * np.pi, 49)[:-1]
    tip = np.where(np.sin(t) > 0, 1.28, 1.0)
    wide = np.where(np.sin(t) > 0, 1 - 0.32 * np.sin(t) ** 2, 1)
    outline = np.column_stack([x + r * np.cos(t) * wide, y + r * np.sin(t) * tip])
    _sphere(canvas, outline, (x, y + 0.1 * r), 1.25 * r, colour, EITHER)
    basket = np.array([(-0.2, 0), (0.2, 0), (0.17, 0.32), (-0.17, 0.32)]) * r + (x, low)
    canvas.paint(basket, (0.50, 0.35, 0.20), 0.3, 0)


def _tree(canvas: Canvas, x: float, foot: float, rng: np.random.Generator) -> None:
    size = rng.uniform(0.24, 0.34)
    _shadow(canvas, x, foot, 0.28 * size)
    trunk = limb([(x, foot), (x, foot - 0.5 * size)], [0.13 * size, 0.08 * size])
    canvas.paint(trunk, (0.36, 0.26, 0.18), 0.6, 0)
    spots = rng.normal(0, 1, (9, 2)) * (0.17, 0.13) * size + (x, foot - 0.78 * size)
    leaf = np.float32((0.24, 0.42, 0.17)) * rng.uniform(0.85, 1.2)
    for shift, tone, share in ((0.05, 0.70, 0.24), (0.0, 0.95, 0.20), (-0.05, 1.22, 0.11)):
        for sx, sy in spots:
            blob = oval(sx + shift * size, sy + shift * size, share * size, 0.9 * share * size)
            canvas.paint(blob, tone * leaf, 0.25, TREE)


def _house(canvas: Canvas, x: float, foot: float, wide: float, rng: np.random.Generator) -> None:
    """Paint a house with a roof of tiles, in rows that show in grey, too."""
    eave, ridge = foot - 0.5 * wide, foot - rng.uniform(0.86, 0.96) * wide
    left, right = x - wide / 2, x + wide / 2
    _shadow(canvas, x, foot, 0.5 * wide)
    stack = np.array([(0.2, 0), (0.31, 0), (0.31, 0.3), (0.2, 0.3)]) * wide
    canvas.paint(stack + (x, ridge - 0.04 * wide), (0.55, 0.30, 0.23), 0.2, ROOF)
    wall = np.array([(left, foot), (right, foot), (right, eave), (left, eave)])
    canvas.paint(wall, np.float32((0.90, 0.84, 0.71)) * rng.uniform(0.9, 1.05), 0.15, 0)
    roof = [(left - 0.07, eave), (right + 0.07, eave), (right - 0.05, ridge), (left + 0.05, ridge)]
    roof = np.array(roof)
    roof[:, 0] = x + (roof[:, 0] - x) * (1 if wide > 0.3 else 0.98)
    mask = canvas.mask(roof)
    y, column = np.mgrid[: len(mask), : len(mask)] / canvas.unit
    row = (y - ridge) / (0.075 * wide)
    tile = np.mod(column / (0.07 * wide) + 0.5 * (np.floor(row) % 2), 1)
    light = 0.84 + 0.26 * np.mod(row, 1) - 0.20 * (tile < 0.2)
    canvas.blend(mask, np.float32((0.76, 0.35, 0.24)) * light[..., None].astype(np.float32))
    canvas.owner[mask > 0.5] = ROOF
    for at in (-0.32, 0.32):
        _window(canvas, x + at * wide, foot - 0.27 * wide, 0.085 * wide)
    door = np.array([(-0.07, 0), (0.07, 0), (0.07, -0.28), (-0.07, -0.28)]) * wide + (x, foot)
    canvas.paint(door, (0.42, 0.28, 0.18), 0.2, 0)


def _window(canvas: Canvas, x: float, y: float, half: float) -> None:
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    canvas.paint(square * 1.2 * half + (x, y), (0.95, 0.95, 0.93), 0.0, 0)
    canvas.paint(square * half + (x, y), (0.25, 0.30, 0.36), 0.4, 0)
    bar = square * (0.1 * half, half) + (x, y)
    canvas.paint(bar, (0.95, 0.95, 0.93), 0.0, 0)


# ------------------------------------------------------------------ indoors


def _still_life(canvas: Canvas, rng: np.random.Generator, grain: np.random.Generator) -> None:
    """Paint fruit and a mug on a table of wood before a wall."""
    large = len(canvas.pixels)
    edge = rng.uniform(0.34, 0.48)
    x = np.linspace(-1, 1, large, dtype=np.float32)
    wall = 1 - 0.16 * (x[None] + 0.5) ** 2 - 0.1 * np.abs(x[:, None])
    canvas.pixels[:] = np.float32((0.80, 0.77, 0.72)) * wall[..., None]
    _table(canvas, edge, rng, grain)
    _mug(canvas, rng.uniform(0.14, 0.86), edge + rng.uniform(0.16, 0.22), rng)
    names = rng.choice(list(FRUITS), rng.integers(4, 7), replace=True)
    places = rng.permutation(8)[: len(names)]
    rows = edge + 0.26 + 0.3 * (places // 4) * (1 - edge) / 0.6
    order = np.argsort(rows)
    for name, place, row in zip(names[order], places[order], rows[order], strict=True):
        at = 0.14 + 0.24 * (place % 4) + 0.1 * (place // 4 % 2) + rng.uniform(-0.04, 0.04)
        _fruit(canvas, str(name), at, row + rng.uniform(-0.03, 0.03), rng)


def _table(
    canvas: Canvas, edge: float, rng: np.random.Generator, grain: np.random.Generator
) -> None:
    large = len(canvas.pixels)
    first = int(edge * large)
    y, x = np.mgrid[first:large, :large] / large
    bend = smooth_noise(large - first, large, 0.35 * large, grain) * 0.02
    lines = np.sin((y + bend) * rng.uniform(90, 130)) + 0.6 * np.sin((y + 2 * bend) * 231)
    seams = np.mod((y - edge) / 0.2, 1) < 0.035
    light = 1 + 0.06 * lines - 0.3 * seams - 0.15 * x
    canvas.pixels[first:] = np.float32((0.62, 0.42, 0.25)) * light[..., None]
    canvas.owner[first:] = TABLE
    canvas.pixels[first : first + max(2, large // 90)] *= 0.7


def _mug(canvas: Canvas, x: float, foot: float, rng: np.random.Generator) -> None:
    """Paint a mug of either colour, with a handle and a dark inside."""
    r, tall, colour = rng.uniform(0.085, 0.105), rng.uniform(0.2, 0.25), np.float32(either(rng))
    side = 1 if x < 0.5 else -1
    _shadow(canvas, x, foot, r)
    turn = np.linspace(-np.pi / 2, np.pi / 2, 9)
    handle = np.column_stack([
        x + side * (0.9 * r + 0.55 * r * np.cos(turn)),
        foot - tall / 2 + 0.28 * tall * np.sin(turn),
    ])  # fmt: skip
    canvas.paint(limb(handle, [0.025] * 9), 0.85 * colour, 0.5, EITHER)
    t = np.linspace(0, np.pi, 15)
    body = [*np.column_stack([x + r * np.cos(t), foot - 0.25 * r + 0.25 * r * np.sin(t)])]
    mask = canvas.mask(np.array([*body, (x - r, foot - tall), (x + r, foot - tall)]))
    column = (np.arange(len(mask)) / canvas.unit - x) / r
    light = 0.52 + 0.6 * np.exp(-(((column + 0.35) / 0.55) ** 2))
    canvas.blend(mask, np.broadcast_to(colour * light[:, None], (*mask.shape, 3)))
    canvas.owner[mask > 0.5] = EITHER
    canvas.paint(oval(x, foot - tall, r, 0.25 * r), np.minimum(1.15 * colour, 1), 0.1, EITHER)
    canvas.paint(oval(x, foot - tall, 0.86 * r, 0.19 * r), (0.20, 0.15, 0.12), 0.1, 0)


def _fruit(canvas: Canvas, name: str, x: float, foot: float, rng: np.random.Generator) -> None:
    colour, rx, ry = FRUITS[name]
    scale = rng.uniform(1.0, 1.25)
    rx, ry, tone = rx * scale, ry * scale, np.float32(colour) * rng.uniform(0.93, 1.05)
    _shadow(canvas, x, foot - 0.15 * ry, 0.9 * rx)
    y, turn = foot - ry, rng.uniform(-0.5, 0.5)
    if name == "banana":
        _banana(canvas, x, y, rx, tone, rng)
        return
    outline = oval(x, y, rx, ry)
    if name == "lemon":
        t = np.linspace(0, 2 * np.pi, 49)[:-1]
        reach = 1 + 0.16 * np.abs(np.cos(t)) ** 14
        rim = np.column_stack([rx * np.cos(t) * reach, ry * np.sin(t)])
        outline = moved(rim, placed((x, y), 1, turn))
    elif name == "pear":
        neck = oval(x + 0.1 * rx, y - 1.0 * ry, 0.5 * rx, 0.75 * ry)
        _sphere(canvas, neck, (x, y - 0.7 * ry), 1.3 * rx, tone, FRUIT)
    _sphere(canvas, outline, (x, y), max(rx, ry) * 1.02, tone, FRUIT)
    if name == "orange":
        _dimples(canvas, outline, x, y, rx, rng)
    elif name == "plum":
        cleft = limb([(x + 0.1 * rx, y - ry), (x + 0.35 * rx, y), (x, y + 0.9 * ry)], [0.006] * 3)
        canvas.paint(cleft, 0.6 * tone, 0.0, FRUIT)
    if name in ("pear", "plum"):
        top = y - (1.7 if name == "pear" else 0.95) * ry
        stem = limb([(x, top), (x + 0.02, top - 0.04)], [0.009, 0.012])
        canvas.paint(stem, (0.30, 0.20, 0.12), 0.3, 0)


def _banana(
    canvas: Canvas, x: float, y: float, rx: float, tone: np.ndarray, rng: np.random.Generator
) -> None:
    side = 1 if rng.random() < 0.5 else -1
    t = np.linspace(-1, 1, 7)
    knots = np.column_stack([x + side * rx * t, y + 0.045 - 0.085 * t**2])
    widths = [0.022, 0.05, 0.062, 0.066, 0.062, 0.05, 0.018]
    canvas.paint(limb(knots, widths), 0.96 * tone, 1.3, FRUIT)
    ridge = knots - (0, 0.010)
    canvas.paint(limb(ridge[1:6], [0.006] * 5), np.minimum(1.1 * tone, 1), 0.0, FRUIT)
    for k in (0, 6):
        canvas.paint(oval(*knots[k], 0.013, 0.011), (0.30, 0.22, 0.12), 0.0, 0)


def _dimples(
    canvas: Canvas, outline: np.ndarray, x: float, y: float, r: float, rng: np.random.Generator
) -> None:
    """Paint the pores of a peel."""
    inside = canvas.mask(outline)
    for _ in range(26):
        a, away = rng.uniform(0, 2 * np.pi), 0.92 * r * np.sqrt(rng.random())
        spot = canvas.mask(oval(x + away * np.cos(a), y + away * np.sin(a), 0.05 * r, 0.045 * r))
        canvas.darken(spot * inside, 0.10)

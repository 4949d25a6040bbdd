"""Drawn cars of twenty models: five makes, each with four kinds of body.

A car is a cloud of points on smooth surfaces. A make decides what its cars share (grille, lamps,
wheels), a body their shape; colour, place, light and the camera's stand vary within a model. So a
model is recognised by its shape and its parts together, and by nothing else.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from scipy.interpolate import PchipInterpolator

from drawing import camera
from drawing.canvas import Canvas
from drawing.noise import ramp, smooth_noise

SIDE = 250
DENSITY = 68  # points a metre on a surface
STRETCH = 1.3  # a crop is scaled to a square, as those of the real set are
PAINTS = (
    *((0.86, 0.87, 0.87), (0.62, 0.64, 0.66), (0.33, 0.35, 0.38), (0.055, 0.06, 0.07)),
    *((0.55, 0.05, 0.06), (0.05, 0.13, 0.38), (0.16, 0.36, 0.60), (0.05, 0.20, 0.13)),
    *((0.62, 0.53, 0.40), (0.80, 0.42, 0.06), (0.30, 0.06, 0.12), (0.78, 0.62, 0.10)),
)
SKIES = ((0.42, 0.60, 0.90), (0.72, 0.76, 0.80), (0.60, 0.70, 0.86))
GROUNDS = ((0.33, 0.33, 0.34), (0.46, 0.45, 0.43), (0.24, 0.25, 0.27), (0.42, 0.38, 0.31))
BLACK, CHROME, GLASS = (0.03, 0.03, 0.034), (0.55, 0.56, 0.58), (0.035, 0.042, 0.05)


@dataclass(frozen=True)
class Body:
    """Shape of a car in metres: z forward from its middle, y up, x to its side."""

    # Half the length, half the width, and the height of the sill
    half: float
    wide: float
    sill: float
    # Height of the lower body at its nose, windscreen, rear window and tail
    line: list[float]
    # z of the windscreen's foot and top, of the rear window's top and foot
    cabin: list[float]
    roof: float  # Height of the roof
    posts: list[float]  # z of the posts between side windows
    doors: list[float]  # z of the gaps between doors
    wheel: float = 0.33  # Radius of a wheel
    # "closed", "open", "bed", "panel": "open" has no roof, "bed" a load bed behind the cabin,
    # "panel" no rear side windows
    kind: str = "closed"


class Make(NamedTuple):
    """What the cars of a make share: forms of grille, lamps and wheels, proportions."""

    grille: str
    lamp: str
    tail: str
    spokes: int
    chrome: bool
    longer: float
    higher: float
    bodies: tuple[str, ...]  # that the make offers


_SHAPES = tomllib.loads(Path(__file__).with_name("cars.toml").read_text(encoding="utf-8"))
MAKES = {name: Make(**shape) for name, shape in _SHAPES.pop("makes").items()}
MODELS = tuple((make, body) for make in MAKES for body in MAKES[make].bodies)


class Cloud(NamedTuple):
    """Points on a car: where, how they face, colour, share of paint, how they mirror the sky."""

    at: np.ndarray  # (3, k) float32, metres
    normal: np.ndarray  # (3, k) float32, unit vectors
    colour: np.ndarray  # (3, k) float32, where it is not painted
    paint: np.ndarray  # (1, k) float32, 0 to 1
    gloss: np.ndarray  # (1, k) float32, 0 to 1


def model(number: int) -> tuple[Body, Make]:
    """Return the shape and make of one of the twenty models, in the proportions of its make."""
    name, body = MODELS[number]
    make, shape = MAKES[name], _SHAPES[body]
    scales = dict.fromkeys(("half", "cabin", "posts", "doors"), make.longer)
    scales |= dict.fromkeys(("line", "roof"), make.higher)
    scaled = {part: np.multiply(shape[part], scale).tolist() for part, scale in scales.items()}
    return Body(**shape | scaled), make


# ------------------------------------------------------------------ surfaces


@lru_cache(maxsize=64)
def _ring(half: float, wide: float, power: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return x and z, each (count,), of half a rounded rectangle from its front to its back."""
    t = np.linspace(0, np.pi, 4001)
    c, s = np.cos(t), np.sin(t)
    reach = (np.abs(c / half) ** power + np.abs(s / wide) ** power) ** (-1 / power)
    x, z = reach * s, reach * c
    length = np.r_[0, np.cumsum(np.hypot(np.diff(x), np.diff(z)))]
    at = np.linspace(0, length[-1], count)
    return np.interp(at, length, x), np.interp(at, length, z)


def _normals(at: np.ndarray) -> np.ndarray:
    """Return unit vectors (m, n, 3) that look out of a surface of points (m, n, 3)."""
    across = np.cross(np.gradient(at, axis=1), np.gradient(at, axis=0))
    long = np.linalg.norm(across, axis=-1, keepdims=True)
    return across / np.maximum(long, 1e-9)


def _height(body: Body) -> PchipInterpolator:
    """Return the upper edge of the lower body as a function of z."""
    nose, screen, window, tail = body.line
    front, _, _, back = body.cabin
    back = max(back, 0.12 - body.half)
    knots = [(-body.half - 0.1, tail - 0.10), (-body.half + 0.02, tail - 0.03), (back, window)]
    knots += [(0.5 * (front + back), 0.5 * (screen + window) - 0.015), (front, screen)]
    knots += [(0.55 * body.half + 0.45 * front, 0.72 * screen + 0.28 * nose)]
    knots += [(body.half - 0.22, nose + 0.02), (body.half + 0.1, nose - 0.16)]
    z, y = np.array(sorted(knots)).T
    return PchipInterpolator(z, y)


def _lower(body: Body) -> tuple[np.ndarray, ...]:
    """Return the left half of the lower body, (m, n, 3), height on it, arc from the front, z."""
    count = round(DENSITY * (2 * body.half + 1.7 * body.wide))
    wall, lid = round(DENSITY * 0.85 * body.line[1]), round(DENSITY * 1.15 * body.wide)
    x, z = _ring(body.half, body.wide, 5.5, count)
    arc = np.r_[0, np.cumsum(np.hypot(np.diff(x), np.diff(z)))]
    top = _height(body)(z)
    v = np.linspace(0, 1, wall)[:, None]
    rows_v = [0, 0.10, 0.3, 0.55, 0.78, 0.93, 1.0]
    wide = PchipInterpolator(rows_v, [0.90, 0.955, 0.99, 1.0, 0.985, 0.955, 0.90])(v)
    front = PchipInterpolator(rows_v, [0.955, 0.985, 1.0, 0.995, 0.98, 0.955, 0.91])(v)
    back = PchipInterpolator(rows_v, [0.95, 0.985, 1.0, 0.998, 0.985, 0.97, 0.94])(v)
    ends = np.abs(z / body.half) ** 4
    lift = body.sill + 0.07 * np.abs(z / body.half) ** 8
    y = lift + v * (top - lift)
    shrink = np.where(z > 0, 1 - (1 - front) * ends, 1 - (1 - back) * ends)
    low = np.stack([x * wide, y, z * shrink], -1)
    s = np.linspace(1, 0, lid)[1:, None]
    crown = 0.055 * (1 - s**2) * (0.35 + x / body.wide)
    return *_closed(low, s, top + crown), arc, z


def _closed(low: np.ndarray, s: np.ndarray, top: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Close a wall (m, n, 3) by a lid that shrinks by the shares ``s`` towards the middle.

    Returns also the height on it, a column from 0 to 1 on the wall and of 2 on the lid.
    """
    cap = np.stack([low[-1, :, 0] * s, top, np.broadcast_to(low[-1, :, 2], top.shape)], -1)
    height = np.r_[np.linspace(0, 1, len(low)), np.full(len(cap), 2.0)]
    return np.concatenate([low, cap]), height[:, None]


def _upper(body: Body) -> tuple[np.ndarray, ...]:
    """Return the left half of the cabin, (m, n, 3), height on it, x and z of its unit ring."""
    foot, screen, window, back = body.cabin
    belt = min(body.line[1], body.line[2]) - 0.04
    count = round(DENSITY * (foot - back + 1.8 * body.wide))
    slant = np.hypot(body.roof - belt, 0.6 * (foot - screen))
    wall, lid = round(DENSITY * 1.1 * slant), round(DENSITY * body.wide)
    x, z = _ring(1.0, 1.0, 4.5, count)
    v = np.linspace(0, 1, wall)[:, None]
    bend = v + 0.10 * v * (1 - v)
    head = foot + (screen - foot) * v - 0.03 * np.sin(np.pi * v)
    tail = back + (window - back) * v - 0.05 * np.sin(np.pi * v)
    tuck = 1 - 0.045 * ramp(v, 0.86, 1.0) ** 2
    wide = (body.wide * (0.93 - 0.19 * v**1.25)) * tuck
    middle, half = (head + tail) / 2, (head - tail) / 2
    y = belt + (body.roof - belt) * np.minimum(bend, 1.0) + 0 * z
    low = np.stack([x * wide, y, middle + half * z], -1)
    s = np.linspace(1, 0, lid)[1:, None]
    rise = 0.055 * (1 - s**2) * np.maximum(1 - z**2, 0) + 0.03 * (1 - z**2)
    rise[0] *= 0.5
    return *_closed(low, s, body.roof + rise), x, z


# ------------------------------------------------------------------ what is on the surfaces


class _Coat:
    """Colours of the points of one surface while its parts are put on."""

    def __init__(self, shape: tuple[int, ...], paint: float = 1.0, gloss: float = 0.55) -> None:
        self.colour = np.zeros((*shape, 3), np.float32)
        self.paint = np.full(shape, paint, np.float32)
        self.gloss = np.full(shape, gloss, np.float32)

    def put(self, where: np.ndarray, colour: object, gloss: float = 0.1) -> None:
        """Cover points with a colour of their own."""
        self.colour[where], self.paint[where], self.gloss[where] = colour, 0, gloss

    def shade(self, where: np.ndarray, by: float) -> None:
        """Darken paint where a gap or an edge is."""
        self.paint[where] *= by
        self.gloss[where] *= by


def _box(x: np.ndarray, y: np.ndarray, left: float, right: float, low: float, high: float):
    return (x > left) & (x < right) & (y > low) & (y < high)


def _disc(x: np.ndarray, y: np.ndarray, at: tuple[float, float], r: float, flat: float = 1.0):
    return ((x - at[0]) ** 2 + ((y - at[1]) / flat) ** 2) < r * r


def _grille(coat: _Coat, make: Make, x: np.ndarray, y: np.ndarray, front: np.ndarray) -> None:
    """Put the grille on the nose; x in half widths from the middle, y from sill (0) to top (1)."""
    form, rim = _grille_form(make.grille, x, y), _grille_form(make.grille, x, y, 1)
    inside = {
        "shield": np.sin(95 * x) > 0.72,
        "bars": np.sin(88 * y) > 0.2,
        "slot": np.abs(y - 0.72) < 0.012,
        "twin": np.sin(110 * x) > 0.75,
        "mesh": (np.sin(75 * x + 38 * y) > 0.8) | (np.sin(75 * x - 38 * y) > 0.8),
    }[make.grille]
    if make.chrome or make.grille == "twin":
        coat.put(front & rim, CHROME, 0.8)
    coat.put(front & form, BLACK, 0.15)
    coat.put(front & form & inside, CHROME if make.chrome else (0.2, 0.2, 0.21), 0.5)
    coat.put(front & _box(x, y, -1, 0.62, 0.07, 0.20), BLACK, 0.1)  # below the bumper
    coat.put(front & _disc(x, y, (0.78, 0.20), 0.07, 1.3), (0.75, 0.75, 0.72), 0.6)
    coat.put(front & _box(x, y, -1, 0.27, 0.24, 0.40), (0.85, 0.85, 0.82), 0.1)  # plate
    coat.put(front & _box(x, y, -1, 0.22, 0.29, 0.35) & (np.sin(60 * x) > -0.2), (0.1,) * 3)


def _grille_form(form: str, x: np.ndarray, y: np.ndarray, rim: int = 0) -> np.ndarray:
    """Return where a grille is, or with a ``rim`` of 1 it and the frame around it."""
    g = 0.04 * rim
    shield = 0.20 + 0.035 * rim + 0.10 * ramp(y, 0.25, 0.8)
    return {
        "shield": (np.abs(x) < shield) & (y > 0.24 - 0.05 * rim) & (y < 0.90 + 0.05 * rim),
        "bars": _box(x, y, -1, 0.46 + g, 0.52 - g, 0.84 + g),
        "slot": _box(x, y, -1, 0.58 + g / 2, 0.66 - g, 0.78 + g),
        "twin": _disc(x, y, (0.17, 0.62), 0.13 + 0.025 * rim, 1.7),
        "mesh": (np.abs(x) < 0.50 + g - 0.55 * np.abs(y - 0.55)) & (y > 0.30 - g) & (y < 0.86 + g),
    }[form]


def _lamps(form: str, x: np.ndarray, y: np.ndarray, grow: float = 0.0) -> np.ndarray:
    """Return where a make's headlamps are, ``grow`` times as far beyond their edge as a frame."""
    g = 0.03 * grow
    tilt = y - 0.10 * (x - 0.7)
    return {
        "slim": _box(x, tilt, 0.46 - g, 1.04 + g, 0.76 - 2 * g, 0.89 + 2 * g),
        "square": _box(x, y, 0.56 - g, 1.02 + g, 0.54 - 2 * g, 0.87 + 2 * g),
        "round": _disc(x, y, (0.72, 0.70), 0.165 + g, 1.35),
        "twin": _disc(x, y, (0.54, 0.72), 0.105 + g, 1.4)
        | _disc(x, y, (0.81, 0.72), 0.105 + g, 1.4),
        "drop": _disc(x, y - 0.28 * (x - 0.85), (0.85, 0.72), 0.30 + g, 0.42),
    }[form]


def _headlamps(coat: _Coat, make: Make, x: np.ndarray, y: np.ndarray, front: np.ndarray) -> None:
    lamps = front & _lamps(make.lamp, x, y)
    coat.put(front & _lamps(make.lamp, x, y, 1.0), BLACK, 0.4)
    coat.put(lamps, (0.62, 0.64, 0.66), 1.0)
    inner = {"slim": (0.62, 0.80), "square": (0.78, 0.72), "round": (0.72, 0.70)}
    lens = lamps & _disc(x, y, inner.get(make.lamp, (0.80, 0.71)), 0.09, 1.2)
    if make.lamp == "twin":
        lens = front & _lamps(make.lamp, x, y, -2.0)
    coat.put(lens, (0.95, 0.96, 0.98), 1.0)
    if make.lamp in ("square", "drop"):
        coat.put(lamps & (x > 0.97), (0.85, 0.42, 0.05), 0.8)


def _tails(coat: _Coat, make: Make, x: np.ndarray, y: np.ndarray, back: np.ndarray) -> None:
    """Put lamps, plate and bumper on the tail."""
    form = {
        "bar": _box(x, y, -1, 1.10, 0.70, 0.80),
        "block": _box(x, y, 0.60, 1.08, 0.52, 0.84),
        "round": _disc(x, y, (0.55, 0.70), 0.10, 1.4) | _disc(x, y, (0.81, 0.70), 0.10, 1.4),
        "corner": _box(x, y, 0.52, 1.16, 0.72, 0.86) | _box(x, y, 0.86, 1.10, 0.52, 0.86),
        "column": _box(x, y, 0.82, 1.04, 0.42, 0.99),
    }[make.tail]
    coat.put(back & form, (0.52, 0.02, 0.025), 0.8)
    pale = {
        "bar": np.abs(y - 0.75) < 0.015,
        "block": y < 0.62,
        "round": _disc(x, y, (0.55, 0.7), 0.05, 1.4),
        "corner": np.abs(y - 0.79) < 0.02,
        "column": _box(x, y, 0.82, 1.04, 0.58, 0.68),
    }
    tone = (0.85, 0.45, 0.08) if make.tail == "block" else (0.95, 0.55, 0.5)
    coat.put(back & form & pale[make.tail], tone, 0.8)
    coat.put(back & _box(x, y, -1, 0.27, 0.42, 0.56), (0.85, 0.85, 0.82), 0.1)
    coat.put(back & _box(x, y, -1, 0.22, 0.46, 0.52) & (np.sin(60 * x) > -0.2), (0.1,) * 3)
    coat.put(back & (y < 0.13), BLACK, 0.1)
    if make.chrome:
        coat.put(back & _box(x, y, -1, 0.36, 0.615, 0.635), CHROME, 0.8)


def _flank(coat: _Coat, body: Body, at: np.ndarray, y: np.ndarray, make: Make) -> None:
    """Put sill, doors, handles and wheel arches on a side; y from sill (0) to belt line (1)."""
    z, height = at[..., 2], at[..., 1]
    side = at[..., 0] > 0.82 * body.wide
    coat.put(side & (height < body.sill + 0.055), BLACK, 0.1)
    tall = side & (height > body.sill + 0.075)
    for gap in body.doors:
        coat.shade(tall & (np.abs(z - gap - 0.05 * (y - 0.5)) < 0.010), 0.12)
    for gap in body.doors[1:]:
        handle = tall & _box(z, y, gap + 0.05, gap + 0.20, 0.72, 0.77)
        coat.put(handle, CHROME, 0.8) if make.chrome else coat.shade(handle, 0.45)
    coat.shade(tall & (np.abs(y - 0.27) < 0.012) & (np.abs(z) < 0.8 * body.half), 0.45)
    for hub in _hubs(body):
        away = np.hypot(z - hub, height - body.wheel)
        coat.shade(side & (away < 1.30 * body.wheel) & (away > 1.22 * body.wheel), 0.6)
    if body.kind == "bed" or body.sill > 0.35:
        coat.put(side & (height < body.sill + 0.12), BLACK, 0.1)


def _hubs(body: Body) -> tuple[float, float]:
    """Return z of the front and the rear axle."""
    return 0.635 * body.half, -0.60 * body.half


def _coated_lower(body: Body, make: Make) -> Cloud:
    at, y, arc, ring_z = _lower(body)
    normal, coat = _normals(at), _Coat(at.shape[:2])
    x = arc / body.wide
    normal[..., 1] += 0.22 * np.exp(-(((y - 0.66) / 0.025) ** 2))  # a crease along the side
    _flank(coat, body, at, y, make)
    _grille(coat, make, x, y, ring_z > 0)
    _headlamps(coat, make, x, y, ring_z > 0)
    _tails(coat, make, (arc[-1] - arc) / body.wide, y, ring_z < 0)
    away = [np.hypot(at[..., 2] - hub, at[..., 1] - body.wheel) for hub in _hubs(body)]
    keep = (np.minimum(*away) > 1.20 * body.wheel) | (at[..., 0] < 0.5 * body.wide) | (y > 1)
    _opened(coat, body, at, y > 1)
    lid = (y > 1) & (np.abs(at[..., 0] - 0.80 * body.wide) < 0.006)
    coat.shade(lid & (at[..., 2] > body.cabin[0] + 0.06) & (at[..., 2] < body.half - 0.12), 0.2)
    return _cloud(at, normal, coat, keep)


def _opened(coat: _Coat, body: Body, at: np.ndarray, lid: np.ndarray) -> None:
    """Sink the load bed or the seats of an open car into the lid."""
    foot, _, _, back = body.cabin
    x, z = at[..., 0], at[..., 2]
    if body.kind == "bed":
        hollow = lid & _box(x, z, -1, 0.80 * body.wide, 0.12 - body.half, back - 0.02)
        at[hollow, 1] -= 0.40
        coat.put(hollow, (0.06, 0.06, 0.062), 0.02)
    elif body.kind == "open":
        hollow = lid & _box(x, z, -1, 0.78 * body.wide, back + 0.05, foot - 0.22)
        at[hollow, 1] -= 0.30
        coat.put(hollow, (0.07, 0.05, 0.04), 0.02)


def _coated_upper(body: Body, make: Make) -> list[Cloud]:
    at, v, ring_x, ring_z = _upper(body)
    normal, coat, z = _normals(at), _Coat(at.shape[:2]), at[..., 2]
    front, back = (ring_z > 0.8) & (ring_x < 0.86), (ring_z < -0.8) & (ring_x < 0.84)
    flank = ring_x > 0.945
    panes = flank & (v > 0.09) & (v < 0.84)
    for post in body.posts:
        panes = panes & (np.abs(z - post) > 0.035)
    if body.kind == "panel":
        panes = panes & (z > body.posts[0])
    if make.chrome:
        coat.put(flank & (v > 0.055) & (v <= 0.09), CHROME, 0.9)
    coat.put(panes, GLASS, 1.0)
    for edge in body.doors:  # door gaps run up to the roof
        coat.shade(flank & (v < 0.95) & (np.abs(z - edge + 0.05) < 0.008) & ~panes, 0.3)
    coat.put(front & (v > 0.05) & (v < 0.93), GLASS, 1.0)
    if body.kind != "panel":
        coat.put(back & (v > 0.16) & (v < 0.90), GLASS, 1.0)
    keep = True
    if body.kind == "open":
        keep = (ring_z > 0.74) & (v < 0.97)
        coat.put(keep & (v > 0.90), BLACK, 0.3)
    clouds = [_cloud(at, normal, coat, keep)]
    if body.kind == "closed" and body.sill > 0.35:  # roof rails of an off-roader
        at_side = (0.62 * body.wide, body.roof + 0.055, -0.7)
        clouds.append(_ball(at_side, (0.025, 0.025, 1.0), CHROME))
    return clouds


def _cloud(at: np.ndarray, normal: np.ndarray, coat: _Coat, keep: object = True) -> Cloud:
    """Return the points of a surface, or those of them to ``keep``."""
    length = np.linalg.norm(normal, axis=-1)
    keep = keep & (length > 0.5)  # where a surface shrinks to a line it faces nowhere
    normal = normal / np.maximum(length, 0.5)[..., None]
    which, parts = np.flatnonzero(keep), (at, normal, coat.colour, coat.paint, coat.gloss)
    rows = (part.reshape(keep.size, -1) for part in parts)
    return Cloud(*(np.ascontiguousarray(np.take(r, which, axis=0).T, np.float32) for r in rows))


def _plain(
    at: np.ndarray, normal: np.ndarray, colour: object, gloss: float, paint: float = 0.0
) -> Cloud:
    """Return the points of a surface of one colour."""
    coat = _Coat(at.shape[:-1], paint, gloss)
    coat.colour[:] = colour
    return _cloud(at, normal, coat)


def _ball(middle: tuple, radii: tuple, colour: object, paint: float = 0.0) -> Cloud:
    """Return the points of an ellipsoid: a mirror, a seat, a roof rail."""
    along, around = (round(k * DENSITY) + 12 for k in (4.5 * max(radii), 9 * max(radii[:2])))
    t, p = np.meshgrid(np.linspace(0, np.pi, along), np.linspace(0, 2 * np.pi, around))
    unit = np.stack([np.sin(t) * np.cos(p), np.sin(t) * np.sin(p), np.cos(t)], -1).reshape(-1, 3)
    normal = unit / np.array(radii)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    return _plain(np.array(middle) + unit * radii, normal, colour, 0.4, paint)


def _wheel(body: Body, make: Make, hub: float) -> list[Cloud]:
    """Return tyre and rim of a left wheel, and the dark well behind it."""
    radius, outer = body.wheel, 0.965 * body.wide
    count = round(1.3 * DENSITY * radius)

    def ring(x: np.ndarray, r: object, t: np.ndarray) -> np.ndarray:
        return np.stack([x, radius * (1 + r * np.sin(t)), hub + radius * r * np.cos(t)], -1)

    def facing(x: np.ndarray, out: object, t: np.ndarray) -> np.ndarray:
        return np.stack([x, out * np.sin(t), out * np.cos(t)], -1)

    turn = np.linspace(0, 2 * np.pi, 7 * count)
    r, t = np.meshgrid(np.linspace(0, 1, count), turn, indexing="ij")
    share = np.cos(make.spokes * t)
    metal = (share > 0.15 + 0.5 * (r - 0.3)) | (r < 0.16) | ((r > 0.60) & (r < 0.67))
    dish = -0.035 * np.sin(np.pi * np.clip(r / 0.67, 0, 1)) * (r < 0.67) - 0.03 * (r > 0.92)
    dish = dish - 0.05 * (~metal & (r < 0.67))
    at = ring(outer + dish, r, t)
    coat = _Coat(r.shape, 0.0, 0.05)
    coat.colour[r > 0] = (0.035, 0.035, 0.037)
    coat.put((r < 0.67) & metal, (0.50, 0.51, 0.53), 0.45)
    coat.put((r < 0.67) & ~metal, (0.05, 0.05, 0.055), 0.05)
    lean = 0.6 * (r - 0.8) * (r > 0.67)
    rim = _cloud(at, facing(np.ones_like(r), lean, t), coat)
    across = np.linspace(0, 0.22, round(1.2 * DENSITY * 0.22))
    x, t = np.meshgrid(outer - 0.03 - across, turn, indexing="ij")
    tread = _plain(ring(x, 1, t), facing(0 * t, 1, t), (0.03, 0.03, 0.031), 0.02)
    across = np.linspace(0.45, 0.985, round(0.5 * DENSITY)) * body.wide
    x, t = np.meshgrid(across, np.linspace(-0.25, np.pi + 0.25, 3 * count), indexing="ij")
    well = _dark(ring(x, 1.22, t), facing(0 * t, -1, t))
    end = 1.25 * (at[::2, ::3] - [0, radius, hub]) + [0, radius, hub]
    end[..., 0] = 0.46 * body.wide
    end[..., 1] = np.maximum(end[..., 1], 0.8 * body.sill)
    outward = np.broadcast_to([1.0, 0, 0], end.shape)
    return [rim, tread, _dark(end, outward), well]


def _dark(at: np.ndarray, normal: np.ndarray) -> Cloud:
    """Return points (m, n, 3) that no light reaches."""
    return _plain(at, normal, 0.01, 0.0)


def _inside(body: Body) -> Cloud:
    """Return the dark wall behind the wheels, so that nobody looks through a car."""
    steps = np.linspace(-0.86, 0.86, round(1.8 * DENSITY * body.half)) * body.half
    z, y = np.meshgrid(steps, np.linspace(body.sill, 0.85 * body.line[0], round(0.6 * DENSITY)))
    at = np.stack([np.full_like(z, 0.45 * body.wide), y, z], -1)
    return _dark(at, np.broadcast_to([1.0, 0, 0], at.shape))


def cloud(body: Body, make: Make) -> Cloud:
    """Return the points of a whole car."""
    parts = [_coated_lower(body, make), *_coated_upper(body, make), _inside(body)]
    for hub in _hubs(body):
        parts += _wheel(body, make, hub)
    foot, belt = body.cabin[0], body.line[1]
    mirror = (body.wide + 0.05, belt + 0.04, foot - 0.34)
    parts.append(_ball(mirror, (0.10, 0.065, 0.07), BLACK, 1.0))
    if body.kind == "open":
        seat = (0.34, belt + 0.02, -0.42)
        parts.append(_ball(seat, (0.20, 0.26, 0.08), (0.16, 0.09, 0.05)))
    left = Cloud(*(np.concatenate(part, axis=1) for part in zip(*parts, strict=True)))
    flip = np.array([[-1], [1], [1]], np.float32)
    right = left._replace(at=left.at * flip, normal=left.normal * flip)
    return Cloud(*(np.concatenate(pair, axis=1) for pair in zip(left, right, strict=True)))


@lru_cache(maxsize=4)
def _model_cloud(number: int) -> tuple[Body, Cloud, np.ndarray]:
    """Return body and points of a model for all of its pictures.

    The third value, (k,), is how far from a car's origin the planes lie that touch it there.
    """
    body, make = model(number)
    points = cloud(body, make)
    return body, points, _dot(points.normal, points.at)


# ------------------------------------------------------------------ pictures


class _Scene(NamedTuple):
    """Where the camera stands and what shines: metres, radians, colours r, g, b."""

    yaw: float
    far: float
    eye: float
    sun: np.ndarray
    sky: np.ndarray
    horizon: np.ndarray
    ground: np.ndarray
    paint: np.ndarray


def _scene(rng: np.random.Generator) -> _Scene:
    """Draw a camera's stand (from the side, or from a corner), light, ground and paint."""
    corner = rng.choice([0.0, 0.55, 0.85, 2.3, 2.6], p=[0.28, 0.27, 0.2, 0.15, 0.1])
    yaw = rng.choice([-1, 1]) * (corner + rng.normal(0, 0.12)) if corner else rng.normal(0, 0.12)
    yaw = np.pi / 2 + yaw if not corner else np.sign(yaw) * (np.pi / 2 - abs(yaw) + 0.1)
    if not corner and rng.random() < 0.5:
        yaw = -yaw
    if corner > 2:
        yaw = np.sign(yaw) * (np.pi / 2 + (corner - 1.75) + rng.normal(0, 0.1))
    sun = np.array([rng.normal(0, 0.6), 1.0, rng.normal(0, 0.6)])
    sky = np.array(SKIES[rng.integers(len(SKIES))])
    ground = np.array(GROUNDS[rng.integers(len(GROUNDS))])
    paint = np.array(PAINTS[rng.integers(len(PAINTS))]) * np.exp(rng.normal(0, 0.12))
    return _Scene(
        float(yaw), float(rng.uniform(5.8, 9)), float(rng.uniform(1.2, 2.2)),
        sun / np.linalg.norm(sun), sky * rng.uniform(0.85, 1.1), 0.5 * sky + 0.48,
        ground * np.exp(rng.normal(0, 0.15)), np.clip(paint, 0.02, 0.95),
    )  # fmt: skip


def _lit(points: Cloud, scene: _Scene) -> np.ndarray:
    """Return the colour of points, (3, k): paint in sun and sky, and the sky mirrored in it."""
    normal = points.normal
    view = np.array([[0], [scene.eye], [0]], np.float32) - points.at
    view /= np.sqrt(_dot(view, view))
    direct = np.maximum(_dot(normal, scene.sun), 0)
    light = np.float32(0.58) + np.float32(0.20) * normal[1] + np.float32(0.55) * direct
    facing = np.clip(_dot(normal, view), 0, 1)
    mirrored = 2 * facing * normal - view
    high = ramp(mirrored[1], 0.02, 0.5)
    wave = np.float32(0.05) * np.sin(8 * mirrored[0])
    below = ramp(mirrored[1] + wave, 0.10, -0.02)
    gloss = points.gloss[0]
    edge = (1 - facing) ** 2
    share = gloss * (np.float32(0.08) + np.float32(0.62) * edge * edge)
    share += np.float32(0.10) * gloss * (gloss > 0.9)
    # A power of less is as good as none; too small for a float's usual form, it takes far longer.
    glint = np.float32(0.9) * gloss * np.maximum(_dot(mirrored, scene.sun), 0.5) ** 90
    light *= 1 - np.float32(0.7) * share
    ground, paint = np.float32(0.55) * scene.ground[:, None], points.paint * scene.paint[:, None]
    world = scene.horizon[:, None] + high * (scene.sky - scene.horizon)[:, None]
    world += below * (ground - world)
    return (points.colour + paint) * light + share * world + glint


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the products, (k,), of vectors (3, k) with others or with one."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def draw(seed: int, number: int, which: int) -> np.ndarray:
    """Draw one picture of one of the twenty models, (250, 250, 3) uint8."""
    body, points, planes = _model_cloud(number)
    rng = np.random.default_rng([seed, number, which])
    scene = _Scene(*(np.float32(part) for part in _scene(rng)))
    c, s = np.cos(scene.yaw), np.sin(scene.yaw)
    turn = np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]], np.float32)  # rows: x, y, z of the world
    stand = turn.T @ np.array([0, scene.eye, scene.far], np.float32)  # as the car sees the camera
    facing = np.flatnonzero(_dot(points.normal, stand) > planes)
    flip = np.array([[1], [1], [-1]], np.float32)  # a yaw of 0 looks at the camera
    faced = flip * turn
    at = faced @ np.take(points.at, facing, axis=1)
    at[2] += scene.far
    flat = np.stack([at[0], scene.eye - at[1]]) / at[2]
    low, high = flat.min(1), flat.max(1)
    fill = rng.uniform(0.88, 0.96) * SIDE / (high - low)
    focal = np.minimum(fill, STRETCH * fill.min()).astype(np.float32)  # crops are made square
    middle = SIDE / 2 - focal * (low + high) / 2 + rng.uniform(-0.02, 0.02, 2) * SIDE
    canvas = _place(scene, middle, rng)
    _shadow(Canvas(canvas), body, scene, turn, (focal, middle))
    pixel = flat * focal[:, None] + middle.astype(np.float32)[:, None]
    front, place = _nearest(pixel, at[2])
    at, which = np.take(at, front, axis=1), facing[front]
    visible = Cloud(at, *(np.take(part, which, axis=1) for part in points[1:]))
    _splat(canvas, place, _lit(visible._replace(normal=faced @ visible.normal), scene))
    tint = camera.tint(rng, 0.03) * np.exp(rng.normal(0, 0.08))
    return camera.photographed(camera.blurred(canvas, 0.5), (SIDE, SIDE), tint, 0.010, rng)


def _nearest(at: np.ndarray, depth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which points, at (2, k) in pixels, nothing hides, and the pixels of these."""
    column, row = np.clip(at, 0, SIDE - 1).astype(np.intp)
    place = row * SIDE + column
    nearest = np.full(SIDE * SIDE, np.inf, np.float32)
    np.minimum.at(nearest, place, depth)
    nearest = nearest.reshape(SIDE, SIDE)
    # Pixels twice as large, smoothed: they close gaps between points.
    pairs = np.minimum(nearest[::2], nearest[1::2])
    coarse = cv2.medianBlur(np.minimum(pairs[:, ::2], pairs[:, 1::2]), 3)
    nearest = np.minimum(nearest, coarse.repeat(2, axis=0).repeat(2, axis=1))
    limit = nearest.ravel() + 0.10
    front = np.flatnonzero(depth < limit[place])
    return front, place[front]


def _splat(canvas: np.ndarray, place: np.ndarray, colour: np.ndarray) -> None:
    """Paint points of some colours into the pixels of a canvas (250, 250, 3), averaged."""
    count = np.bincount(place, minlength=SIDE * SIDE).astype(np.float32).reshape(SIDE, SIDE)
    planes = [np.bincount(place, tone, SIDE * SIDE).reshape(SIDE, SIDE) for tone in colour]
    total = np.stack(planes, -1).astype(np.float32)
    around, weight, count = camera.blurred(total, 1.2), camera.blurred(count, 1.2), count[..., None]
    filled = (count > 0).astype(np.uint8)
    closed = cv2.morphologyEx(filled, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    mask = np.minimum(2 * camera.blurred(closed.astype(np.float32), 0.55), 1) * closed
    weight = np.maximum(weight, 1e-6)[..., None]
    colours = np.where(count == 0, around / weight, total / np.maximum(count, 1))
    canvas += mask[..., None] * (colours - canvas)


def _place(scene: _Scene, middle: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ground and background behind a car, (250, 250, 3) float32, out of focus."""
    horizon = float(np.clip(middle[1], 0.12 * SIDE, 0.62 * SIDE))
    rows = np.arange(SIDE, dtype=np.float32)[:, None]
    t = np.clip(rows / horizon, 0, 1)[..., None]
    pixels = np.repeat(scene.sky * (1 - t) + scene.horizon * t, SIDE, axis=1)
    kind = rng.integers(4)
    if kind == 0:  # a studio
        pixels[:] = np.float32(rng.uniform(0.55, 0.92)) * np.array([1, 1, 1.01], np.float32)
    elif kind == 1:  # a wall with piers
        tone = rng.uniform(0.3, 0.75) * np.array([1.0, rng.uniform(0.8, 1), rng.uniform(0.65, 1)])
        pixels[:] = tone * (1 + 0.08 * smooth_noise(SIDE, SIDE, 40, rng)[..., None])
        step = int(rng.uniform(0.12, 0.4) * SIDE)
        for x in range(int(rng.uniform(0, step)), SIDE, step):
            pixels[:, x : x + step // 6] *= 0.82
    else:  # trees or houses far away
        _far(pixels, horizon, rng, trees=kind == 2)
    pixels = camera.blurred(pixels, 2.4)
    first = int(np.ceil(horizon))
    below = pixels[first:]
    depth = np.clip((rows[first:] - horizon) / (SIDE - horizon), 0, 1)
    ground = scene.ground * (1.12 - 0.3 * depth[..., None])
    grain = cv2.resize(smooth_noise(SIDE, SIDE // 3, 3, rng), (SIDE, len(below)))
    spots = cv2.resize(smooth_noise(SIDE, SIDE // 5, 14, rng), (SIDE, len(below)))
    below[:] = ground * (1 + 0.03 * grain + 0.06 * spots)[..., None]
    edge = slice(max(0, int(horizon) - 6), int(horizon) + 6)
    pixels[edge] = camera.blurred(pixels, 2.0)[edge]
    return pixels


def _far(pixels: np.ndarray, horizon: float, rng: np.random.Generator, *, trees: bool) -> None:
    """Paint what stands at the horizon, uneven as leaves or walls are."""
    sky, foot, x = pixels.copy(), int(horizon), 0
    while x < SIDE:
        wide = int(rng.uniform(0.08, 0.3) * SIDE)
        top = int(horizon * rng.uniform(0.1, 0.75))
        if trees:
            tone = np.array([0.16, 0.24, 0.11]) * rng.uniform(0.6, 1.5)
            middle, size = (x + wide // 2, foot), (int(0.75 * wide), foot - top)
            cv2.ellipse(pixels, middle, size, 0, 180, 360, tone.tolist(), -1, cv2.LINE_AA)
        else:
            bright, green, blue = rng.uniform([0.25, 0.85, 0.75], [0.7, 1, 1])
            tone = bright * np.array([1, green, blue])
            dark = (tone * 0.5).tolist()  # windows
            cv2.rectangle(pixels, (x, top), (x + wide, foot), tone.tolist(), -1)
            for row in range(top + 6, foot - 8, 22):
                for column in range(x + 6, x + wide - 10, 18):
                    cv2.rectangle(pixels, (column, row), (column + 8, row + 12), dark, -1)
        x += wide
    leaf = smooth_noise(SIDE, SIDE, 6, rng) * (pixels != sky).any(axis=-1)
    pixels *= (1 + (0.16 if trees else 0.03) * leaf)[..., None]


def _shadow(canvas: Canvas, body: Body, scene: _Scene, turn: np.ndarray, lens: tuple) -> None:
    """Darken the ground below a car, turned so, and on the far side from the sun.

    ``lens``, two arrays (2,), is the focal length and the middle of the picture in pixels.
    """
    focal, middle = lens
    x, z = _ring(body.half, body.wide, 5.0, 40)
    foot = np.concatenate([np.stack([x, 0 * x, z], 1), np.stack([-x, 0 * x, z], 1)[::-1]])
    for grow, shift, depth, sigma in ((1.0, 1.0, 0.45, 0.03), (0.97, 0.0, 0.72, 0.014)):
        at = (foot * grow) @ turn.T
        at = at - shift * 0.7 * np.array([scene.sun[0], 0, -scene.sun[2]]) / scene.sun[1]
        at[:, 2] = np.maximum(scene.far - at[:, 2], 1.0)
        flat = np.stack([at[:, 0], np.full(len(at), scene.eye)], 1) / at[:, 2:] * focal + middle
        canvas.darken(camera.blurred(canvas.mask(flat), sigma * SIDE), depth)

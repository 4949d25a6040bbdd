"""Drawn faces: seeded people with expression, pose, light and exact landmarks.

A face is a small relief that is painted and lit from a direction. `Identity` is who it is,
`Expression` what the face does, `Take` how the picture was taken. In pictures that show the whole
head (``zoom`` 0.6, 200 pixels) dlib finds these faces, and its landmarks agree with ours.

Coordinates: lengths are in half picture sides at ``zoom=1``, the origin in the middle, x to the
right, y down. ``a`` and ``v`` lie on the face seen from the front, ``x`` and ``y`` in the turned
view; a small yaw or pitch moves points as on a cylinder.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, field, fields, replace

import numpy as np

from drawing import camera
from drawing.canvas import Canvas, box, moved, placed, soft
from drawing.noise import bump, ramp
from drawing.palette import HAIRS, IRISES, SKINS

LANDMARKS = {
    "jaw": slice(0, 17),
    "left_brow": slice(17, 22),
    "right_brow": slice(22, 27),
    "nose_bridge": slice(27, 31),
    "nose_base": slice(31, 36),
    "left_eye": slice(36, 42),
    "right_eye": slice(42, 48),
    "outer_lip": slice(48, 60),
    "inner_lip": slice(60, 68),
}
"""Names of the 68 landmarks (iBUG order; left and right are those of the picture)."""

RADIUS = (1.0, 1.35)  # of the cylinders that a turning (sideways, upwards) face moves on
REACH = 4.3  # of a bump, in its widths: what lies beyond darkens no pixel
MIDDLE = -0.12  # height at which the skull is widest


def _measure(mean: float, spread: float) -> float:
    """Return a field that differs among people with this standard deviation."""
    return field(default=mean, metadata={"spread": spread})


@dataclass(frozen=True)
class Identity:
    """What stays the same in all pictures of a person (lengths in half picture sides)."""

    width: float = _measure(0.84, 0.045)
    chin: float = _measure(0.94, 0.045)
    jaw: float = _measure(2.3, 0.25)
    eye_distance: float = _measure(0.36, 0.022)
    eye_height: float = _measure(-0.28, 0.02)
    eye_width: float = _measure(0.165, 0.012)
    eye_opening: float = _measure(0.062, 0.011)
    eye_slant: float = _measure(0.0, 0.05)
    iris: tuple[float, float, float] = (0.25, 0.17, 0.10)
    brow_gap: float = _measure(0.17, 0.022)
    brow_width: float = _measure(0.24, 0.018)
    brow_thickness: float = _measure(0.032, 0.008)
    brow_arch: float = _measure(0.04, 0.014)
    brow_slope: float = _measure(0.012, 0.02)
    nose_length: float = _measure(0.42, 0.035)
    nose_width: float = _measure(0.125, 0.016)
    nose_depth: float = _measure(0.22, 0.035)
    mouth_height: float = _measure(0.47, 0.022)
    mouth_width: float = _measure(0.29, 0.025)
    upper_lip: float = _measure(0.05, 0.011)
    lower_lip: float = _measure(0.07, 0.013)
    lip_tone: float = _measure(0.78, 0.06)
    cheek: float = _measure(0.05, 0.025)
    hairline: float = _measure(-0.84, 0.07)
    hair_sides: float = 0.0
    hair_parting: float = 0.0
    hair: tuple[float, float, float] = (0.14, 0.10, 0.07)
    skin: tuple[float, float, float] = (0.82, 0.64, 0.54)
    beard: float = 0.0
    moustache: float = 0.0
    glasses: bool = False
    glasses_size: float = 0.235
    glasses_round: float = 3.0
    glasses_tone: float = 0.12
    moles: tuple[tuple[float, float], ...] = ()
    seed: int = 0


SPREAD = {f.name: f.metadata["spread"] for f in fields(Identity) if f.metadata}
"""Standard deviations of the measures of `Identity` among people."""


@dataclass(frozen=True)
class Expression:
    """What a face does: smile in [-1, 1], the others in [0, 1] (``eyes``: 0 closed, 1 open)."""

    smile: float = 0.0
    mouth: float = 0.0
    eyes: float = 1.0
    brows: float = 0.0


@dataclass(frozen=True)
class Take:
    """One picture of a face before it is taken: what it does, where it looks, how it is lit."""

    expression: Expression = Expression()  # Calm by default
    # Turn in radians: towards the right of the picture, upwards, clockwise. Small angles (up to
    # about 0.5) look right
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    # Azimuth (positive: from the right) and elevation of the light in radians; 0, 0 is the camera
    light: tuple[float, float] = (0.2, 0.3)
    # Share of light without direction; factor on all grey values
    ambient: float = 0.35
    exposure: float = 1.0
    zoom: float = 1.0  # At 1 the face fills the picture, at 0.6 hair, neck and shoulders are seen
    centre: tuple[float, float] = (0.0, 0.0)  # Of the face, in half picture sides from the middle
    background: float = 0.45  # Tone behind the head


@dataclass(frozen=True)
class DrawnFace:
    """A picture and where its landmarks lie."""

    image: np.ndarray  # (size, size) or (size, size, 3) float32 in [0, 1]
    landmarks: np.ndarray  # (68, 2) float32, x and y in pixels; 0 is the middle of the first pixel


def random_identity(rng: np.random.Generator, *, spread: float = 1.0) -> Identity:
    """Draw a person; ``spread`` scales how far the measures of faces lie apart."""

    def near(mean: float, sd: float) -> float:
        return float(mean + spread * sd * np.clip(rng.normal(), -2.2, 2.2))

    man = rng.random() < 0.7
    skin = np.multiply(SKINS[rng.choice(4, p=[0.45, 0.3, 0.15, 0.1])], near(1.0, 0.05))
    hair = np.multiply(HAIRS[rng.choice(4, p=[0.4, 0.3, 0.18, 0.12])], near(1.0, 0.1))
    measures = {f.name: near(f.default, SPREAD[f.name]) for f in fields(Identity) if f.metadata}
    measures["nose_width"] += 0.012 * man
    measures["brow_thickness"] += 0.006 * man
    return Identity(
        **measures,
        iris=IRISES[rng.integers(4)],
        hair=tuple(np.clip(hair, 0, 1)),
        skin=tuple(np.clip(skin, 0, 1)),
        hair_sides=float(rng.uniform(0.0, 0.25) if man else rng.uniform(0.4, 1.0)),
        hair_parting=float(rng.uniform(-0.5, 0.5)),
        beard=float(man and rng.random() < 0.2) * near(0.6, 0.15),
        moustache=float(man and rng.random() < 0.25) * near(0.65, 0.15),
        glasses=bool(rng.random() < 0.3),
        glasses_size=near(0.235, 0.015),
        glasses_round=float(rng.uniform(2.0, 5.0)),
        glasses_tone=float(rng.uniform(0.06, 0.45)),
        moles=tuple(map(tuple, rng.uniform([-0.5, -0.1], [0.5, 0.75], (rng.integers(0, 3), 2)))),
        seed=int(rng.integers(2**31)),
    )


def random_expression(rng: np.random.Generator, *, strength: float = 1.0) -> Expression:
    """Draw an expression: mostly calm, some smiles, some open mouths, now and then closed eyes."""
    smile = strength * rng.choice([0.0, 0.45, 0.9], p=[0.5, 0.3, 0.2])
    smile += 0.12 * strength * rng.normal()
    mouth = strength * rng.choice([0.0, 0.5], p=[0.75, 0.25]) * rng.random() * 1.6
    closed = rng.random() < 0.06 * strength
    return Expression(
        smile=float(np.clip(smile, -0.5, 1.0)),
        mouth=float(np.clip(mouth, 0, 1)),
        eyes=0.08 if closed else float(rng.uniform(1 - 0.3 * strength, 1.05)),
        brows=float(np.clip(strength * abs(rng.normal()) * 0.3, 0, 1)),
    )


def draw_face(
    identity: Identity,
    take: Take,
    *,
    size: int = 64,
    colour: bool = False,
    noise: float = 0.0,
    rng: np.random.Generator | None = None,
) -> DrawnFace:
    """Draw one picture of a face, ``size`` pixels a side, and its 68 landmarks.

    ``noise`` is the standard deviation of the sensor's noise, drawn from ``rng``.
    """
    fine = 2 if size <= 128 else 1  # sub-pixels a side
    face = _Face(identity, take, size * fine, colour)
    _paint_all(face)
    image = np.ascontiguousarray(face.pixels * take.exposure)
    if fine == 2:
        image = image.reshape(size, 2, size, 2, -1).mean(axis=(1, 3))
    if noise > 0:
        image = camera.noisy(image.astype(float), noise, rng or np.random.default_rng(0))
    image = np.clip(image, 0, 1).astype(np.float32)
    return DrawnFace(image if colour else image[..., 0], landmarks_of(identity, take, size=size))


def draw_cut_out(
    identity: Identity, take: Take, *, size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw a face to be put before something else; ``size`` is more than 128 pixels.

    Returns the face before black, (size, size, 3) float32, how bright a grey wall behind it would
    be, (size, size) float32 (0 where the face hides it), and the landmarks, (68, 2) float32.
    """
    tones = np.array([[0.0], [0.4]])  # black and grey: the difference is the wall
    face = _Face(identity, replace(take, background=tones), size, True)
    _paint_all(face)
    images = [
        np.ascontiguousarray(part * take.exposure) for part in np.split(face.pixels, 2, axis=2)
    ]
    black, grey = (np.clip(image, 0, 1).astype(np.float32) for image in images)
    return black, (grey - black).mean(axis=2), landmarks_of(identity, take, size=size)


def landmarks_of(identity: Identity, take: Take, *, size: int) -> np.ndarray:
    """Return the landmarks that `draw_face` gives, (68, 2) float32, without drawing the face."""
    face = _Face(identity, take, 1, False)  # they ask it for its person alone
    a, v = _front_landmarks(face).T
    x = RADIUS[0] * np.sin(np.arcsin(a / RADIUS[0]) + take.yaw)
    y = RADIUS[1] * np.sin(np.arcsin(v / RADIUS[1]) - take.pitch)
    view = np.concatenate([_jaw_landmarks(face), np.stack([x, y], axis=1)])
    points = moved(view, placed(take.centre, take.zoom, take.roll))
    return ((points + 1) * size / 2 - 0.5).astype(np.float32)


def box_of(points: np.ndarray) -> np.ndarray:
    """Return the box, x1 y1 x2 y2, around a face's landmarks (68, 2), with its forehead."""
    low, high = points.min(axis=0), points.max(axis=0)
    return np.concatenate([low - [0, 0.15 * (high[1] - low[1])], high])


class _Face(Canvas):
    """A face while it is painted: a canvas with the coordinates of every sub-pixel.

    Most of what is painted is small, so painters ask for the part of the face `around` it.
    Before several backgrounds it has three colours for each of them.
    """

    def __init__(self, who: Identity, take: Take, side: int, colour: bool) -> None:
        self.backgrounds = np.size(take.background)
        # A plane a colour: masks, which are the same for all colours, are then applied row by row.
        planes = np.empty((3 * self.backgrounds if colour else 1, side, side), np.float32)
        super().__init__(planes.transpose(1, 2, 0))
        self.who, self.take, self.does = who, take, take.expression
        self.pixel = 2 / (side * take.zoom)  # in half picture sides
        line = ((np.arange(side, dtype=np.float32) + 0.5) * 2 / side - 1).astype(np.float32)
        px, py = line[None, :] - take.centre[0], line[:, None] - take.centre[1]
        c, s = np.float32(np.cos(take.roll) / take.zoom), np.float32(np.sin(take.roll) / take.zoom)
        # of the turned view, and of the face seen from the front, at the middle of every pixel
        self.x, self.y = c * px + s * py, -s * px + c * py
        self.a = _to_face(self.x, take.yaw, RADIUS[0])
        self.v = _to_face(self.y, -take.pitch, RADIUS[1])
        self.side = np.abs(self.a)
        self.outline = _outline(self)

    def tone(self, colour: object) -> np.ndarray:
        """Bring a colour to all channels; (k, 3) are those before each of the backgrounds."""
        if self.backgrounds == 1:
            return super().tone(colour)
        return np.broadcast_to(np.float32(colour), (self.backgrounds, 3)).ravel()

    def part(self, where: tuple[slice, slice]) -> _Face:
        """Return some rows and columns of the face; what is painted there is seen in the whole."""
        part = copy.copy(self)
        part.pixels = self.pixels[where]
        for name in ("x", "y", "a", "v", "side", "outline"):
            setattr(part, name, getattr(self, name)[where].copy())
        return part

    def around(self, a: float, v: float, wide: float, high: float, both: bool = False) -> _Face:
        """Return the part that lies so near to a place, or to ``both`` on its two sides."""
        off = np.abs((self.side if both else self.a) - a)
        return self.part(box((off < wide) & (np.abs(self.v - v) < high)))

    def inside(self, distance: np.ndarray, blur: float = 0.0) -> np.ndarray:
        """Turn a signed distance (negative inside) into an anti-aliased mask."""
        return soft(distance, max(1.5 * self.pixel, blur))

    def spot(self, a: float, v: float, wide: float, high: float, both: bool = False) -> np.ndarray:
        """Return a bump around a place of the face, or around ``both`` on its two sides."""
        return bump(((self.side if both else self.a) - a) / wide, (self.v - v) / high)

    def darken_spot(
        self, a: float, v: float, wide: float, high: float, by: float, *, both: bool = False
    ) -> None:
        """Multiply by ``1 - by`` around a place of the face, or around ``both``."""
        part = self.around(a, v, REACH * wide, REACH * high, both=both)
        part.darken(part.spot(a, v, wide, high, both=both), by)


def _paint_all(face: _Face) -> None:
    """Paint the face from back to front and light it."""
    take = face.take
    _paint_behind(face)
    head = face.inside(face.outline, 0.02)
    # one pixel more: the relief's slope needs a pixel's neighbours
    where = box(head > 0, margin=1) if head.any() else np.s_[:, :]
    lit = _lit_head(face.part(where), head[where])
    flat = take.ambient + (1 - take.ambient) * math.cos(take.light[0]) * math.cos(take.light[1])
    behind = face.pixels * flat
    face.pixels = behind.astype(lit.dtype)
    face.pixels[where] += head[where][..., None] * (lit - behind[where])
    _paint_hair(face)
    if face.who.glasses:
        _paint_glasses(face)


def _lit_head(face: _Face, head: np.ndarray) -> np.ndarray:
    """Return the pixels of the bald head, with light on them, as if it had no edge."""
    face.pixels = face.pixels.copy(order="K")  # what lies behind stays
    _paint_skin(face, head)
    _paint_nostrils(face)
    _paint_mouth(face)
    _paint_beard(face, head)
    for paint in (_paint_eye, _paint_brow):
        for side in (-1, 1):
            paint(face, side)
    shade, shine = _light(face, _relief(face))
    return face.pixels * shade[..., None] + shine[..., None]


def _to_face(view: np.ndarray, angle: float, radius: float) -> np.ndarray:
    """Undo the turn of one coordinate: R sin(asin(u / R) - angle), written without the arcs."""
    inside = np.clip(view / radius, -0.999, 0.999)
    return radius * (inside * math.cos(angle) - np.sqrt(1 - inside**2) * math.sin(angle))


# ---- shared geometry: used by the painters and by the landmarks, so that both agree exactly ----


def _chin(face: _Face) -> float:
    return face.who.chin + 0.07 * face.does.mouth


def _lean(face: _Face, v: np.ndarray | float) -> np.ndarray | float:
    """Sideways shift of the outline: a turned chin sticks out further than the neck's axis."""
    return math.sin(face.take.yaw) * (0.10 + 0.16 * np.clip(v, -0.5, 1.0))


def _nose(face: _Face) -> tuple[float, float, float, float]:
    """Top and tip height of the nose, and the shift (x, y) of its tip in the turned view."""
    who, take = face.who, face.take
    top = who.eye_height + 0.02
    shift, drop = who.nose_depth * math.sin(take.yaw), -who.nose_depth * math.sin(take.pitch)
    return top, top + who.nose_length, shift, drop


def _brow_curve(face: _Face, t: np.ndarray) -> np.ndarray:
    """Height of a brow's middle line for t from -1 (inner end) to 1 (outer end)."""
    who = face.who
    base = who.eye_height - who.brow_gap - 0.06 * face.does.brows
    return base + who.brow_arch * ((t - 0.1) ** 2 - 0.5) + who.brow_slope * t


def _lids(face: _Face, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Height of the upper and the lower lid for t from -1 (inner corner) to 1 (outer corner)."""
    who, does = face.who, face.does
    arch = np.clip(1 - t**2, 0, None)
    squint = 0.3 * max(does.smile, 0)
    middle = who.eye_height - who.eye_slant * who.eye_width * t
    upper = middle - who.eye_opening * (does.eyes * (1.5 - squint * 0.4) - 0.5) * arch**0.75
    return upper, middle + who.eye_opening * (0.62 - squint) * arch


def _lips(face: _Face, t: np.ndarray) -> tuple[np.ndarray, ...]:
    """Heights of the lips' lines from the uppermost to the lowest, for t from -1 to 1."""
    who, does = face.who, face.does
    arch = np.clip(1 - t**2, 0, None)
    line = who.mouth_height - 0.095 * does.smile * (t**2 - 0.3) - 0.003 * arch
    gap = (0.15 * does.mouth + 0.05 * max(does.smile - 0.4, 0)) * arch**0.7
    stretch = 1 - 0.3 * max(does.smile, 0)
    top = line - who.upper_lip * stretch * (1 - 0.28 * bump(t / 0.17)) * arch**0.8
    low = line + 0.85 * gap
    return top, line - 0.15 * gap, low, low + who.lower_lip * stretch * arch**0.6


def _mouth_width(face: _Face) -> float:
    return face.who.mouth_width * (1 + 0.24 * face.does.smile - 0.12 * face.does.mouth)


def _between(v: np.ndarray, top: np.ndarray, low: np.ndarray) -> np.ndarray:
    """Signed distance to the strip between two lines, negative inside."""
    return np.maximum(top - v, v - low)


# ---- relief and light ----


def _outline(face: _Face) -> np.ndarray:
    """Signed distance (about) to the head's outline, in the turned view."""
    who = face.who
    x = np.abs(face.x - _lean(face, face.y)) / who.width
    y = (face.y - MIDDLE).astype(np.float32)
    down = y > 0
    y = np.abs(y) / np.where(down, np.float32(_chin(face) - MIDDLE), np.float32(1.22))
    power = np.where(down, np.float32(who.jaw), np.float32(2.2))
    radius = (x**power + y**power + 1e-6) ** (1 / power)
    return (radius - 1) * who.width


def _relief(face: _Face) -> np.ndarray:
    """Height of the face towards the viewer."""
    who, does = face.who, face.does
    depth = np.clip(1 + face.outline / who.width, 0, None)
    # A sphere to 0.95 of its radius, then straight on, so that the edge keeps its slope.
    z = 0.80 * np.sqrt(1 - np.minimum(depth, 0.95) ** 2) - 2.4 * np.clip(depth - 0.95, 0, 0.2)
    z += _nose_relief(face)
    z -= 0.10 * face.spot(who.eye_distance - 0.05, who.eye_height - 0.01, 0.19, 0.11, both=True)
    z += 0.035 * face.spot(who.eye_distance, who.eye_height, 0.10, 0.07, both=True)
    z += 0.035 * face.spot(0.26, who.eye_height - who.brow_gap + 0.01, 0.3, 0.09, both=True)
    lift = 0.05 * max(does.smile, 0)
    z += (who.cheek + lift) * face.spot(0.44, 0.16 - lift, 0.20, 0.20, both=True)
    z -= 0.035 * face.spot(0.50, 0.5, 0.12, 0.3, both=True)
    lower = who.mouth_height + 0.05 + 0.12 * does.mouth
    z += 0.06 * face.spot(0, who.mouth_height - 0.03, 0.24, 0.09)
    z += 0.04 * face.spot(0, lower, 0.18, 0.06)
    z -= 0.05 * face.spot(0, lower + 0.12, 0.2, 0.06)
    z += 0.07 * face.spot(0, _chin(face) - 0.14, 0.22, 0.12)
    return z - (0.006 + 0.022 * max(does.smile, 0)) * _folds(face, 0.035)


def _nose_relief(face: _Face) -> np.ndarray:
    """Height of the nose: a ridge that grows towards its tip, the tip, two wings."""
    who, a, v = face.who, face.a, face.v
    top, tip, shift, drop = _nose(face)
    t = (v - top - drop * ramp(v, top, tip)) / (tip - top)
    ridge = 0.25 * ramp(t, -0.3, 0.1) + 0.75 * np.clip(t, 0, 1) ** 1.5
    ridge *= np.exp(-(np.clip(t - 0.98, 0, None) ** 2) / 0.035)
    wide = 0.07 + (who.nose_width * 0.72 - 0.07) * np.clip(t, 0, 1.2) ** 2
    bent = a - shift * np.clip(t, 0, 1)  # a turned nose points away from the viewer
    z = who.nose_depth * 0.75 * ridge * bump(bent / wide)
    wings = np.abs(a - 0.8 * shift) - who.nose_width * 0.8
    z += 0.045 * bump(wings / 0.055, (v - (tip + drop + 0.01)) / 0.065)
    return z + 0.035 * face.spot(shift, tip + drop - 0.03, 0.085, 0.075)


def _folds(face: _Face, width: float) -> np.ndarray:
    """Mask of the folds from the nose to the corners of the mouth, deeper in a smile."""
    _, tip, _, _ = _nose(face)
    slope = 0.25 + 0.25 * max(face.does.smile, 0)
    across = face.side - 0.15 - slope * (face.v - tip)
    return bump(across / width, (face.v - tip - 0.16) / 0.14)


def _light(face: _Face, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Diffuse light and highlight on a relief."""
    (azimuth, elevation), ambient = face.take.light, face.take.ambient
    dy, dx = np.gradient(z, face.pixel)
    length = np.sqrt(dx**2 + dy**2 + 1)
    flat = math.cos(elevation)
    lx, ly, lz = math.sin(azimuth) * flat, -math.sin(elevation), math.cos(azimuth) * flat
    facing = np.clip((-dx * lx - dy * ly + lz) / length, 0, None)
    norm = math.hypot(lx, ly, lz + 1)
    hx, hy, hz = lx / norm, ly / norm, (lz + 1) / norm
    shine = np.clip((-dx * hx - dy * hy + hz) / length, 0, None) ** 28
    return ambient + (1 - ambient) * facing * 1.12, 0.10 * shine


# ---- painters, from back to front ----


def _paint_behind(face: _Face) -> None:
    """Background, hair behind the head, neck, shoulders, ears."""
    who, x, y, sine = face.who, face.x, face.y, math.sin(face.take.yaw)
    face.pixels[:] = face.tone(face.take.background * np.array([0.98, 1.0, 1.02]))
    face.pixels *= (1 + 0.10 * y + 0.05 * x)[..., None]
    if who.hair_sides > 0.35:
        mass = np.maximum(face.outline - 0.16, y - (0.2 + 0.9 * who.hair_sides))
        face.blend(face.inside(mass, 0.06), np.multiply(who.hair, 0.8))
    neck = np.abs(x - 0.05 * sine) - 0.42 - 0.25 * ramp(y, 1.0, 1.6)
    face.blend(face.inside(np.maximum(neck, 0.3 - y), 0.04), np.multiply(who.skin, 0.66))
    shade = 0.62 + 0.1 * ramp(y, 0.9, 1.4)
    face.pixels *= np.where(neck < 0, 0.9 + 0.1 * shade, 1)[..., None]
    shown = face.part(box(y > 1.15 - face.pixel))
    cloth = 1.18 + 0.28 * (np.abs(shown.x) / 1.2) ** 2 - shown.y
    shown.blend(shown.inside(cloth, 0.03), np.random.default_rng(who.seed).uniform(0.15, 0.6, 3))
    for side in (-1, 1):
        _paint_ear(face, side * who.width * 1.0 - 0.12 * sine)


def _paint_ear(face: _Face, x: float) -> None:
    who, edge = face.who, 0.03 + 2 * face.pixel
    high = np.abs(face.y - who.eye_height - 0.2) < 0.22 + edge
    face = face.part(box(high & (np.abs(face.x - x) < 0.11 + edge)))
    ear = ((face.x - x) / 0.11) ** 2 + ((face.y - who.eye_height - 0.2) / 0.22) ** 2
    ear = np.sqrt(ear) - 1
    face.blend(face.inside(ear * 0.11, 0.02), np.multiply(who.skin, 0.8))
    face.darken(face.inside((ear + 0.45) * 0.11, 0.05), 0.25)


def _paint_skin(face: _Face, head: np.ndarray) -> None:
    """Skin with warmer cheeks, darker sockets and lips' shadow, moles."""
    who, does = face.who, face.does
    _, tip, shift, drop = _nose(face)
    face.blend(head, who.skin)
    blush = face.spot(0.45, 0.18, 0.22, 0.18, both=True) + 0.7 * face.spot(
        shift, tip + drop, 0.12, 0.1
    )
    face.pixels *= 1 - 0.35 * (head * blush)[..., None] * face.tone([0.0, 0.28, 0.26])
    face.darken_spot(who.eye_distance - 0.10, who.eye_height - 0.05, 0.13, 0.09, 0.22, both=True)
    face.darken_spot(who.eye_distance, who.eye_height + 0.12, 0.14, 0.05, 0.10, both=True)
    face.darken_spot(0, who.mouth_height + 0.16 + 0.13 * does.mouth, 0.15, 0.035, 0.22)
    face.darken_spot(shift, tip + drop + 0.075, who.nose_width, 0.035, 0.16)
    face.darken(_folds(face, 0.02), 0.06 + 0.2 * max(does.smile, 0))
    for a, v in who.moles:
        face.darken_spot(a, v, 0.022, 0.022, 0.55)


def _paint_nostrils(face: _Face) -> None:
    _, tip, shift, drop = _nose(face)
    wide = face.who.nose_width * 1.02 + REACH * 0.022 + 2 * face.pixel
    face = face.around(0.8 * shift, tip + drop, wide, REACH * 0.05 + 2 * face.pixel)
    for side in (-1, 1):
        x = face.a - 0.8 * shift - side * face.who.nose_width * 0.48
        y = face.v - tip - drop - 0.035 - side * 0.15 * x
        hole = np.sqrt((x / 0.036) ** 2 + (y / 0.018) ** 2) - 1
        face.darken(face.inside(hole * 0.018, 0.03), 0.62)
        wing = face.a - 0.8 * shift - side * face.who.nose_width * 1.02
        face.darken(bump(wing / 0.022, (face.v - tip - drop) / 0.05), 0.18)


def _paint_eye(face: _Face, side: int) -> None:
    who = face.who
    wide, high = 1.1 * who.eye_width + 0.01 + face.pixel, 2 * who.eye_opening + 0.2 + face.pixel
    face = face.around(side * who.eye_distance, who.eye_height, wide, high)
    v = face.v
    across = side * face.a - who.eye_distance
    t = across / who.eye_width
    upper, lower = _lids(face, t)
    opening = np.maximum(_between(v, upper, lower), np.abs(across) - who.eye_width)
    inside = face.inside(opening, 0.015)
    face.blend(inside, 0.82)
    face.darken(inside * np.clip(np.abs(t), 0, 1) ** 2, 0.35)
    face.darken(inside * bump((v - upper) / 0.03), 0.45)
    look = side * 0.35 * math.sin(face.take.yaw) * who.eye_width
    gap, size = np.hypot(across - look, v - who.eye_height + 0.01), 0.068
    face.blend(inside * face.inside(gap - size, 0.012), who.iris)
    face.blend(inside * face.inside(gap - 0.45 * size, 0.012), 0.03)
    right = face.a - side * who.eye_distance - side * look + 0.02
    spark = np.hypot(right, v - who.eye_height + 0.035)
    face.blend(0.9 * inside * face.inside(spark - 0.014, 0.012), 1.0)
    # lashes along the upper lid, a thin lower rim, the crease above
    along = ramp(who.eye_width * 1.08 - np.abs(across), 0, 0.03)
    lash = face.inside(np.abs(v - upper) - 0.017 * (1 + 0.3 * np.clip(t, -1, 1)), 0.015)
    face.blend(0.9 * along * lash, np.multiply(who.hair, 0.3) + 0.04)
    face.darken(along * bump((v - lower) / 0.012), 0.30)
    crease = v - upper + 0.045 + 0.01 * (1 - t**2)
    face.darken(along * bump(crease / 0.014), 0.26)


def _paint_brow(face: _Face, side: int) -> None:
    who, middle = face.who, float(_brow_curve(face, np.array(0.0)))
    place = side * (who.eye_distance + 0.01), middle
    face = face.around(*place, 1.08 * who.brow_width, 0.3 + face.pixel)
    t = (side * face.a - who.eye_distance - 0.01) / who.brow_width
    thick = who.brow_thickness * (1 - 0.6 * np.clip(t, 0, 1)) * (1 - 0.25 * np.clip(-t, 0, 1))
    off = np.abs(face.v - _brow_curve(face, np.clip(t, -1.2, 1.2))) - thick
    mask = face.inside(off, 0.035) * ramp(1.06 - np.abs(t), 0, 0.22)
    hairs = 0.9 + 0.1 * np.sin(95 * face.a * side + 55 * face.v)
    face.blend(0.88 * mask * hairs, np.multiply(who.hair, 0.8))


def _paint_mouth(face: _Face) -> None:
    who, does, width = face.who, face.does, _mouth_width(face)
    edge = face.pixel + REACH * 0.03
    face = face.around(0, who.mouth_height, width + edge, 0.4 + edge)
    v = face.v
    t, ends = face.a / width, face.side - width
    top, inner_top, inner_low, low = _lips(face, np.clip(t, -1, 1))

    def within(first: np.ndarray, last: np.ndarray, blur: float) -> np.ndarray:
        return face.inside(np.maximum(_between(v, first, last), ends), blur)

    lips = np.asarray(who.skin) * who.lip_tone * [1.02, 0.80, 0.82]
    face.blend(within(top, inner_low, 0.028), lips * 0.86)
    face.blend(within(inner_low, low, 0.028), lips)
    hole = within(inner_top, inner_low, 0.015) * np.clip((inner_low - inner_top) / 0.02, 0, 1)
    face.blend(hole, [0.16, 0.06, 0.06])
    if does.smile > 0.3 or does.mouth > 0.45:
        teeth = np.maximum(inner_top - v, v - inner_top - 0.062)
        teeth += 0.4 * np.clip(np.abs(t) - 0.72, 0, 1)
        gap = np.maximum(_between(v, inner_top, inner_low), ends)
        face.blend(hole * face.inside(np.maximum(teeth, gap), 0.012), 0.84)
    face.darken(ramp(1.04 - np.abs(t), 0, 0.12) * bump((v - inner_top) / 0.014), 0.55)
    face.darken(face.spot(width, float(_lips(face, np.array(1.0))[1]), 0.03, 0.03, both=True), 0.3)


def _paint_beard(face: _Face, head: np.ndarray) -> None:
    who = face.who
    if not who.beard and not who.moustache:
        return
    _, tip, _, drop = _nose(face)
    where = box(face.v > min(0.09, tip + drop) - face.pixel)
    face, head = face.part(where), head[where]
    a, v, side = face.a, face.v, face.side
    width = _mouth_width(face)
    grain = 0.88 + 0.12 * np.sin(70 * a + 21 * np.sin(9 * v)) * np.sin(63 * v + 17 * np.sin(8 * a))
    top, _, _, low = _lips(face, np.clip(a / width, -1, 1))
    beside_lips = np.where(side > width, 1, ramp(_between(v, top, low), -0.01, 0.03))
    if who.beard > 0:
        start = 0.60 - 0.9 * np.clip(side - 0.28, 0, 0.5)
        area = ramp(v, start - 0.06, start + 0.08) * head * beside_lips
        face.blend(who.beard * area * grain, np.multiply(who.hair, 0.75))
    if who.moustache > 0:
        middle = (tip + drop + who.mouth_height) / 2 + 0.02 + 0.35 * np.clip(side - 0.1, 0, 1)
        off = np.abs(v - middle) - 0.055 * (1 - (side / 0.36) ** 2)
        area = face.inside(off, 0.05) * ramp(0.36 - side, 0, 0.08) * beside_lips
        face.blend(who.moustache * area * grain, np.multiply(who.hair, 0.8))


def _paint_hair(face: _Face) -> None:
    """Hair on top and, as far as the person has it, along the temples."""
    who, edge = face.who, 0.04 + face.pixel
    bottom = -0.30 + 1.3 * who.hair_sides
    lowest = max(bottom, who.hairline + 0.3) + edge
    face = face.part(box((face.v < lowest) & (face.outline < 0.13 + edge)))
    a, v = face.a, face.v
    line = who.hairline + 0.28 * a**2 - 0.10 * bump((a - who.hair_parting) / 0.22)
    line = line + 0.012 * np.sin(31 * a + who.seed % 7)
    temple = who.width - 0.06 - 0.12 * who.hair_sides - np.abs(face.x - _lean(face, face.y))
    temple = np.maximum(temple + 0.5 * np.clip(v - bottom + 0.25, 0, None), v - bottom)
    volume = 0.13 - 0.11 * ramp(v, bottom - 0.45, bottom)
    hair = np.maximum(np.minimum(v - line, temple), face.outline - volume)
    strands = 1 + 0.10 * np.sin(88 * a + 5 * np.sin(3 * v + who.seed % 5)) * np.sin(37 * a + 4 * v)
    shine = 0.35 * face.spot(0.1, who.hairline - 0.2, 0.5, 0.10)
    strands += shine - 0.35 * ramp(np.abs(face.x), 0.5, 1.0)
    mask = face.inside(hair, 0.07)[..., None]
    face.pixels += mask * (strands[..., None] * face.tone(who.hair) - face.pixels)


def _paint_glasses(face: _Face) -> None:
    who, size, power = face.who, face.who.glasses_size, face.who.glasses_round
    high = size + 0.02 + face.pixel
    face = face.part(box(np.abs(face.v - who.eye_height - 0.045) < high))
    v = face.v
    a = face.a - 0.06 * math.sin(face.take.yaw)  # they slip a little as the head turns
    frame = np.full_like(face.a, 1.0)
    for side in (-1, 1):
        x = np.abs(a - side * (who.eye_distance + 0.01)) / size
        y = np.abs(v - who.eye_height - 0.045) / (size * 0.78)
        rim = ((x**power + y**power + 1e-6) ** (1 / power) - 1) * size
        frame = np.minimum(frame, np.abs(rim) - 0.011)
        glare = bump((a - side * who.eye_distance + v - who.eye_height) / 0.05)
        face.pixels += 0.05 * (face.inside(rim, 0.02) * glare)[..., None]
    between = np.abs(a) - who.eye_distance - 0.01 + size
    bridge = np.maximum(np.abs(v - who.eye_height - 0.01 + 0.1 * a**2) - 0.011, between)
    beyond = who.eye_distance + 0.01 + size - np.abs(a)
    temple = np.maximum(np.abs(v - who.eye_height + 0.01) - 0.011, beyond)
    temple = np.maximum(temple, face.outline)
    wire = np.minimum(np.minimum(frame, bridge), temple)
    face.blend(face.inside(wire, 0.012), who.glasses_tone)


# ---- the landmarks ----


def _front_landmarks(face: _Face) -> np.ndarray:
    """Return the landmarks of the unturned face but for the jaw, shape (51, 2)."""
    who = face.who
    fifths = np.linspace(-1, 1, 5)
    brow_a = who.eye_distance + 0.01 + who.brow_width * fifths
    brow = np.column_stack([brow_a, _brow_curve(face, fifths)])
    top, tip, shift, drop = _nose(face)
    t = np.linspace(0, 1, 4)
    bridge = np.column_stack([shift * t, top + t * (tip - top) + drop * ramp(t, 0, 1)])
    t = np.linspace(-0.7, 0.7, 5)
    base_v = tip + drop + 0.055 - 0.02 * t**2
    base = np.column_stack([0.8 * shift + who.nose_width * t, base_v])
    ends = np.array([-1.0, -0.4, 0.4, 1.0])
    upper, lower = _lids(face, ends)
    eye = _ring(who.eye_distance + who.eye_width * ends, upper, lower)
    width = _mouth_width(face)
    outer, inner = np.linspace(-1, 1, 7), np.array([-0.9, -0.4, 0.0, 0.4, 0.9])
    top_lip, _, _, low_lip = _lips(face, outer)
    _, inner_top, inner_low, _ = _lips(face, inner)
    lips = _ring(width * outer, top_lip, low_lip), _ring(width * inner, inner_top, inner_low)
    left_eye = (eye * [-1, 1])[[3, 2, 1, 0, 5, 4]]
    return np.concatenate([(brow * [-1, 1])[::-1], brow, bridge, base, left_eye, eye, *lips])


def _ring(a: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """Return points along an upper line and, without its ends, back along a lower one."""
    there, back = np.column_stack([a, upper]), np.column_stack([a, lower])
    return np.concatenate([there, back[-2:0:-1]])


def _jaw_landmarks(face: _Face) -> np.ndarray:
    """Return 17 points of the drawn outline below its widest part, in the turned view."""
    who = face.who
    angle = np.linspace(np.pi, 0, 17)
    cosine, sine = np.cos(angle), np.sin(angle)
    y = MIDDLE + (_chin(face) - MIDDLE) * sine ** (2 / who.jaw)
    x = np.sign(cosine) * who.width * np.abs(cosine) ** (2 / who.jaw)
    return np.stack([x + _lean(face, y), y], axis=1)

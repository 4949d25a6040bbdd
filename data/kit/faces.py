"""Drawn faces: seeded people with expression, pose, light and exact landmarks.

A face is a small relief (skull, nose, sockets, lips, cheeks) that is lit from a direction and
painted with skin, eyes, brows, lips, hair, beard and glasses. Nothing is photographed, so every
trait is known: who it is (`Identity`), what the face does (`Expression`), where it looks and where
its 68 landmarks lie. In pictures that show the whole head (``zoom`` 0.6, 200 pixels) dlib's face
detector finds these faces, and its landmarks agree with ours.

Coordinates: lengths are in half picture sides at ``zoom=1``, the origin in the middle, x to the
right, y down. ``a`` and ``v`` lie on the face seen from the front, ``x`` and ``y`` in the turned
view; a small yaw or pitch moves points as on a cylinder.

Examples
--------
>>> rng = np.random.default_rng(0)
>>> person = random_identity(rng)
>>> face = draw_face(person, expression=Expression(smile=0.8), yaw=0.2, size=64)
>>> face.image.shape, face.landmarks.shape
((64, 64), (68, 2))
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace

import numpy as np

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
MIDDLE = -0.12  # height at which the skull is widest
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)


@dataclass(frozen=True)
class Identity:
    """What stays the same in all pictures of a person (lengths in half picture sides)."""

    width: float = 0.84
    chin: float = 0.94
    jaw: float = 2.3
    eye_distance: float = 0.36
    eye_height: float = -0.28
    eye_width: float = 0.165
    eye_opening: float = 0.062
    eye_slant: float = 0.0
    iris: tuple[float, float, float] = (0.25, 0.17, 0.10)
    brow_gap: float = 0.17
    brow_width: float = 0.24
    brow_thickness: float = 0.032
    brow_arch: float = 0.04
    brow_slope: float = 0.012
    nose_length: float = 0.42
    nose_width: float = 0.125
    nose_depth: float = 0.22
    mouth_height: float = 0.47
    mouth_width: float = 0.29
    upper_lip: float = 0.05
    lower_lip: float = 0.07
    lip_tone: float = 0.78
    cheek: float = 0.05
    hairline: float = -0.84
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


@dataclass(frozen=True)
class Expression:
    """What a face does: smile in [-1, 1], the others in [0, 1] (``eyes``: 0 closed, 1 open)."""

    smile: float = 0.0
    mouth: float = 0.0
    eyes: float = 1.0
    brows: float = 0.0


@dataclass(frozen=True)
class DrawnFace:
    """A picture and where its landmarks lie.

    Parameters
    ----------
    image : np.ndarray
        (size, size) or (size, size, 3) float32 in [0, 1].
    landmarks : np.ndarray
        (68, 2) float32, x and y in pixels; 0 is the middle of the first pixel.
    """

    image: np.ndarray
    landmarks: np.ndarray

    def part(self, name: str) -> np.ndarray:
        """Landmarks of one part by its name in `LANDMARKS`, shape (n, 2)."""
        return self.landmarks[LANDMARKS[name]]


SKINS = np.array([[0.86, 0.69, 0.60], [0.80, 0.62, 0.51], [0.68, 0.49, 0.38], [0.47, 0.32, 0.24]])
HAIRS = np.array([[0.10, 0.08, 0.07], [0.22, 0.15, 0.10], [0.42, 0.31, 0.19], [0.50, 0.49, 0.47]])
IRISES = np.array([[0.20, 0.12, 0.07], [0.30, 0.19, 0.10], [0.27, 0.33, 0.38], [0.26, 0.30, 0.22]])

SPREAD = {
    "width": 0.045,
    "chin": 0.045,
    "jaw": 0.25,
    "eye_distance": 0.022,
    "eye_height": 0.02,
    "eye_width": 0.012,
    "eye_opening": 0.011,
    "eye_slant": 0.05,
    "brow_gap": 0.022,
    "brow_width": 0.018,
    "brow_thickness": 0.008,
    "brow_arch": 0.014,
    "brow_slope": 0.02,
    "nose_length": 0.035,
    "nose_width": 0.016,
    "nose_depth": 0.035,
    "mouth_height": 0.022,
    "mouth_width": 0.025,
    "upper_lip": 0.011,
    "lower_lip": 0.013,
    "lip_tone": 0.06,
    "cheek": 0.025,
    "hairline": 0.07,
}
"""Standard deviations of the measures of `Identity` among people."""


def random_identity(rng: np.random.Generator, *, spread: float = 1.0) -> Identity:
    """Draw a person; ``spread`` scales how far the measures of faces lie apart."""

    def near(mean: float, sd: float) -> float:
        return float(mean + spread * sd * np.clip(rng.normal(), -2.2, 2.2))

    man = rng.random() < 0.7
    skin = SKINS[rng.choice(4, p=[0.45, 0.3, 0.15, 0.1])] * near(1.0, 0.05)
    hair = HAIRS[rng.choice(4, p=[0.4, 0.3, 0.18, 0.12])] * near(1.0, 0.1)
    typical = {f.name: f.default for f in fields(Identity)}
    measures = {name: near(typical[name], sd) for name, sd in SPREAD.items()}
    measures["nose_width"] += 0.012 * man
    measures["brow_thickness"] += 0.006 * man
    return Identity(
        **measures,
        iris=tuple(IRISES[rng.integers(4)]),
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
    smile = (
        strength * rng.choice([0.0, 0.45, 0.9], p=[0.5, 0.3, 0.2]) + 0.12 * strength * rng.normal()
    )
    return Expression(
        smile=float(np.clip(smile, -0.5, 1.0)),
        mouth=float(
            np.clip(strength * rng.choice([0.0, 0.5], p=[0.75, 0.25]) * rng.random() * 1.6, 0, 1)
        ),
        eyes=0.08
        if rng.random() < 0.06 * strength
        else float(rng.uniform(1 - 0.3 * strength, 1.05)),
        brows=float(np.clip(strength * abs(rng.normal()) * 0.3, 0, 1)),
    )


@dataclass
class _Scene:
    """One face while it is painted: the person, the coordinates of every sub-pixel, the canvas."""

    who: Identity
    does: Expression
    yaw: float
    pitch: float
    x: np.ndarray
    y: np.ndarray
    a: np.ndarray
    v: np.ndarray
    pixel: float
    channels: int
    canvas: np.ndarray
    outline: np.ndarray | None = None

    def tone(self, colour: object) -> np.ndarray:
        """Bring a colour (number or r, g, b) to the canvas's channels."""
        rgb = np.broadcast_to(np.asarray(colour, dtype=np.float32), (3,))
        return rgb if self.channels == 3 else np.atleast_1d(rgb @ LUMA)

    def paint(self, mask: np.ndarray, colour: object) -> None:
        """Blend a colour in where the mask (0..1) says so."""
        self.canvas += mask[..., None] * (self.tone(colour) - self.canvas)

    def darken(self, mask: np.ndarray, by: float) -> None:
        """Multiply by ``1 - by`` where the mask is 1."""
        self.canvas *= 1 - by * mask[..., None]

    def inside(self, distance: np.ndarray, soft: float = 0.0) -> np.ndarray:
        """Turn a signed distance (negative inside) into an anti-aliased mask."""
        width = max(1.5 * self.pixel, soft)
        return np.clip(0.5 - distance / width, 0, 1)


def _bump(x: np.ndarray, y: np.ndarray, x0: float, y0: float, sx: float, sy: float) -> np.ndarray:
    """Gaussian bump of height 1."""
    return np.exp(-(((x - x0) / sx) ** 2) - ((y - y0) / sy) ** 2)


def _ramp(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Smooth step from 0 at ``low`` to 1 at ``high``."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


# ---- shared geometry: used by the painters and by the landmarks, so that both agree exactly ----


def _chin(scene: _Scene) -> float:
    return scene.who.chin + 0.07 * scene.does.mouth


def _lean(scene: _Scene, v: np.ndarray | float) -> np.ndarray | float:
    """Sideways shift of the outline: a turned chin sticks out further than the neck's axis."""
    return math.sin(scene.yaw) * (0.10 + 0.16 * np.clip(v, -0.5, 1.0))


def _nose(scene: _Scene) -> tuple[float, float, float, float]:
    """Top and tip height of the nose, and the shift (x, y) of its tip in the turned view."""
    who = scene.who
    top = who.eye_height + 0.02
    return (
        top,
        top + who.nose_length,
        who.nose_depth * math.sin(scene.yaw),
        -who.nose_depth * math.sin(scene.pitch),
    )


def _brow_curve(scene: _Scene, t: np.ndarray) -> np.ndarray:
    """Height of a brow's middle line for t from -1 (inner end) to 1 (outer end)."""
    who, does = scene.who, scene.does
    base = who.eye_height - who.brow_gap - 0.06 * does.brows
    return base + who.brow_arch * ((t - 0.1) ** 2 - 0.5) + who.brow_slope * t


def _lids(scene: _Scene, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Height of the upper and the lower lid for t from -1 (inner corner) to 1 (outer corner)."""
    who, does = scene.who, scene.does
    arch = np.clip(1 - t**2, 0, None)
    squint = 0.3 * max(does.smile, 0)
    middle = who.eye_height - who.eye_slant * who.eye_width * t
    upper = middle - who.eye_opening * (does.eyes * (1.5 - squint * 0.4) - 0.5) * arch**0.75
    return upper, middle + who.eye_opening * (0.62 - squint) * arch


def _lips(scene: _Scene, t: np.ndarray) -> tuple[np.ndarray, ...]:
    """Heights of the lips' lines from the uppermost to the lowest, for t from -1 to 1."""
    who, does = scene.who, scene.does
    arch = np.clip(1 - t**2, 0, None)
    line = who.mouth_height - 0.095 * does.smile * (t**2 - 0.3) - 0.003 * arch
    gap = (0.15 * does.mouth + 0.05 * max(does.smile - 0.4, 0)) * arch**0.7
    stretch = 1 - 0.3 * max(does.smile, 0)
    bow = 1 - 0.28 * np.exp(-((t / 0.17) ** 2))
    top = line - who.upper_lip * stretch * bow * arch**0.8
    return (
        top,
        line - 0.15 * gap,
        line + 0.85 * gap,
        line + 0.85 * gap + who.lower_lip * stretch * arch**0.6,
    )


def _mouth_width(scene: _Scene) -> float:
    return scene.who.mouth_width * (1 + 0.24 * scene.does.smile - 0.12 * scene.does.mouth)


# ---- relief and light ----


def _outline(scene: _Scene) -> np.ndarray:
    """Signed distance (about) to the head's outline, in the turned view."""
    who = scene.who
    x = np.abs(scene.x - _lean(scene, scene.y)) / who.width
    y = (scene.y - MIDDLE).astype(np.float32)
    down = y > 0
    y = np.abs(y) / np.where(down, np.float32(_chin(scene) - MIDDLE), np.float32(1.22))
    power = np.where(down, np.float32(who.jaw), np.float32(2.2))
    radius = (x**power + y**power + 1e-6) ** (1 / power)
    return (radius - 1) * who.width


def _relief(scene: _Scene) -> np.ndarray:
    """Height of the face towards the viewer."""
    who, does, a, v = scene.who, scene.does, scene.a, scene.v
    side = np.abs(a)
    depth = np.clip(1 + scene.outline / who.width, 0, None)
    # A sphere to 0.95 of its radius, then straight on, so that the edge keeps its slope.
    z = 0.80 * np.sqrt(1 - np.minimum(depth, 0.95) ** 2) - 2.4 * np.clip(depth - 0.95, 0, 0.2)
    z += _nose_relief(scene)
    z -= 0.10 * _bump(side, v, who.eye_distance - 0.05, who.eye_height - 0.01, 0.19, 0.11)
    z += 0.035 * _bump(side, v, who.eye_distance, who.eye_height, 0.10, 0.07)
    z += 0.035 * _bump(side, v, 0.26, who.eye_height - who.brow_gap + 0.01, 0.3, 0.09)
    lift = 0.05 * max(does.smile, 0)
    z += (who.cheek + lift) * _bump(side, v, 0.44, 0.16 - lift, 0.20, 0.20)
    z -= 0.035 * _bump(side, v, 0.50, 0.5, 0.12, 0.3)
    lower = who.mouth_height + 0.05 + 0.12 * does.mouth
    z += 0.06 * _bump(a, v, 0, who.mouth_height - 0.03, 0.24, 0.09)
    z += 0.04 * _bump(a, v, 0, lower, 0.18, 0.06)
    z -= 0.05 * _bump(a, v, 0, lower + 0.12, 0.2, 0.06)
    z += 0.07 * _bump(a, v, 0, _chin(scene) - 0.14, 0.22, 0.12)
    return z - (0.006 + 0.022 * max(does.smile, 0)) * _folds(scene, 0.035)


def _nose_relief(scene: _Scene) -> np.ndarray:
    """Height of the nose: a ridge that grows towards its tip, the tip, two wings."""
    who, a, v = scene.who, scene.a, scene.v
    top, tip, shift, drop = _nose(scene)
    t = (v - top - drop * _ramp(v, top, tip)) / (tip - top)
    ridge = 0.25 * _ramp(t, -0.3, 0.1) + 0.75 * np.clip(t, 0, 1) ** 1.5
    ridge *= np.exp(-(np.clip(t - 0.98, 0, None) ** 2) / 0.035)
    wide = 0.07 + (who.nose_width * 0.72 - 0.07) * np.clip(t, 0, 1.2) ** 2
    bent = a - shift * np.clip(t, 0, 1)  # a turned nose points away from the viewer
    z = who.nose_depth * 0.75 * ridge * np.exp(-((bent / wide) ** 2))
    wings = np.abs(a - 0.8 * shift)
    z += 0.045 * _bump(wings, v, who.nose_width * 0.8, tip + drop + 0.01, 0.055, 0.065)
    return z + 0.035 * _bump(a, v, shift, tip + drop - 0.03, 0.085, 0.075)


def _folds(scene: _Scene, width: float) -> np.ndarray:
    """Mask of the folds from the nose to the corners of the mouth, deeper in a smile."""
    _, tip, _, _ = _nose(scene)
    slope = 0.25 + 0.25 * max(scene.does.smile, 0)
    across = np.abs(scene.a) - 0.15 - slope * (scene.v - tip)
    return np.exp(-((across / width) ** 2) - ((scene.v - tip - 0.16) / 0.14) ** 2)


def _light(
    scene: _Scene, z: np.ndarray, light: tuple[float, float], ambient: float
) -> tuple[np.ndarray, np.ndarray]:
    """Diffuse light and highlight for light from (azimuth, elevation); 0, 0 is the camera."""
    dy, dx = np.gradient(z, scene.pixel)
    length = np.sqrt(dx**2 + dy**2 + 1)
    azimuth, elevation = light
    flat = math.cos(elevation)
    lx, ly, lz = math.sin(azimuth) * flat, -math.sin(elevation), math.cos(azimuth) * flat
    facing = np.clip((-dx * lx - dy * ly + lz) / length, 0, None)
    norm = math.hypot(lx, ly, lz + 1)
    hx, hy, hz = lx / norm, ly / norm, (lz + 1) / norm
    shine = np.clip((-dx * hx - dy * hy + hz) / length, 0, None) ** 28
    return ambient + (1 - ambient) * facing * 1.12, 0.10 * shine


# ---- painters, from back to front ----


def _paint_behind(scene: _Scene, background: float) -> None:
    """Background, hair behind the head, neck, shoulders, ears."""
    who, x, y = scene.who, scene.x, scene.y
    scene.canvas[:] = scene.tone(background * np.array([0.98, 1.0, 1.02]))
    scene.canvas *= (1 + 0.10 * y + 0.05 * x)[..., None]
    if who.hair_sides > 0.35:
        bottom = 0.2 + 0.9 * who.hair_sides
        mass = np.maximum(scene.outline - 0.16, y - bottom)
        scene.paint(scene.inside(mass, 0.06), np.multiply(who.hair, 0.8))
    neck = np.abs(x - 0.05 * math.sin(scene.yaw)) - 0.42 - 0.25 * _ramp(y, 1.0, 1.6)
    shade = 0.62 + 0.1 * _ramp(y, 0.9, 1.4)
    scene.paint(scene.inside(np.maximum(neck, 0.3 - y), 0.04), np.multiply(who.skin, 0.66))
    scene.canvas *= np.where(neck < 0, 0.9 + 0.1 * shade, 1)[..., None]
    cloth = 1.18 + 0.28 * (np.abs(x) / 1.2) ** 2 - y
    tone = np.random.default_rng(who.seed).uniform(0.15, 0.6, 3)
    scene.paint(scene.inside(cloth, 0.03), tone)
    for side in (-1, 1):
        turned = side * who.width * 1.0 - 0.12 * math.sin(scene.yaw)
        ear = np.sqrt(((x - turned) / 0.11) ** 2 + ((y - who.eye_height - 0.2) / 0.22) ** 2) - 1
        scene.paint(scene.inside(ear * 0.11, 0.02), np.multiply(who.skin, 0.8))
        scene.darken(scene.inside((ear + 0.45) * 0.11, 0.05), 0.25)


def _paint_skin(scene: _Scene, head: np.ndarray) -> None:
    """Skin with warmer cheeks, darker sockets and lips' shadow, moles."""
    who, does, a, v = scene.who, scene.does, scene.a, scene.v
    side = np.abs(a)
    top, tip, shift, drop = _nose(scene)
    scene.paint(head, who.skin)
    blush = _bump(side, v, 0.45, 0.18, 0.22, 0.18) + 0.7 * _bump(a, v, shift, tip + drop, 0.12, 0.1)
    scene.canvas *= 1 - 0.35 * (head * blush)[..., None] * scene.tone([0.0, 0.28, 0.26])
    scene.darken(_bump(side, v, who.eye_distance - 0.10, who.eye_height - 0.05, 0.13, 0.09), 0.22)
    scene.darken(_bump(side, v, who.eye_distance, who.eye_height + 0.12, 0.14, 0.05), 0.10)
    scene.darken(_bump(a, v, 0, who.mouth_height + 0.16 + 0.13 * does.mouth, 0.15, 0.035), 0.22)
    scene.darken(_bump(a, v, shift, tip + drop + 0.075, who.nose_width, 0.035), 0.16)
    scene.darken(_folds(scene, 0.02), 0.06 + 0.2 * max(does.smile, 0))
    for mole_a, mole_v in who.moles:
        scene.darken(_bump(a, v, mole_a, mole_v, 0.022, 0.022), 0.55)


def _paint_nostrils(scene: _Scene) -> None:
    who = scene.who
    _, tip, shift, drop = _nose(scene)
    for side in (-1, 1):
        x = scene.a - 0.8 * shift - side * who.nose_width * 0.48
        y = scene.v - tip - drop - 0.035 - side * 0.15 * x
        hole = np.sqrt((x / 0.036) ** 2 + (y / 0.018) ** 2) - 1
        scene.darken(scene.inside(hole * 0.018, 0.03), 0.62)
        wing = scene.a - 0.8 * shift - side * who.nose_width * 1.02
        scene.darken(np.exp(-((wing / 0.022) ** 2) - ((scene.v - tip - drop) / 0.05) ** 2), 0.18)


def _paint_eyes(scene: _Scene) -> None:
    who = scene.who
    for side in (-1, 1):
        across = side * scene.a - who.eye_distance
        t = across / who.eye_width
        upper, lower = _lids(scene, t)
        opening = np.maximum(
            np.maximum(upper - scene.v, scene.v - lower), np.abs(across) - who.eye_width
        )
        inside = scene.inside(opening, 0.015)
        scene.paint(inside, 0.82)
        scene.darken(inside * np.clip(np.abs(t), 0, 1) ** 2, 0.35)
        scene.darken(inside * np.exp(-(((scene.v - upper) / 0.03) ** 2)), 0.45)
        look = side * 0.35 * math.sin(scene.yaw) * who.eye_width
        gap = np.hypot(across - look, scene.v - who.eye_height + 0.01)
        size = 0.068
        scene.paint(inside * scene.inside(gap - size, 0.012), who.iris)
        scene.paint(inside * scene.inside(gap - 0.45 * size, 0.012), 0.03)
        spark = np.hypot(
            scene.a - side * who.eye_distance - side * look + 0.02, scene.v - who.eye_height + 0.035
        )
        scene.paint(0.9 * inside * scene.inside(spark - 0.014, 0.012), 1.0)
        _paint_lid(scene, across, t, upper, lower)


def _paint_lid(
    scene: _Scene, across: np.ndarray, t: np.ndarray, upper: np.ndarray, lower: np.ndarray
) -> None:
    """Lashes along the upper lid, a thin lower rim, the crease above."""
    who = scene.who
    along = _ramp(who.eye_width * 1.08 - np.abs(across), 0, 0.03)
    lash = 0.017 * (1 + 0.3 * np.clip(t, -1, 1))
    scene.paint(
        0.9 * along * scene.inside(np.abs(scene.v - upper) - lash, 0.015),
        np.multiply(who.hair, 0.3) + 0.04,
    )
    scene.darken(along * np.exp(-(((scene.v - lower) / 0.012) ** 2)), 0.30)
    crease = scene.v - upper + 0.045 + 0.01 * (1 - t**2)
    scene.darken(along * np.exp(-((crease / 0.014) ** 2)), 0.26)


def _paint_brows(scene: _Scene) -> None:
    who = scene.who
    for side in (-1, 1):
        t = (side * scene.a - who.eye_distance - 0.01) / who.brow_width
        thick = who.brow_thickness * (1 - 0.6 * np.clip(t, 0, 1)) * (1 - 0.25 * np.clip(-t, 0, 1))
        off = np.abs(scene.v - _brow_curve(scene, np.clip(t, -1.2, 1.2))) - thick
        mask = scene.inside(off, 0.035) * _ramp(1.06 - np.abs(t), 0, 0.22)
        hairs = 0.9 + 0.1 * np.sin(95 * scene.a * side + 55 * scene.v)
        scene.paint(0.88 * mask * hairs, np.multiply(who.hair, 0.8))


def _paint_mouth(scene: _Scene) -> None:
    who, does, v = scene.who, scene.does, scene.v
    width = _mouth_width(scene)
    t = scene.a / width
    ends = np.abs(scene.a) - width
    top, inner_top, inner_low, low = _lips(scene, np.clip(t, -1, 1))
    skin = np.asarray(who.skin)
    lips = skin * who.lip_tone * [1.02, 0.80, 0.82]
    scene.paint(
        scene.inside(np.maximum(np.maximum(top - v, v - inner_low), ends), 0.028), lips * 0.86
    )
    scene.paint(scene.inside(np.maximum(np.maximum(inner_low - v, v - low), ends), 0.028), lips)
    gap = np.maximum(np.maximum(inner_top - v, v - inner_low), ends)
    hole = scene.inside(gap, 0.015) * np.clip((inner_low - inner_top) / 0.02, 0, 1)
    scene.paint(hole, [0.16, 0.06, 0.06])
    if does.smile > 0.3 or does.mouth > 0.45:
        teeth = np.maximum(inner_top - v, v - inner_top - 0.062) + 0.4 * np.clip(
            np.abs(t) - 0.72, 0, 1
        )
        scene.paint(hole * scene.inside(np.maximum(teeth, gap), 0.012), 0.84)
    along = _ramp(1.04 - np.abs(t), 0, 0.12)
    scene.darken(along * np.exp(-(((v - inner_top) / 0.014) ** 2)), 0.55)
    corner = _bump(np.abs(scene.a), v, width, float(_lips(scene, np.array(1.0))[1]), 0.03, 0.03)
    scene.darken(corner, 0.3)


def _paint_beard(scene: _Scene, head: np.ndarray) -> None:
    who, a, v = scene.who, scene.a, scene.v
    _, tip, _, drop = _nose(scene)
    side = np.abs(a)
    grain = 0.88 + 0.12 * np.sin(70 * a + 21 * np.sin(9 * v)) * np.sin(63 * v + 17 * np.sin(8 * a))
    top, _, _, low = _lips(scene, np.clip(a / _mouth_width(scene), -1, 1))
    lips = _ramp(np.maximum(top - v, v - low), -0.01, 0.03)
    lips = np.where(side > _mouth_width(scene), 1, lips)
    if who.beard > 0:
        start = 0.60 - 0.9 * np.clip(side - 0.28, 0, 0.5)
        area = _ramp(v, start - 0.06, start + 0.08) * head * lips
        scene.paint(who.beard * area * grain, np.multiply(who.hair, 0.75))
    if who.moustache > 0:
        middle = (tip + drop + who.mouth_height) / 2 + 0.02 + 0.35 * np.clip(side - 0.1, 0, 1)
        off = np.abs(v - middle) - 0.055 * (1 - (side / 0.36) ** 2)
        area = scene.inside(off, 0.05) * _ramp(0.36 - side, 0, 0.08) * lips
        scene.paint(who.moustache * area * grain, np.multiply(who.hair, 0.8))


def _paint_hair(scene: _Scene) -> None:
    """Hair on top and, as far as the person has it, along the temples."""
    who, a, v = scene.who, scene.a, scene.v
    line = who.hairline + 0.28 * a**2 - 0.10 * np.exp(-(((a - who.hair_parting) / 0.22) ** 2))
    line = line + 0.012 * np.sin(31 * a + who.seed % 7)
    top = v - line
    temple = who.width - 0.06 - 0.12 * who.hair_sides - np.abs(scene.x - _lean(scene, scene.y))
    bottom = -0.30 + 1.3 * who.hair_sides
    temple = np.maximum(temple + 0.5 * np.clip(v - bottom + 0.25, 0, None), v - bottom)
    volume = 0.13 - 0.11 * _ramp(v, bottom - 0.45, bottom)
    hair = np.maximum(np.minimum(top, temple), scene.outline - volume)
    strands = 1 + 0.10 * np.sin(88 * a + 5 * np.sin(3 * v + who.seed % 5)) * np.sin(37 * a + 4 * v)
    strands += 0.35 * _bump(a, v, 0.1, who.hairline - 0.2, 0.5, 0.10) - 0.35 * _ramp(
        np.abs(scene.x), 0.5, 1.0
    )
    mask = scene.inside(hair, 0.07)
    scene.canvas += mask[..., None] * (strands[..., None] * scene.tone(who.hair) - scene.canvas)


def _paint_glasses(scene: _Scene) -> None:
    who = scene.who
    size, power = who.glasses_size, who.glasses_round
    slip = 0.06 * math.sin(scene.yaw)
    frame = np.full_like(scene.a, 1.0)
    for side in (-1, 1):
        x = np.abs(scene.a - slip - side * (who.eye_distance + 0.01)) / size
        y = np.abs(scene.v - who.eye_height - 0.045) / (size * 0.78)
        rim = ((x**power + y**power + 1e-6) ** (1 / power) - 1) * size
        frame = np.minimum(frame, np.abs(rim) - 0.011)
        glare = np.exp(
            -(((scene.a - slip - side * who.eye_distance + scene.v - who.eye_height) / 0.05) ** 2)
        )
        scene.canvas += 0.05 * (scene.inside(rim, 0.02) * glare)[..., None]
    between = np.abs(scene.a - slip) - who.eye_distance - 0.01 + size
    bridge = np.maximum(
        np.abs(scene.v - who.eye_height - 0.01 + 0.1 * (scene.a - slip) ** 2) - 0.011, between
    )
    beyond = who.eye_distance + 0.01 + size - np.abs(scene.a - slip)
    temple = np.maximum(np.abs(scene.v - who.eye_height + 0.01) - 0.011, beyond)
    temple = np.maximum(temple, scene.outline)
    scene.paint(
        scene.inside(np.minimum(np.minimum(frame, bridge), temple), 0.012), who.glasses_tone
    )


# ---- the landmarks ----


def _front_landmarks(scene: _Scene) -> np.ndarray:
    """Return the landmarks of the unturned face but for the jaw, shape (51, 2)."""
    who = scene.who
    points = []
    fifths, ends = np.linspace(-1, 1, 5), np.array([-1.0, -0.4, 0.4, 1.0])
    brow = np.stack(
        [who.eye_distance + 0.01 + who.brow_width * fifths, _brow_curve(scene, fifths)], 1
    )
    points += [*(brow * [-1, 1])[::-1], *brow]
    top, tip, shift, drop = _nose(scene)
    for t in np.linspace(0, 1, 4):
        points.append((shift * t, top + t * (tip - top) + drop * _ramp(t, 0, 1)))
    for t in np.linspace(-0.7, 0.7, 5):
        points.append((0.8 * shift + who.nose_width * t, tip + drop + 0.055 - 0.02 * t**2))
    upper, lower = _lids(scene, ends)
    eye = who.eye_distance + who.eye_width * ends
    ring = [*zip(eye, upper, strict=True), *zip(eye[2:0:-1], lower[2:0:-1], strict=True)]
    right = np.array(ring)
    points += [*(right * [-1, 1])[[3, 2, 1, 0, 5, 4]], *right]
    width = _mouth_width(scene)
    outer, inner = np.linspace(-1, 1, 7), np.array([-0.9, -0.4, 0.0, 0.4, 0.9])
    top_lip, low_lip = _lips(scene, outer)[0], _lips(scene, outer)[3]
    inner_top, inner_low = _lips(scene, inner)[1], _lips(scene, inner)[2]
    points += zip(width * outer, top_lip, strict=True)
    points += zip(width * outer[5:0:-1], low_lip[5:0:-1], strict=True)
    points += zip(width * inner, inner_top, strict=True)
    points += zip(width * inner[3:0:-1], inner_low[3:0:-1], strict=True)
    return np.array([np.asarray(p, dtype=float) for p in points])


def _jaw_landmarks(scene: _Scene) -> np.ndarray:
    """Return 17 points of the drawn outline below its widest part, in the turned view."""
    who = scene.who
    angle = np.linspace(np.pi, 0, 17)
    cosine, sine = np.cos(angle), np.sin(angle)
    y = MIDDLE + (_chin(scene) - MIDDLE) * sine ** (2 / who.jaw)
    x = np.sign(cosine) * who.width * np.abs(cosine) ** (2 / who.jaw)
    return np.stack([x + _lean(scene, y), y], axis=1)


def _to_view(points: np.ndarray, scene: _Scene) -> np.ndarray:
    """Turn face coordinates (a, v) into view coordinates (x, y)."""
    x = RADIUS[0] * np.sin(np.arcsin(points[:, 0] / RADIUS[0]) + scene.yaw)
    y = RADIUS[1] * np.sin(np.arcsin(points[:, 1] / RADIUS[1]) - scene.pitch)
    return np.stack([x, y], axis=1)


def _to_face(view: np.ndarray, angle: float, radius: float) -> np.ndarray:
    """Undo the turn of one coordinate: R sin(asin(u / R) - angle), written without the arcs."""
    inside = np.clip(view / radius, -0.999, 0.999)
    return radius * (inside * math.cos(angle) - np.sqrt(1 - inside**2) * math.sin(angle))


@dataclass(frozen=True)
class _Camera:
    """Similarity between view coordinates and pixels."""

    size: int
    zoom: float
    roll: float
    centre: tuple[float, float]

    def view(self, supersampling: int) -> tuple[np.ndarray, np.ndarray]:
        n = self.size * supersampling
        line = ((np.arange(n, dtype=np.float32) + 0.5) * 2 / n - 1).astype(np.float32)
        px, py = line[None, :] - self.centre[0], line[:, None] - self.centre[1]
        c, s = np.float32(np.cos(self.roll) / self.zoom), np.float32(np.sin(self.roll) / self.zoom)
        return c * px + s * py, -s * px + c * py

    def pixels(self, view: np.ndarray) -> np.ndarray:
        c, s = np.cos(self.roll), np.sin(self.roll)
        x = self.zoom * (c * view[:, 0] - s * view[:, 1]) + self.centre[0]
        y = self.zoom * (s * view[:, 0] + c * view[:, 1]) + self.centre[1]
        return ((np.stack([x, y], axis=1) + 1) * self.size / 2 - 0.5).astype(np.float32)


def draw_face(
    identity: Identity,
    *,
    expression: Expression | None = None,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    light: tuple[float, float] = (0.2, 0.3),
    ambient: float = 0.35,
    exposure: float = 1.0,
    zoom: float = 1.0,
    centre: tuple[float, float] = (0.0, 0.0),
    background: float = 0.45,
    size: int = 64,
    colour: bool = False,
    noise: float = 0.0,
    rng: np.random.Generator | None = None,
) -> DrawnFace:
    """Draw one face.

    Parameters
    ----------
    identity, expression
        Who, and what the face does (calm by default).
    yaw, pitch, roll : float
        Turn in radians: towards the right of the picture, upwards, clockwise. Small angles (up to
        about 0.5) look right.
    light : (float, float)
        Azimuth (positive: from the right) and elevation of the light in radians.
    ambient, exposure : float
        Share of light without direction; factor on all grey values.
    zoom, centre
        At zoom 1 the face fills the picture, at 0.6 hair, neck and shoulders are seen; the centre
        is in half picture sides from the middle.
    size : int
        Side of the picture in pixels.
    noise : float
        Standard deviation of the sensor's noise, drawn from ``rng``.

    Returns
    -------
    DrawnFace
        Image float32 in [0, 1] of (size, size), or (size, size, 3) in colour, and 68 landmarks.
    """
    camera = _Camera(size, zoom, roll, centre)
    supersampling = 2 if size <= 128 else 1
    scene = _scene(identity, expression or Expression(), yaw, pitch, camera, supersampling, colour)
    _paint_all(scene, light, ambient, background)
    image = scene.canvas * exposure
    if supersampling == 2:
        image = image.reshape(size, 2, size, 2, -1).mean(axis=(1, 3))
    if noise > 0:
        image = image + noise * (rng or np.random.default_rng(0)).normal(size=image.shape)
    image = np.clip(image, 0, 1).astype(np.float32)
    view = np.concatenate([_jaw_landmarks(scene), _to_view(_front_landmarks(scene), scene)])
    return DrawnFace(image if colour else image[..., 0], camera.pixels(view))


def _scene(
    identity: Identity,
    expression: Expression,
    yaw: float,
    pitch: float,
    camera: _Camera,
    supersampling: int,
    colour: bool,
) -> _Scene:
    x, y = camera.view(supersampling)
    channels = 3 if colour else 1
    return _Scene(
        who=identity,
        does=expression,
        yaw=yaw,
        pitch=pitch,
        x=x,
        y=y,
        a=_to_face(x, yaw, RADIUS[0]),
        v=_to_face(y, -pitch, RADIUS[1]),
        pixel=2 / (camera.size * supersampling * camera.zoom),
        channels=channels,
        canvas=np.empty((*x.shape, channels), dtype=np.float32),
    )


def _paint_all(
    scene: _Scene, light: tuple[float, float], ambient: float, background: float
) -> None:
    """Paint the face from back to front and light it."""
    scene.outline = _outline(scene)
    _paint_behind(scene, background)
    head = scene.inside(scene.outline, 0.02)
    behind = scene.canvas.copy()
    _paint_skin(scene, head)
    _paint_nostrils(scene)
    _paint_mouth(scene)
    _paint_beard(scene, head)
    _paint_eyes(scene)
    _paint_brows(scene)
    shade, shine = _light(scene, _relief(scene), light, ambient)
    lit = scene.canvas * shade[..., None] + shine[..., None]
    flat = ambient + (1 - ambient) * math.cos(light[0]) * math.cos(light[1])
    scene.canvas = behind * flat + head[..., None] * (lit - behind * flat)
    _paint_hair(scene)
    if scene.who.glasses:
        _paint_glasses(scene)


def olivetti_like(
    n_people: int = 40, per_person: int = 10, size: int = 64, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a set in the layout of the Olivetti faces: some pictures of each of some people.

    Returns
    -------
    images : (n_people * per_person, size, size) float32 in [0, 1]
    person : (n_people * per_person,) int64, sorted
    """
    rng = np.random.default_rng(seed)
    images = np.empty((n_people * per_person, size, size), dtype=np.float32)
    for i in range(n_people):
        identity = random_identity(rng)
        habit = Habit.random(rng)
        for j in range(per_person):
            images[i * per_person + j] = habit.picture(identity, size, rng)
    return images, np.repeat(np.arange(n_people), per_person)


@dataclass(frozen=True)
class Habit:
    """How one person's sitting went: its light, background and how much the person moved."""

    light: float
    background: float
    motion: float
    mood: float

    @classmethod
    def random(cls, rng: np.random.Generator) -> Habit:
        """Draw a sitting."""
        return cls(
            light=float(rng.normal(0, 0.3)),
            background=float(rng.uniform(0.15, 0.6)),
            motion=float(rng.uniform(0.25, 0.5)),
            mood=float(rng.uniform(0.5, 1.0)),
        )

    def picture(self, identity: Identity, size: int, rng: np.random.Generator) -> np.ndarray:
        """Draw one picture of the sitting, tightly cropped as Olivetti's are.

        One picture in eight is taken while the person moves four times as far: those are the ones
        that a classifier gets wrong.
        """
        bold = rng.random() < 0.12
        m = self.motion * (4 if bold else 1)
        q = m / 0.75
        bare = identity.glasses and rng.random() < 0.15
        exposure = (0.62 / float(LUMA @ identity.skin)) ** 0.6  # as a camera evens out
        face = draw_face(
            replace(identity, glasses=False) if bare else identity,
            expression=random_expression(rng, strength=self.mood),
            yaw=float(np.clip(rng.normal(0, 0.15 * m), -0.4, 0.4)),
            pitch=float(np.clip(rng.normal(0, 0.06 * m), -0.2, 0.2)),
            roll=float(rng.normal(0, 0.03 * m)),
            light=(self.light + float(rng.normal(0, 0.22)), 0.35 + float(rng.normal(0, 0.12))),
            exposure=float(rng.normal(1.0, 0.04)) * exposure,
            zoom=float(rng.normal(1.14, 0.02 * q)),
            centre=(float(rng.normal(0, 0.02 * q)), float(rng.normal(0.02, 0.02 * q))),
            background=self.background,
            size=size,
            noise=0.005,
            rng=rng,
        )
        return face.image

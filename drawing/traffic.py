"""Solids of the street, seen by a camera above the road: cars, motorcycles with riders, walkers.

The world is measured in metres: x to the right, y up from the ground, z away from the camera.
A thing's own axes are left, up and forward; turned by a yaw of 0 it looks away from the camera, by
a quarter turn to the right, by half a turn at the camera.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import cv2
import numpy as np

from drawing import bodies
from drawing.bodies import RIM, Colour

NEAR = 0.4  # metres: what is nearer to the camera is moved there
PAINTS = (
    *((0.88, 0.88, 0.87), (0.70, 0.72, 0.74), (0.42, 0.44, 0.47), (0.13, 0.13, 0.15)),
    *((0.62, 0.10, 0.11), (0.12, 0.22, 0.46), (0.22, 0.42, 0.68), (0.16, 0.32, 0.24)),
    *((0.76, 0.68, 0.54), (0.85, 0.55, 0.12)),
)
SHAPES = {  # half length, belt line, roof, cabin from front to back: foot, top, top, foot
    "saloon": (2.20, 0.96, 1.43, (0.95, 0.25, -0.95, -1.65)),
    "hatchback": (1.95, 0.98, 1.48, (0.90, 0.28, -1.45, -1.88)),
    "estate": (2.25, 1.08, 1.68, (1.00, 0.40, -1.80, -2.18)),
    "van": (2.30, 1.15, 1.95, (1.55, 0.85, -2.15, -2.28)),
}


class Pose(NamedTuple):
    """Where a thing stands on the ground, in metres, and which way it looks, in radians."""

    x: float
    z: float
    yaw: float


@dataclass(frozen=True)
class View:
    """A camera that looks along the road: focal length, middle and horizon in pixels, eye in m."""

    focal: float
    x: float
    y: float
    eye: float

    def project(self, points: np.ndarray) -> np.ndarray:
        """Return where points (k, 3) of the world are seen, (k, 2) in pixels."""
        scale = self.focal / np.maximum(points[:, 2], NEAR)
        x, y = self.x + points[:, 0] * scale, self.y + (self.eye - points[:, 1]) * scale
        return np.stack([x, y], 1)


@dataclass
class Sheet:
    """A picture while it is painted, from the farthest to the nearest, with hard edges."""

    pixels: np.ndarray  # (h, w, 3) uint8, painted in place
    view: View  # The camera
    sun: tuple[float, float, float]  # Unit vector towards the light
    ambient: float  # Share of the light that comes from everywhere
    haze: np.ndarray  # (3,), the colour that things take on with distance
    clear: float  # Distance in metres at which 63 % of a colour is haze
    # (h, w) uint8, the label of what was painted last on each pixel; 0 where it had none
    owner: np.ndarray = field(init=False)
    label: int = 0  # Of what is painted now; 0 leaves ``owner`` alone

    def __post_init__(self) -> None:
        self.owner = np.zeros(self.pixels.shape[:2], np.uint8)

    def flat(self, outline: np.ndarray, colour: object, depth: float = 0.0) -> None:
        """Fill an outline (k, 2), or several (n, k, 2), given in pixels."""
        through = np.exp(-depth / self.clear)
        tone = np.asarray(colour) * through + self.haze * (1 - through)
        tone = (np.minimum(np.maximum(tone, 0), 1) * 255).tolist()
        corners = np.rint(np.minimum(np.maximum(outline, -9e4), 9e4) * 16).astype(np.int32)
        corners = corners if corners.ndim == 3 else corners[None]
        cv2.fillPoly(self.pixels, corners, tone, cv2.LINE_8, 4)
        if self.label:
            cv2.fillPoly(self.owner, corners, self.label, cv2.LINE_8, 4)

    def face(self, points: np.ndarray, colour: object) -> None:
        """Fill a flat outline (k, 3) of the world in a colour as it is."""
        self.flat(self.view.project(points), colour, float(np.maximum(points[:, 2], NEAR).mean()))

    def lit(self, normal: np.ndarray) -> float:
        """Return how bright a surface is that looks along a unit vector."""
        direct = max(0.0, float(normal @ np.asarray(self.sun)))
        return self.ambient * (0.85 + 0.25 * normal[1]) + (1 - self.ambient) * 1.35 * direct

    def ball(self, points: np.ndarray, radii: np.ndarray, colour: object) -> None:
        """Paint the hull of balls, middles (k, 3) and radii (k,), brighter towards the light."""
        size = self.view.focal / np.maximum(points[:, 2], NEAR) * radii
        middle, depth = self.view.project(points), float(points[:, 2].mean())
        to_sun = np.array([self.sun[0], -self.sun[1]]) * 0.32
        dark, bright = self.ambient * 0.92, self.ambient + 0.45 * (1 - self.ambient) + 0.08
        for inner, shift, shade in ((1.0, 0.0, dark), (0.68, 1.0, bright)):
            at = middle + shift * to_sun * size[:, None]
            rim = at[:, None] + RIM * (inner * size)[:, None, None]
            outline = cv2.convexHull(rim.reshape(-1, 2).astype(np.float32))[:, 0]
            self.flat(outline, np.asarray(colour) * shade, depth)


def place(points: np.ndarray, pose: Pose) -> np.ndarray:
    """Return a thing's points (k, 3), left, up, forward in metres, where its pose puts them."""
    c, s = np.cos(pose.yaw), np.sin(pose.yaw)
    left, up, ahead = np.asarray(points, float).T
    return np.stack([pose.x - left * c + ahead * s, up, pose.z + left * s + ahead * c], 1)


def patch(quad: np.ndarray, u: tuple[float, float], v: tuple[float, float]) -> np.ndarray:
    """Return a part of a four-sided face (4, 3): u along its first side, v along its last."""
    a, b, c, d = quad
    t, s = np.array(u)[[0, 1, 1, 0], None], np.array(v)[[0, 0, 1, 1], None]
    return (1 - s) * ((1 - t) * a + t * b) + s * ((1 - t) * d + t * c)


def normal_of(face: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return the unit vector (3,) at a right angle to a face that points away from ``inside``."""
    across = np.cross(face[1] - face[0], face[2] - face[0])
    across = across / max(float(np.linalg.norm(across)), 1e-9)
    return across if across @ (face.mean(0) - inside) > 0 else -across


# ------------------------------------------------------------------ cars


def car(sheet: Sheet, rng: np.random.Generator, pose: Pose) -> None:
    """Paint a car: its shape, colour and lamps follow from ``rng``."""
    half, belt, roof, cabin = SHAPES[str(rng.choice(list(SHAPES)))]
    paint = np.array(PAINTS[rng.integers(len(PAINTS))]) * np.exp(rng.normal(0, 0.08))
    beams = rng.random() < 0.4
    nose = half - cabin[0]  # a short nose falls off faster
    edge = (half - 0.08, 0.84) if nose < 0.9 else (half - 0.14, 0.76)
    outline = [(half - 0.06, 0.26), (half, 0.58), edge, (cabin[0], belt), (cabin[3], belt)]
    outline += [(0.1 - half, belt - 0.04), (-half, 0.62), (0.06 - half, 0.28)]
    lower = np.array([(0.88 if y < belt - 0.02 else 0.84, y, z) for z, y in outline])
    foot, top = (0.82, belt), (0.64, roof)
    levels = (foot, top, (top[0], roof + 0.02), foot)
    upper = np.array([(w, y, z) for z, (w, y) in zip(cabin, levels, strict=True)])
    wheels = (half * 0.64, -half * 0.62)
    _wheels(sheet, pose, wheels, near=False)
    _floor(sheet, pose, half)
    _body(sheet, pose, lower, paint, (beams, wheels))
    _cabin(sheet, pose, upper, paint, closed=roof > 1.9)
    _wheels(sheet, pose, wheels, near=True)


def _shell(profile: np.ndarray, pose: Pose) -> tuple[np.ndarray, np.ndarray]:
    """Return both sides (2, k, 3), left and right, of a profile (k, 3), and the middle of all."""
    sides = np.stack([place(profile * (sign, 1, 1), pose) for sign in (1, -1)])
    return sides, sides.reshape(-1, 3).mean(0)


def _visible(sheet: Sheet, face: np.ndarray, normal: np.ndarray) -> bool:
    return float(normal @ (np.array([0, sheet.view.eye, 0]) - face.mean(0))) > 0


def _floor(sheet: Sheet, pose: Pose, half: float) -> None:
    """Paint the dark underside, which hides the road between the wheels."""
    corners = [(0.78, 0.2, half - 0.25), (-0.78, 0.2, half - 0.25)]
    corners += [(x, y, -z) for x, y, z in corners[::-1]]
    under = place(np.array(corners), pose)
    sheet.face(under, (0.06, 0.06, 0.07))
    for a, b in zip(under, np.roll(under, 1, 0), strict=True):
        sheet.face(np.array([a, b, b + [0, 0.12, 0], a + [0, 0.12, 0]]), (0.07, 0.07, 0.08))


def _body(sheet: Sheet, pose: Pose, profile: np.ndarray, paint: np.ndarray, more: tuple) -> None:
    """Paint the lower body: bonnet, boot, front, back and the sides with wheel arches."""
    beams, wheels = more
    (left, right), middle = _shell(profile, pose)
    for k in range(len(profile) - 1):
        face = np.array([left[k], right[k], right[k + 1], left[k + 1]])
        normal = normal_of(face, middle)
        if _visible(sheet, face, normal):
            sheet.face(face, paint * sheet.lit(normal))
            for u, v, colour in _details(k, beams):
                sheet.face(patch(face, u, v), colour)
    for side, sign in ((left, 1), (right, -1)):
        normal = normal_of(side[[0, 3, 4]], middle)
        if _visible(sheet, side, normal):
            _side(sheet, pose, profile * (sign, 1, 1), paint * sheet.lit(normal), wheels)


def _details(k: int, beams: bool) -> tuple:
    """Return what is on a face of the lower body: where along it, where up it, and its colour."""
    glow = (1.0, 0.98, 0.88) if beams else (0.80, 0.84, 0.88)
    black, plate, frame = (0.10, 0.10, 0.11), (0.90, 0.90, 0.86), (0.16, 0.17, 0.19)
    red, pale = (0.70, 0.06, 0.06), (0.95, 0.45, 0.35)
    details = {
        0: (  # the front's bumper, an opening, the plate
            ((0.03, 0.97), (0.0, 0.45), black),
            ((0.22, 0.78), (0.62, 0.98), (0.09, 0.09, 0.10)),
            ((0.37, 0.63), (0.50, 0.80), plate),
        ),
        1: (  # headlamps and the grille
            *(((0.02, 0.24), (0.05, 0.92), frame), ((0.05, 0.21), (0.18, 0.80), glow)),
            *(((0.76, 0.98), (0.05, 0.92), frame), ((0.79, 0.95), (0.18, 0.80), glow)),
            ((0.28, 0.72), (0.1, 0.7), (0.12, 0.12, 0.13)),
        ),
        5: (  # tail lamps and the plate
            *(((0.02, 0.20), (0.12, 0.92), red), ((0.02, 0.20), (0.62, 0.82), pale)),
            *(((0.80, 0.98), (0.12, 0.92), red), ((0.80, 0.98), (0.62, 0.82), pale)),
            ((0.36, 0.64), (0.45, 0.85), plate),
        ),
        6: (((0.03, 0.97), (0.55, 1.0), black),),  # the back's bumper
    }
    return details.get(k, ())


def _side(sheet: Sheet, pose: Pose, profile: np.ndarray, paint: np.ndarray, wheels: tuple) -> None:
    """Paint a flank: a bright shoulder, a dark sill, doors, handles and wheel arches."""
    sheet.face(place(profile, pose), paint)
    x, belt = profile[0, 0] * 1.001, profile[3, 1]
    back, front = profile[:, 2].min(), profile[:, 2].max()

    def strip(low: float, high: float, start: float, end: float, colour: object) -> None:
        corners = [(x, low, start), (x, low, end), (x, high, end), (x, high, start)]
        sheet.face(place(np.array(corners), pose), colour)

    strip(0.26, 0.38, back + 0.1, front - 0.1, paint * 0.45)
    strip(0.38, 0.55, back + 0.04, front - 0.04, paint * 0.84)
    strip(belt - 0.17, belt - 0.11, back + 0.25, profile[3, 2] + 0.1, paint * 1.18 + 0.02)
    for z in (0.62, -0.32):
        strip(0.36, belt, z - 0.018, z + 0.018, paint * 0.55)
        strip(belt - 0.26, belt - 0.22, z - 0.30, z - 0.10, paint * 0.5)
    for z in wheels:
        rim = np.column_stack([np.full(16, x), 0.34 + 0.42 * RIM[:, 1], z + 0.42 * RIM[:, 0]])
        rim[:, 1] = np.maximum(rim[:, 1], 0.24)
        sheet.face(place(rim, pose), (0.05, 0.05, 0.06))


def _cabin(sheet: Sheet, pose: Pose, profile: np.ndarray, paint: np.ndarray, closed: bool) -> None:
    """Paint roof, panes and pillars; a closed van has panes in front only."""
    (left, right), middle = _shell(profile, pose)
    glass = 0.16 + 0.10 * sheet.haze
    for k in (2, 0, 1):
        face = np.array([left[k], right[k], right[k + 1], left[k + 1]])
        normal = normal_of(face, middle)
        if _visible(sheet, face, normal):
            sheet.face(face, paint * sheet.lit(normal))
            if k != 1 and not (closed and k == 2):
                v = (0.06, 0.9) if k == 0 else (0.1, 0.92)
                _pane(sheet, patch(face, (0.06, 0.94), v), glass)
    for side in (left, right):
        normal = normal_of(side[:3], middle)
        if not _visible(sheet, side, normal):
            continue
        face = side[[0, 3, 2, 1]]  # along the belt line, then up
        sheet.face(face, paint * sheet.lit(normal))
        for u in ((0.07, 0.40),) if closed else ((0.07, 0.46), (0.51, 0.92)):
            _pane(sheet, patch(face, u, (0.08, 0.84)), glass * 0.9)


def _pane(sheet: Sheet, face: np.ndarray, glass: np.ndarray) -> None:
    """Paint a window with the sky in its upper part."""
    sheet.face(face, glass)
    sheet.face(patch(face, (0.0, 1.0), (0.55, 1.0)), glass + 0.10)
    sheet.face(patch(face, (0.55, 0.72), (0.0, 1.0)), glass + 0.16)


def _wheels(sheet: Sheet, pose: Pose, at: tuple, *, near: bool) -> None:
    """Paint the wheels of the near side, or of the far one."""
    for sign in (1, -1):
        hub = place(np.array([[sign * 0.86, 0.33, 0], [sign * 0.5, 0.33, 0]]), pose)
        normal = (hub[0] - hub[1]) / np.linalg.norm(hub[0] - hub[1])
        if _visible(sheet, hub[:1], normal) != near:
            continue
        for z in at:
            wheel(sheet, pose, (z, 0.33), [sign * 0.66, sign * 0.885], (0.62, 0.63, 0.65))


def wheel(sheet: Sheet, pose: Pose, hub: tuple, across: list[float], metal: Colour) -> None:
    """Paint a wheel whose hub is at z, y; it reaches across from one x to the outer one."""

    def ring(x: float, radius: float) -> np.ndarray:
        round_ = [np.full(16, x), hub[1] + radius * RIM[:, 1], hub[0] + radius * RIM[:, 0]]
        return place(np.column_stack(round_), pose)

    outer = np.concatenate([ring(x, hub[1]) for x in across])
    outline = cv2.convexHull(sheet.view.project(outer).astype(np.float32))[:, 0]
    depth = float(outer[:, 2].mean())
    sheet.flat(outline, (0.07, 0.07, 0.08), depth)
    for share, tone in ((0.66, 0.75), (0.56, 1.0), (0.2, 0.45)):
        sheet.face(ring(across[1] * 1.002, hub[1] * share), np.array(metal) * tone)


# ------------------------------------------------------------------ people and motorcycles


class Part(NamedTuple):
    """Balls in the thing's own axes, whose hull is painted at once."""

    points: np.ndarray  # (k, 3)
    radii: np.ndarray  # (k,)
    colour: object
    front: float = 0.0  # metres by which it counts as nearer than it is


def _part(*balls: tuple, colour: object, front: float = 0.0) -> Part:
    """Return a part of balls (x, y, z, radius)."""
    table = np.array(balls, float)
    return Part(table[:, :3], table[:, 3], colour, front)


def paint_parts(sheet: Sheet, parts: list[Part], pose: Pose) -> None:
    """Paint parts from the farthest to the nearest."""
    put = [(part, place(part.points, pose)) for part in parts]
    for part, points in sorted(put, key=lambda pair: pair[0].front - pair[1][:, 2].mean()):
        sheet.ball(points, part.radii, part.colour)


def walker(sheet: Sheet, rng: np.random.Generator, pose: Pose, stride: float) -> None:
    """Paint somebody on foot; ``stride``, in radians, is how far the walk has gone."""
    body = bodies.look(int(rng.integers(2**31)))
    joints = bodies.skeleton(rng, body.build)
    other = joints.reshape(-1, 3)[[*_SWAP, 12, 13]] * (-1, 1, 1)  # the same pose, a step later
    share = 0.5 + 0.5 * np.cos(stride)
    joints = (share * joints + (1 - share) * other) * 1.74 * body.height
    paint_parts(sheet, _person(joints, body), pose)


_SWAP = [side + 1 - 2 * (side % 2) for side in range(12)]
_BONES = (  # the joint where it begins, two before that where it ends, the radius at either
    *((0, 0.036, 0.028), (1, 0.036, 0.028), (2, 0.028, 0.021), (3, 0.028, 0.021)),  # arms
    *((6, 0.056, 0.040), (7, 0.056, 0.040), (8, 0.040, 0.026), (9, 0.040, 0.026)),  # legs
)


def _person(joints: np.ndarray, body: bodies.Look, helmet: Colour | None = None) -> list[Part]:
    """Return the parts of a person whose joints, (14, 3) in metres, are given."""
    tall, wide = 1.74 * body.height, 1.74 * body.height * body.build**0.7
    skin, top = body.skin, body.top
    jeans = 0.55 * np.mean(body.legs) * np.array([0.78, 0.80, 0.90])
    legs = 0.45 * np.array(body.legs) + jeans
    trunk = joints[[0, 1, 6, 7, 13]].copy()  # shoulders, hips and the root of the neck
    trunk[:2] += 0.10 * (trunk[[1, 0]] - trunk[:2]) + 0.12 * (joints[[6, 7]] - trunk[:2])
    parts = [
        Part(trunk, np.array([0.040, 0.040, 0.050, 0.050, 0.048]) * wide, top),
        Part(joints[[6, 7]], np.full(2, 0.058) * wide, legs, -0.01),
    ]
    if body.pattern in ("bands", "stripes"):
        band = 0.5 * (joints[[0, 1]] + joints[[6, 7]])
        parts.append(Part(band, np.full(2, 0.052) * wide, body.second, 0.02))
    for a, *radii in _BONES:
        bare = (a >= 8 and body.trousers < 1) or (a in (2, 3) and body.sleeves < 1)
        cloth = skin if bare and helmet is None else legs if a >= 6 else top
        parts.append(Part(joints[[a, a + 2]], np.array(radii) * wide, cloth))
    for k in (4, 5):
        parts.append(Part(joints[[k]], np.array([0.026]) * tall, skin, 0.03))
    for k in (10, 11):
        toe = joints[k] + [0, -0.015 * tall, 0.075 * tall]
        parts.append(Part(np.array([joints[k], toe]), np.array([0.027, 0.021]) * tall, body.shoes))
    return parts + _head(joints, body, tall, helmet)


def _head(joints: np.ndarray, body: bodies.Look, tall: float, helmet: Colour | None) -> list[Part]:
    """Return neck, head and hair, or a helmet with its visor, and a bag on the back."""
    crown, neck = joints[12], joints[13]
    up = (crown - neck) / max(float(np.linalg.norm(crown - neck)), 1e-6)
    middle, ahead, r = crown - up * 0.062 * tall, np.array([0, 0, 1.0]), 0.058 * tall
    parts = [Part(np.array([neck, middle]), np.array([0.028, 0.028]) * tall, body.skin)]
    if helmet is not None:
        visor = np.array([middle + ahead * r * 0.7 - [0.03, 0, 0], middle + ahead * r * 0.7])
        dark = Part(visor, np.full(2, r * 0.72), (0.10, 0.11, 0.13))
        return [*parts, Part(middle[None], np.array([r * 1.35]), helmet), dark]
    parts.append(Part(np.array([middle, middle - up * r * 0.5]), np.array([r, r * 0.8]), body.skin))
    for x in (-0.36, 0.36):
        eye = middle - up * r * 0.15 + ahead * r * 0.92 + [x * r, 0, 0]
        parts.append(Part(eye[None], np.array([0.11 * r]), (0.12, 0.10, 0.10), 0.01))
    hair = [middle + up * r * 0.35 - ahead * r * 0.45]
    if body.long_hair:
        hair.append(middle - up * r * 1.1 - ahead * r * 0.75)
    parts.append(Part(np.array(hair), np.full(len(hair), r * 0.95), body.hair))
    if body.bag is not None:
        back = joints[[0, 1, 6, 7]].mean(0) - ahead * 0.10 * tall
        span = np.array([[0, 0.06, 0], [0, -0.07, 0]]) * tall
        parts.append(Part(back + span, np.array([0.055, 0.062]) * tall, body.bag))
    return parts


def motorcycle(sheet: Sheet, rng: np.random.Generator, pose: Pose) -> None:
    """Paint a motorcycle with its rider; build, colours and clothes follow from ``rng``."""
    paint = np.array(PAINTS[rng.integers(len(PAINTS))]) * np.exp(rng.normal(0, 0.1))
    body = bodies.look(int(rng.integers(2**31)))
    helmet = PAINTS[rng.integers(len(PAINTS))]
    lean = rng.uniform(0.05, 0.35)  # how far the rider leans forward, metres at the shoulder
    # where it looks away, its front is the farther end
    far, near = (0.72, -0.70) if np.cos(pose.yaw) > 0 else (-0.70, 0.72)
    side, metal = [-0.07, 0.07] if np.sin(pose.yaw) < 0 else [0.07, -0.07], (0.40, 0.41, 0.43)
    wheel(sheet, pose, (far, 0.32), side, metal)
    parts = _machine(paint, fairing=rng.random() < 0.5) + _person(_seated(lean), body, helmet)
    paint_parts(sheet, [part for part in parts if _beyond(part, near)], pose)
    wheel(sheet, pose, (near, 0.32), side, metal)
    paint_parts(sheet, [part for part in parts if not _beyond(part, near)], pose)


def _beyond(part: Part, near: float) -> bool:
    """Tell whether a part lies behind the nearer wheel: all but what is over that wheel."""
    z, y = part.points[:, 2].mean(), part.points[:, 1].mean()
    return not (z * near > 0.22 and y > 0.3)


def _machine(paint: np.ndarray, *, fairing: bool) -> list[Part]:
    """Return engine, tank, seat, fork, bars, exhaust, mudguards and lamps."""
    steel, black = (0.55, 0.56, 0.58), (0.10, 0.10, 0.11)
    parts = [
        _part((0, 0.45, 0.12, 0.18), (0, 0.42, -0.18, 0.17), colour=(0.24, 0.24, 0.26)),
        _part((0, 0.84, 0.26, 0.13), (0, 0.80, -0.08, 0.12), colour=paint, front=0.02),
        _part((0, 0.76, -0.15, 0.10), (0, 0.84, -0.72, 0.08), colour=black),
        _part((0, 0.62, -0.30, 0.10), (0, 0.76, -0.70, 0.06), colour=paint),
        _part((-0.15, 0.34, 0.0, 0.05), (-0.17, 0.42, -0.85, 0.065), colour=steel),
        _part((0.09, 0.32, -0.70, 0.045), (0.09, 0.42, -0.15, 0.05), colour=steel),
        _part((0.36, 1.04, 0.36, 0.028), (-0.36, 1.04, 0.36, 0.028), colour=black),
        _part((0, 0.68, 0.62, 0.06), (0, 0.66, 0.84, 0.05), colour=paint),
        _part((0, 0.70, -0.80, 0.05), (0, 0.66, -0.90, 0.04), colour=paint),
        _part((0, 0.76, -0.84, 0.06), colour=(0.85, 0.08, 0.06), front=0.02),
        _part((0, 0.90, 0.55, 0.11), colour=(1.3, 1.28, 1.15), front=0.02),
    ]
    for x in (0.09, -0.09):
        parts.append(_part((x, 0.32, 0.72, 0.035), (x, 0.98, 0.42, 0.035), colour=steel))
        parts.append(_part((x * 3.6, 1.18, 0.36, 0.055), colour=black))
    if fairing:
        shape = ((0, 1.02, 0.46, 0.15), (0, 0.76, 0.42, 0.17), (0, 0.52, 0.30, 0.15))
        parts.append(_part(*shape, colour=paint))
    return parts


def _seated(lean: float) -> np.ndarray:
    """Return the joints, (14, 3) in metres, of a rider who holds the bars."""
    joints = np.zeros((14, 3))
    arm = (0.21, 1.42, -0.22 + lean), (0.34, 1.18, 0.00 + lean * 0.6), (0.33, 1.06, 0.32)
    leg = (0.12, 0.90, -0.30), (0.24, 0.80, 0.14), (0.21, 0.42, -0.08)
    for side, sign in ((0, 1), (1, -1)):
        joints[side:12:2] = np.array([*arm, *leg]) * (sign, 1, 1)
    joints[13] = (0, 1.50, -0.20 + lean)
    joints[12] = (0, 1.78, -0.12 + lean * 1.15)
    return joints

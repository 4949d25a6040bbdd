"""Drawn people: whole bodies in scenes, with their joints and masks, and crops of single people.

A body is a skeleton in three dimensions that stands, walks, runs, waves, jumps or crouches, is
turned about its own axis and seen from far away; around its bones lie rounded parts that are
painted from the farthest to the nearest. So the true place of every joint is known, and also
whether something covers it. What stays the same in all pictures of a person (clothes, build,
hair, bag) follows from a number, the identity.

Examples
--------
>>> drawn = scenes(2, 96, 128, people=(1, 3), seed=0)
>>> drawn.images.shape, drawn.masks.shape, drawn.joints[0].shape[1:]
((2, 96, 128, 3), (2, 96, 128), (14, 3))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

JOINTS = (
    "left shoulder",
    "right shoulder",
    "left elbow",
    "right elbow",
    "left wrist",
    "right wrist",
    "left hip",
    "right hip",
    "left knee",
    "right knee",
    "left ankle",
    "right ankle",
    "head",
    "neck",
)
"""The joints in CrowdPose's order; left and right are those of the person."""

FINE = 2  # drawn at this many times the size, then shrunk: smooth edges
HIDDEN = 0.35  # a person of whom less than this share would be seen is placed anew
CAMERAS = 3


@dataclass(frozen=True, eq=False)
class Scenes:
    """Pictures of several people; what belongs to one person has the same place in all lists.

    Parameters
    ----------
    images : np.ndarray
        (n, height, width, 3) uint8.
    joints : list of np.ndarray
        One array a picture, (people, 14, 3) float32: x and y in pixels (0 is the middle of the
        first pixel) and the visibility: 2 seen, 1 covered by somebody or by the own body, 0
        outside the picture (x and y are 0 then).
    masks : np.ndarray
        (n, height, width) uint8: 0 background, k + 1 the seen pixels of person k.
    identities : list of np.ndarray
        One array a picture, (people,) int64.
    """

    images: np.ndarray
    joints: list[np.ndarray]
    masks: np.ndarray
    identities: list[np.ndarray]


@dataclass(frozen=True, eq=False)
class Crops:
    """Pictures of single people, as a detector cuts them out.

    Parameters
    ----------
    images : np.ndarray
        (n, height, width, 3) uint8.
    identity : np.ndarray
        (n,) int64, the number of the person.
    camera : np.ndarray
        (n,) int64, which camera took it: its tint and exposure are in all its pictures.
    joints : np.ndarray
        (n, 14, 3) float32 as in `Scenes`.
    """

    images: np.ndarray
    identity: np.ndarray
    camera: np.ndarray
    joints: np.ndarray


@dataclass(frozen=True)
class Look:
    """What stays the same in all pictures of a person; colours are RGB in [0, 1]."""

    height: float
    build: float
    skin: tuple[float, float, float]
    hair: tuple[float, float, float]
    long_hair: bool
    top: tuple[float, float, float]
    second: tuple[float, float, float]
    pattern: str  # plain, bands, stripes, vest
    sleeves: float  # share of the arm that is covered
    legs: tuple[float, float, float]
    trousers: float  # share of the leg that is covered
    shoes: tuple[float, float, float]
    bag: tuple[float, float, float] | None


SKINS = ((0.86, 0.69, 0.60), (0.80, 0.62, 0.51), (0.68, 0.49, 0.38), (0.47, 0.32, 0.24))
HAIRS = ((0.10, 0.08, 0.07), (0.24, 0.16, 0.10), (0.55, 0.41, 0.24), (0.62, 0.61, 0.59))
CLOTH = (
    (0.86, 0.86, 0.84),
    (0.16, 0.17, 0.20),
    (0.48, 0.50, 0.53),
    (0.14, 0.24, 0.50),
    (0.35, 0.58, 0.80),
    (0.70, 0.16, 0.18),
    (0.90, 0.55, 0.16),
    (0.90, 0.80, 0.28),
    (0.18, 0.44, 0.28),
    (0.50, 0.30, 0.58),
    (0.80, 0.50, 0.62),
    (0.52, 0.38, 0.26),
)


def look(identity: int) -> Look:
    """Return how a person looks; the same number gives the same person."""
    rng = np.random.default_rng([20240512, int(identity)])
    top, second, legs, shoes, bag = (_cloth(rng) for _ in range(5))
    return Look(
        height=float(rng.normal(1, 0.05)),
        build=float(np.clip(rng.normal(1, 0.14), 0.75, 1.4)),
        skin=SKINS[rng.integers(len(SKINS))],
        hair=HAIRS[rng.integers(len(HAIRS))],
        long_hair=bool(rng.random() < 0.4),
        top=top,
        second=second,
        pattern=str(rng.choice(["plain", "plain", "bands", "stripes", "vest"])),
        sleeves=float(rng.choice([0.5, 1.0, 1.0])),
        legs=legs,
        trousers=float(rng.choice([0.45, 1.0, 1.0])),
        shoes=shoes,
        bag=bag if rng.random() < 0.3 else None,
    )


def _cloth(rng: np.random.Generator) -> tuple[float, float, float]:
    tone = np.array(CLOTH[rng.integers(len(CLOTH))]) * np.exp(rng.normal(0, 0.12))
    return tuple(np.clip(tone + rng.normal(0, 0.025, 3), 0.05, 0.95).tolist())


# ------------------------------------------------------------------ the skeleton

# shares of the body's height; joints by their place in JOINTS
_HIP, _NECK, _TOP = 0.52, 0.835, 0.995
_ARM, _FOREARM, _THIGH, _SHANK = 0.165, 0.150, 0.235, 0.240


def skeleton(rng: np.random.Generator, build: float = 1.0, calm: float = 1.0) -> np.ndarray:
    """Return the joints of a body in some pose.

    Parameters
    ----------
    rng : np.random.Generator
        Chooses the pose.
    build : float
        Breadth of shoulders and hips.
    calm : float
        Probability of standing or walking; otherwise running, waving, jumping or crouching.

    Returns
    -------
    np.ndarray
        (14, 3) float64: to the person's left, up, and forward, in body heights above the ground.
    """
    pose = _pose(rng, calm)
    lean = np.radians(pose["lean"])
    spine = np.array([np.sin(lean[1]), np.cos(lean[0]) * np.cos(lean[1]), np.sin(lean[0])])
    spine = spine / np.linalg.norm(spine)
    joints = np.zeros((14, 3))
    for side, sign in ((0, 1), (1, -1)):  # left, right
        hip = np.array([sign * 0.068 * build, _HIP, 0])
        shoulder = hip * [0, 1, 1] + spine * 0.285 + [sign * 0.112 * build, 0, 0]
        arm, leg = pose["arms"][side], pose["legs"][side]
        elbow = shoulder + _ARM * _direction(arm[0], arm[1], sign)
        wrist = elbow + _FOREARM * _direction(arm[0] + arm[2], arm[1] + arm[3], sign)
        knee = hip + _THIGH * _direction(leg[0], leg[1], sign)
        ankle = knee + _SHANK * _direction(leg[0] - leg[2], leg[1] * 0.6, sign)
        joints[side:12:2] = shoulder, elbow, wrist, hip, knee, ankle
    neck = np.array([0, _HIP, 0]) + spine * (_NECK - _HIP)
    nod = np.radians(pose["nod"])
    joints[13] = neck
    joints[12] = neck + (_TOP - _NECK) * np.array([np.sin(nod[1]), np.cos(nod[0]), np.sin(nod[0])])
    joints[:, 1] -= joints[10:12, 1].min() - 0.045 - pose["lift"]
    return joints


def _direction(flexion: float, abduction: float, sign: int) -> np.ndarray:
    """Return where a limb that hangs down points after it is swung forward and sideways."""
    f, a = np.radians((flexion, abduction))
    return np.array([sign * np.sin(a), -np.cos(a) * np.cos(f), np.cos(a) * np.sin(f)])


def _pose(rng: np.random.Generator, calm: float) -> dict[str, object]:
    """Choose angles in degrees: arms (flexion, abduction, elbow, turn out), legs, lean, nod."""
    kinds = ("stand", "walk") if rng.random() < calm else ("run", "wave", "jump", "crouch", "up")
    kind = str(rng.choice(kinds))
    swing = rng.uniform(-1, 1)
    arms = np.array([[0, 8, 12, 0], [0, 8, 12, 0]], float)
    legs = np.array([[0, 5, 4], [0, 5, 4]], float)
    lean, nod, lift = np.zeros(2), np.zeros(2), 0.0
    opposite = np.array([swing, -swing])
    if kind in ("walk", "run"):
        far = 28 if kind == "walk" else 46
        legs[:, 0] += opposite * far
        legs[:, 2] += np.where(opposite < 0, 30, 8) * (far / 28)
        arms[:, 0] -= opposite * far * 1.1
        arms[:, 2] += 15 if kind == "walk" else 70
        lean[0] = 3 if kind == "walk" else 14
    elif kind == "wave":
        arms[rng.integers(2)] = (0, rng.uniform(70, 120), 10, rng.uniform(20, 80))
    elif kind == "up":
        arms[:, 1] = rng.uniform(110, 165, 2)
        arms[:, 3] = rng.uniform(-20, 30, 2)
    elif kind == "jump":
        arms[:, 1], legs[:, 1] = rng.uniform(60, 140, 2), rng.uniform(14, 38, 2)
        legs[:, 2], lift = rng.uniform(0, 40, 2), rng.uniform(0, 0.1)
    elif kind == "crouch":
        depth = rng.uniform(0.4, 1)
        legs += np.array([85, 12, 120]) * depth
        arms += np.array([45, 5, 30, 0]) * depth
        lean[0] = 30 * depth
    arms += rng.normal(0, [14, 7, 9, 5], (2, 4))
    arms[:, 2] = np.clip(arms[:, 2] + np.abs(rng.normal(0, 18, 2)), 0, 140)
    legs += rng.normal(0, [5, 2.5, 4], (2, 3))
    legs[:, 2] = np.clip(legs[:, 2], 0, 150)
    lean, nod = lean + rng.normal(0, 3.5, 2), nod + rng.normal(0, 9, 2)
    return {"arms": arms, "legs": legs, "lean": lean, "nod": nod, "lift": lift}


# ------------------------------------------------------------------ painting

# which parts may be seen where a joint is: otherwise it is covered by the own body
_TORSO, _HEAD, _HAIR, _BAG, _NECK_PART = 0, 1, 2, 3, 4
_LIMBS = {  # part: (joint, joint, radius there, radius here)
    5: (0, 2, 0.036, 0.029),
    6: (1, 3, 0.036, 0.029),
    7: (2, 4, 0.028, 0.021),
    8: (3, 5, 0.028, 0.021),
    9: (6, 8, 0.056, 0.039),
    10: (7, 9, 0.056, 0.039),
    11: (8, 10, 0.039, 0.025),
    12: (9, 11, 0.039, 0.025),
}
_HANDS = {13: (4, 7), 14: (5, 8)}
_FEET = {15: (10, 11), 16: (11, 12)}
_AT_JOINT = (
    {0, 5},
    {0, 6},
    {5, 7},
    {6, 8},
    {7, 13},
    {8, 14},
    {0, 9},
    {0, 10},
    {9, 11},
    {10, 12},
    {11, 15},
    {12, 16},
    {1, 2},
    {0, 1, 2, 4},
)


class _Canvas:
    """A picture in fine pixels, and whose which part was painted last on each of them."""

    def __init__(self, backdrop: np.ndarray, light: tuple[float, float]) -> None:
        self.pixels = backdrop
        self.owner = np.full(backdrop.shape[:2], -1, np.int32)
        self.light = light

    def part(self, circles: np.ndarray, colours: object, label: int) -> None:
        """Paint the hull of circles (k, 3): x, y, radius; lit from one side."""
        turn = np.linspace(0, 2 * np.pi, 17)[:-1]
        rim = np.stack([np.cos(turn), np.sin(turn)], 1)
        points = (circles[:, None, :2] + circles[:, None, 2:] * rim).reshape(-1, 2)
        height, width = self.owner.shape
        low = np.clip(np.floor(points.min(0)).astype(int) - 1, 0, (width, height))
        high = np.clip(np.ceil(points.max(0)).astype(int) + 2, 0, (width, height))
        if np.any(high <= low):
            return
        hull = cv2.convexHull(np.round((points - low) * 16).astype(np.int32))
        inside = np.zeros((high - low)[::-1], np.uint8)
        cv2.fillConvexPoly(inside, hull, 1, cv2.LINE_8, 4)
        rows, columns = slice(low[1], high[1]), slice(low[0], high[0])
        y, x = np.mgrid[rows, columns]
        middle, radius = circles[:, :2].mean(0), circles[:, 2].max()
        across = (x - middle[0]) * self.light[0] + (y - middle[1]) * self.light[1] * 0.3
        shade = 1 + 0.2 * np.clip(across / (1.5 * radius), -1, 1)[..., None]
        tone = colours(x, y) if callable(colours) else np.asarray(colours)
        chosen = inside > 0
        self.pixels[rows, columns][chosen] = (shade * tone)[chosen]
        self.owner[rows, columns][chosen] = label


def _paint(canvas: _Canvas, body: Look, at: np.ndarray, size: float, yaw: float, who: int) -> None:
    """Paint a body; ``at`` (14, 3) holds x, y in fine pixels and the depth (nearer is larger)."""
    wide = body.build**0.7 * size
    parts: list[tuple[float, np.ndarray, object, int]] = []
    torso = np.column_stack([at[[0, 1, 6, 7], :2], [0.042 * wide] * 2 + [0.050 * wide] * 2])
    torso[:2, 1] += 0.020 * size
    torso[2:, :2] += (at[13, :2] - at[[6, 7], :2]) * 0.12
    parts.append((at[[0, 1, 6, 7], 2].mean(), torso, _cloth_of(body, at), _TORSO))
    hips = np.column_stack([at[[6, 7], :2], [0.056 * wide] * 2])
    parts.append((at[[6, 7], 2].mean() - 1e-3, hips, body.legs, _TORSO))
    for label, (a, b, first, second) in _LIMBS.items():
        circles = np.column_stack([at[[a, b], :2], [first * wide, second * wide]])
        depth = at[[a, b], 2].mean() + (-0.01 * size if label >= 9 else 0.012 * size)
        parts += _clothed(body, circles, depth, label)
    for label, (joint, limb) in _HANDS.items():
        start = at[_LIMBS[limb][0], :2]
        away = (at[joint, :2] - start) * 0.2
        hand = np.column_stack([[at[joint, :2], at[joint, :2] + away], [0.021 * size] * 2])
        parts.append((at[joint, 2] + 0.02 * size, hand, body.skin, label))
    toe = 0.06 * size * np.array([np.sin(yaw), 0.22])
    for label, (joint, _) in _FEET.items():
        heel = at[joint, :2] + [0, 0.012 * size]
        foot = np.column_stack([[heel, heel + toe], [0.026 * size, 0.020 * size]])
        parts.append((at[joint, 2] + 0.015 * size * np.cos(yaw), foot, body.shoes, label))
    parts += _head_and_bag(body, at, size, yaw)
    for _, circles, colour, label in sorted(parts, key=lambda part: part[0]):
        canvas.part(circles, colour, 32 * who + label)


def _clothed(
    body: Look, circles: np.ndarray, depth: float, label: int
) -> list[tuple[float, np.ndarray, object, int]]:
    """Return a limb in skin with the cloth over its covered share."""
    leg, lower = label >= 9, label in (7, 8, 11, 12)
    share = (body.trousers if leg else body.sleeves) * 2 - (1 if lower else 0)
    if body.pattern == "vest" and not leg:
        share = 0.0 if lower else 0.3
    colour = body.legs if leg else body.top
    limb = [(depth, circles, colour if share >= 1 else body.skin, label)]
    if 0 < share < 1:
        end = circles[0] + (circles[1] - circles[0]) * share
        sleeve = np.stack([circles[0], end]) * [1, 1, 1.12]
        limb.append((depth + 1e-3, sleeve, colour, label))
    return limb


def _cloth_of(body: Look, at: np.ndarray) -> object:
    """Return the colour of the top as a function of the place on it."""
    if body.pattern in ("plain", "vest"):
        return body.top
    origin, end = at[13, :2], at[[6, 7], :2].mean(0)
    along = (end - origin) / max(float(np.sum((end - origin) ** 2)), 1e-6)
    across = np.array([-along[1], along[0]])
    axis = along if body.pattern == "bands" else across
    first, second = np.array(body.top), np.array(body.second)

    def tone(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        place = (x - origin[0]) * axis[0] + (y - origin[1]) * axis[1]
        return np.where((np.floor(place * 7) % 2 == 0)[..., None], first, second)

    return tone


def _head_and_bag(
    body: Look, at: np.ndarray, size: float, yaw: float
) -> list[tuple[float, np.ndarray, object, int]]:
    """Return neck, head, hair and bag; hair and bag lie behind where the face is seen."""
    top, neck = at[12, :2], at[13, :2]
    up = (top - neck) / max(float(np.linalg.norm(top - neck)), 1e-6)
    span, depth = float(np.linalg.norm(top - neck)), at[12:14, 2].mean()
    round_, face = 0.054 * size, np.array([np.sin(yaw), 0]) * 0.02 * size
    head = np.array([[*(neck + up * span * 0.52), round_ * 0.86], [*(top - up * round_), round_]])
    crown = top - up * round_ * 0.95 - face
    hair = np.array(
        [[*crown, round_ * 1.08], [*(crown - up * round_ * 0.25 - face), round_ * 1.02]]
    )
    forward = np.cos(yaw)
    if body.long_hair:
        hair = np.vstack([hair, [*(neck + up * span * 0.22 - 1.6 * face), round_ * 0.78]])
    cap = np.array([[*(top - up * round_ * 0.62 - face * 0.7), round_ * 0.72]])
    stem = np.array([[*neck, 0.027 * size], [*(neck + up * span * 0.4), 0.027 * size]])
    parts = [
        (
            depth + (0.022 if forward > 0 else -0.002) * size,
            stem,
            tuple(0.9 * s for s in body.skin),
            _NECK_PART,
        ),
        (depth + 0.03 * size, head, body.skin, _HEAD),
        (depth + (0.03 - 0.012 * np.sign(forward)) * size, hair, body.hair, _HAIR),
        (depth + 0.033 * size, cap, body.hair, _HAIR),
    ]
    if forward > 0.15:
        level = top - up * span * 0.5 + face * 1.2
        for sign in (-1, 1):
            eye = level + np.array([sign * 0.021 * size * forward, 0])
            dot = np.array([[*eye, 0.0075 * size]])
            parts.append((depth + 0.05 * size, dot, (0.12, 0.1, 0.1), _HEAD))
    if body.bag is not None:
        middle = at[[0, 1, 6, 7], :2].mean(0) - [np.sin(yaw) * 0.075 * size, 0.03 * size]
        ends = np.array([[0, -0.07 * size], [0, 0.06 * size]]) + middle
        bag = np.column_stack([ends, [0.055 * size, 0.062 * size]])
        behind = at[[0, 1, 6, 7], 2].mean() - 0.05 * size * np.sign(forward)
        parts.append((behind, bag, body.bag, _BAG))
    return parts


# ------------------------------------------------------------------ places and cameras


def _backdrop(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Return a street or a room, (height, width, 3) float32: wall, ground, boxes, poles."""
    horizon = int(height * rng.uniform(0.3, 0.7))
    wall, ground = rng.uniform(0.25, 0.85, 3), rng.uniform(0.2, 0.75, 3)
    wall, ground = 0.4 * wall + 0.6 * wall.mean(), 0.35 * ground + 0.65 * ground.mean()
    pixels = np.empty((height, width, 3), np.float32)
    fade = np.linspace(1.12, 0.9, height)[:, None, None]
    pixels[:horizon], pixels[horizon:] = wall, ground
    pixels *= fade
    for _ in range(rng.integers(3, 9)):
        w, h = rng.uniform(0.03, 0.3) * width, rng.uniform(0.08, 0.5) * height
        x, y = rng.uniform(-0.1, 1) * width, horizon - h + rng.uniform(-0.1, 0.2) * height
        colour = np.clip(
            rng.uniform(0.1, 0.9, 3) * 0.35 + rng.uniform(0.05, 0.45) + 0.25 * wall, 0, 1
        )
        corner, far = (int(x), int(y)), (int(x + w), int(y + h))
        cv2.rectangle(pixels, corner, far, colour.tolist(), -1)
    for _ in range(rng.integers(1, 5)):  # poles, branches, railings: as thin as limbs
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        angle, length = rng.normal(np.pi / 2, 0.6), rng.uniform(0.1, 0.5) * height
        end = (int(x + np.cos(angle) * length), int(y + np.sin(angle) * length))
        thick = max(1, int(rng.uniform(0.008, 0.03) * height))
        cv2.line(pixels, (int(x), int(y)), end, rng.uniform(0.1, 0.8, 3).tolist(), thick)
    rough = rng.normal(0, 1, (height // 6 + 2, width // 6 + 2)).astype(np.float32)
    rough = cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(pixels + 0.018 * rough[..., None], 0.02, 0.98)


def _exposed(fine: np.ndarray, tint: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shrink a fine picture and take it with a camera: tint, contrast and noise."""
    height, width = fine.shape[0] // FINE, fine.shape[1] // FINE
    small = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)
    small = small * tint + rng.normal(0, 0.015, (height, width, 1))
    return (np.clip(small, 0, 1) * 255).round().astype(np.uint8)


@dataclass(frozen=True, eq=False)
class _Placed:
    """A body in fine pixels: its joints with depth, its scale and the direction it faces."""

    body: Look
    at: np.ndarray
    size: float
    yaw: float


def _place(
    rng: np.random.Generator, identity: int, calm: float, feet: tuple[float, float], tall: float
) -> _Placed:
    """Turn a body and stand it on a point of the picture (fine pixels)."""
    body = look(identity)
    joints = skeleton(rng, body.build, calm)
    behind = np.pi if rng.random() < 0.3 else 0.0
    yaw = behind + float(np.clip(rng.normal(0, 0.6), -1.4, 1.4))
    size = tall * body.height
    sideways = joints[:, 0] * np.cos(yaw) + joints[:, 2] * np.sin(yaw)
    depth = joints[:, 2] * np.cos(yaw) - joints[:, 0] * np.sin(yaw)
    x, y = feet[0] + size * sideways, feet[1] - size * joints[:, 1]
    return _Placed(body, np.stack([x, y, size * depth], 1), size, yaw)


def _draw(backdrop: np.ndarray, placed: Sequence[_Placed], light: float) -> _Canvas:
    """Paint people, given from the farthest to the nearest, over a backdrop."""
    canvas = _Canvas(backdrop, (np.cos(light), -abs(np.sin(light))))
    for who, one in enumerate(placed):
        _paint(canvas, one.body, one.at, one.size, one.yaw, who)
    return canvas


def _flags(owner: np.ndarray, at: np.ndarray, who: int) -> np.ndarray:
    """Return (14, 3) float32 in picture pixels: x, y and the visibility 0, 1 or 2."""
    height, width = owner.shape
    found = np.zeros((14, 3), np.float32)
    for joint, (x, y) in enumerate(at[:, :2]):
        column, row = int(np.floor(x + 0.5)), int(np.floor(y + 0.5))
        if 0 <= column < width and 0 <= row < height:
            person, part = divmod(int(owner[row, column]), 32)
            seen = person == who and part in _AT_JOINT[joint]
            found[joint] = (x + 0.5) / FINE - 0.5, (y + 0.5) / FINE - 0.5, 2 if seen else 1
    # the last half pixel at the rim is inside the picture in fine pixels only
    found[:, :2] = np.clip(found[:, :2], 0, (width // FINE - 1, height // FINE - 1))
    return found


def scenes(
    count: int,
    height: int,
    width: int,
    people: tuple[int, int] = (1, 3),
    seed: int = 0,
    *,
    tall: tuple[float, float] = (0.45, 0.85),
    calm: float = 0.5,
) -> Scenes:
    """Draw pictures of people with their joints and masks.

    Parameters
    ----------
    count, height, width : int
        How many pictures, and their size.
    people : (int, int)
        Fewest and most people in a picture; 0 is allowed.
    seed : int
        Of poses, places, clothes and backgrounds.
    tall : (float, float)
        Height of a standing person, in picture heights.
    calm : float
        Share of people who stand or walk.

    Returns
    -------
    Scenes
        Person k of a picture is in front of all people before k.
    """
    if not 0 <= people[0] <= people[1]:
        raise ValueError(f"people: expected 0 <= fewest <= most, got {people}")
    rng = np.random.default_rng(seed)
    images = np.empty((count, height, width, 3), np.uint8)
    masks = np.empty((count, height, width), np.uint8)
    joints, identities = [], []
    for i in range(count):
        wanted = int(rng.integers(people[0], people[1] + 1))
        images[i], masks[i], found, who = _scene(rng, height, width, wanted, tall, calm)
        joints.append(found)
        identities.append(who)
    return Scenes(images, joints, masks, identities)


def _scene(
    rng: np.random.Generator,
    height: int,
    width: int,
    wanted: int,
    tall: tuple[float, float],
    calm: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    backdrop = _backdrop(rng, height * FINE, width * FINE)
    light, tint = rng.uniform(0, np.pi), np.exp(rng.normal(0, 0.1) + rng.normal(0, 0.04, 3))
    best, most = None, -1.0
    for _ in range(8):  # until nobody is nearly covered; else the best that was found
        who = rng.integers(0, 2**31, wanted)
        sizes = np.sort(rng.uniform(*tall, wanted))  # nearer is larger and lower
        placed = [
            _stand(rng, int(k), s, height, width, calm) for k, s in zip(who, sizes, strict=True)
        ]
        canvas = _draw(backdrop.copy(), placed, light)
        shares = [_share(canvas, one, k) for k, one in enumerate(placed)]
        worst = min(shares, default=1.0)
        if worst > most:
            best, most = (canvas, placed, who), worst
        if worst >= HIDDEN:
            break
    canvas, placed, who = best
    found = [_flags(canvas.owner, one.at, k) for k, one in enumerate(placed)]
    mask = np.where(canvas.owner < 0, 0, canvas.owner // 32 + 1)[
        FINE // 2 :: FINE, FINE // 2 :: FINE
    ]
    image = _exposed(canvas.pixels, tint, rng)
    joints = np.array(found, np.float32).reshape(-1, 14, 3)
    return image, mask.astype(np.uint8), joints, who.astype(np.int64)


def _stand(
    rng: np.random.Generator, who: int, share: float, height: int, width: int, calm: float
) -> _Placed:
    """Place a person somewhere; one in seven is cut by the picture's edge."""
    reach = 0.16 * share * height / width
    low, high = (-0.02, 1.02) if rng.random() < 1 / 7 else (min(reach, 0.5), max(1 - reach, 0.5))
    x = rng.uniform(low, high) * width * FINE
    ground = min(0.985, 0.72 + 0.3 * share + rng.uniform(-0.08, 0.08))
    if rng.random() < 1 / 7:
        ground += rng.uniform(0, 0.25)
    return _place(rng, who, calm, (x, ground * height * FINE), share * height * FINE)


def _share(canvas: _Canvas, one: _Placed, who: int) -> float:
    """Return how much of a person is seen: 1 for one who stands free and whole."""
    expected = 0.12 * one.size**2
    return min(1.0, float((canvas.owner // 32 == who).sum()) / expected)


def crops(
    identities: Sequence[int] | int,
    shots: int,
    height: int = 128,
    width: int = 64,
    seed: int = 0,
) -> Crops:
    """Draw several pictures of each of some people, taken in turn by three cameras.

    Parameters
    ----------
    identities : sequence of int, or int
        The people by number; an int stands for 0, 1, ... below it.
    shots : int
        Pictures of each. Pose, direction, light, background and framing differ from shot to
        shot; tint and exposure belong to the camera.
    height, width : int
        Of a crop.
    seed : int
        Of everything but the people themselves.
    """
    who = list(range(identities)) if isinstance(identities, int) else [int(k) for k in identities]
    rng = np.random.default_rng(seed)
    tints = np.exp(rng.normal(0, 0.18, (CAMERAS, 1)) + rng.normal(0, 0.10, (CAMERAS, 3)))
    identity = np.repeat(np.array(who, np.int64), shots)
    camera = np.tile(np.arange(shots) % CAMERAS, len(who)).astype(np.int64)
    images = np.empty((len(identity), height, width, 3), np.uint8)
    joints = np.empty((len(identity), 14, 3), np.float32)
    for i, (person, device) in enumerate(zip(identity, camera, strict=True)):
        backdrop = _backdrop(rng, height * FINE, width * FINE)
        feet = (width * FINE * rng.normal(0.5, 0.06), height * FINE * rng.uniform(0.93, 1.0))
        tall = height * FINE * rng.uniform(0.80, 0.93)
        one = _place(rng, int(person), 0.85, feet, tall)
        canvas = _draw(backdrop, [one], rng.uniform(0, np.pi))
        light = tints[device] * np.exp(rng.normal(0, 0.10))
        images[i] = _exposed(canvas.pixels, light, rng)
        joints[i] = _flags(canvas.owner, one.at, 0)
    return Crops(images, identity, camera, joints)

"""Drawn people: whole bodies in scenes, with their joints and masks, and crops of single people.

A body is a skeleton in three dimensions, seen from far away; around its bones lie rounded parts
that are painted from the farthest to the nearest. So the true place of every joint is known, and
also whether something covers it. How a person looks follows from a number, the identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from drawing import camera, palette
from drawing.noise import smooth_noise

_PAIRS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
JOINTS = (*(f"{side} {joint}" for joint in _PAIRS for side in ("left", "right")), "head", "neck")
"""The joints in CrowdPose's order; left and right are those of the person."""

FINE = 2  # drawn at this many times the size, then shrunk: smooth edges
HIDDEN = 0.35  # a person of whom less than this share would be seen is placed again
CALM = 0.5  # the share of people who stand or walk

_TURN = np.linspace(0, 2 * np.pi, 17)[:-1]
RIM = np.stack([np.cos(_TURN), np.sin(_TURN)], 1)  # of a circle, (16, 2)

Colour = tuple[float, float, float]  # r, g, b in [0, 1]


@dataclass(frozen=True, eq=False)
class Scenes:
    """Pictures of several people; what belongs to one person has the same place in all lists."""

    images: np.ndarray  # (n, height, width, 3) uint8
    # One array a picture, (people, 14, 3) float32: x and y in pixels (0 is the middle of the first
    # pixel) and the visibility: 2 seen, 1 covered by somebody or by the own body, 0 outside the
    # picture (x and y are 0 then)
    joints: list[np.ndarray]
    masks: np.ndarray  # (n, height, width) uint8: 0 background, k + 1 the seen pixels of person k


@dataclass(frozen=True)
class Look:
    """What stays the same in all pictures of a person."""

    height: float
    build: float
    skin: Colour
    hair: Colour
    long_hair: bool
    top: Colour
    second: Colour
    pattern: str  # plain, bands, stripes, vest
    sleeves: float  # share of the arm that is covered
    legs: Colour
    trousers: float  # share of the leg that is covered
    shoes: Colour
    bag: Colour | None


def look(identity: int) -> Look:
    """Return how a person looks; the same number gives the same person."""
    rng = np.random.default_rng([20240512, int(identity)])
    top, second, legs, shoes, bag = (palette.cloth(rng) for _ in range(5))
    return Look(
        height=float(rng.normal(1, 0.05)),
        build=float(np.clip(rng.normal(1, 0.14), 0.75, 1.4)),
        skin=palette.SKINS[rng.integers(len(palette.SKINS))],
        hair=palette.HAIRS_OUTDOORS[rng.integers(len(palette.HAIRS_OUTDOORS))],
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


def scenes(
    count: int,
    height: int,
    width: int,
    people: tuple[int, int] = (1, 3),
    seed: int = 0,
    *,
    tall: tuple[float, float] = (0.45, 0.85),
) -> Scenes:
    """Draw pictures of people with their joints and masks.

    ``people`` are the fewest and most in a picture, 0 is allowed; ``tall`` the height of a standing
    person, in picture heights. The seed decides poses, places, clothes and backgrounds. Person k of
    a picture is in front of all people before k.
    """
    fewest, most = people
    if not 0 <= fewest <= most:
        raise ValueError(f"people: expected 0 <= fewest <= most, got {people}")
    rng, shape = np.random.default_rng(seed), (height, width)
    made = [_scene(rng, shape, rng.integers(fewest, most + 1), tall) for _ in range(count)]
    images, masks, joints = zip(*made, strict=True)
    return Scenes(np.stack(images), list(joints), np.stack(masks))


def _scene(
    rng: np.random.Generator, shape: tuple[int, int], wanted: int, tall: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return image, mask and joints of one scene."""
    backdrop = _street(shape[0] * FINE, shape[1] * FINE, rng)
    light, tint = rng.uniform(0, np.pi), np.exp(rng.normal(0, 0.1) + rng.normal(0, 0.04, 3))
    best, most = None, -1.0
    for _ in range(8):  # until nobody is nearly covered; else the best of them
        who = rng.integers(0, 2**31, wanted)
        sizes = np.sort(rng.uniform(*tall, wanted))  # nearer is larger and lower
        placed = [_stand(rng, int(k), s, shape) for k, s in zip(who, sizes, strict=True)]
        pixels, owner = _draw(backdrop, placed, light)
        # 1 for people who stand free and whole
        sizes = enumerate(person.size for person in placed)
        shares = [(owner // 32 == k).sum() / (0.12 * size**2) for k, size in sizes]
        worst = min([1.0, *shares])
        if worst > most:
            best, most = (pixels, owner, placed), worst
        if worst >= HIDDEN:
            break
    pixels, owner, placed = best
    flagged = [_flags(owner, person.at, k) for k, person in enumerate(placed)]
    joints = np.array(flagged, np.float32).reshape(-1, 14, 3)
    owner = owner[FINE // 2 :: FINE, FINE // 2 :: FINE]
    mask = np.where(owner < 0, 0, owner // 32 + 1).astype(np.uint8)
    image = camera.photographed(pixels, shape, tint, 0.015, rng)
    return image, mask, joints


def _street(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Return a street or a room, (height, width, 3) float32: wall, ground, boxes, poles."""
    horizon = int(height * rng.uniform(0.3, 0.7))
    wall, ground = rng.uniform(0.25, 0.85, 3), rng.uniform(0.2, 0.75, 3)
    wall, ground = 0.4 * wall + 0.6 * wall.mean(), 0.35 * ground + 0.65 * ground.mean()
    pixels = np.empty((height, width, 3), np.float32)
    pixels[:horizon], pixels[horizon:] = wall, ground
    pixels *= np.linspace(1.12, 0.9, height)[:, None, None]
    for _ in range(rng.integers(3, 9)):
        w, h = rng.uniform(0.03, 0.3) * width, rng.uniform(0.08, 0.5) * height
        x, y = rng.uniform(-0.1, 1) * width, horizon - h + rng.uniform(-0.1, 0.2) * height
        colour = rng.uniform(0.1, 0.9, 3) * 0.35 + rng.uniform(0.05, 0.45) + 0.25 * wall
        corner, far = (int(x), int(y)), (int(x + w), int(y + h))
        cv2.rectangle(pixels, corner, far, np.clip(colour, 0, 1).tolist(), -1)
    for _ in range(rng.integers(1, 5)):  # poles, branches, railings: as thin as limbs
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        angle, length = rng.normal(np.pi / 2, 0.6), rng.uniform(0.1, 0.5) * height
        end = (int(x + np.cos(angle) * length), int(y + np.sin(angle) * length))
        thick = max(1, int(rng.uniform(0.008, 0.03) * height))
        cv2.line(pixels, (int(x), int(y)), end, rng.uniform(0.1, 0.8, 3).tolist(), thick)
    rough = smooth_noise(height, width, 6, rng, beyond=2)
    return np.clip(pixels + 0.018 * rough[..., None], 0.02, 0.98)


# ------------------------------------------------------------------ the skeleton

# shares of the body's height; joints by their place in JOINTS
_HIP, _NECK, _TOP = 0.52, 0.835, 0.995
_ARM, _FOREARM, _THIGH, _SHANK = 0.165, 0.150, 0.235, 0.240


def skeleton(rng: np.random.Generator, build: float, calm: float = 1.0) -> np.ndarray:
    """Return the joints of a body in some pose, (14, 3) float64.

    They are measured to the person's left, up, and forward, in body heights above the ground.
    ``build`` is the breadth of shoulders and hips, ``calm`` the probability of standing or walking;
    otherwise the pose is running, waving, jumping or crouching.
    """
    arms, legs, lean, nod, lift = _pose(rng, calm)
    lean, nod = np.radians(lean), np.radians(nod)
    spine = np.array([np.sin(lean[1]), np.cos(lean[0]) * np.cos(lean[1]), np.sin(lean[0])])
    spine = spine / np.linalg.norm(spine)
    joints = np.zeros((14, 3))
    for side, sign in ((0, 1), (1, -1)):  # left, right
        hip = np.array([sign * 0.068 * build, _HIP, 0])
        shoulder = hip * [0, 1, 1] + spine * 0.285 + [sign * 0.112 * build, 0, 0]
        arm, leg = arms[side], legs[side]
        elbow = shoulder + _ARM * _direction(arm[0], arm[1], sign)
        wrist = elbow + _FOREARM * _direction(arm[0] + arm[2], arm[1] + arm[3], sign)
        knee = hip + _THIGH * _direction(leg[0], leg[1], sign)
        ankle = knee + _SHANK * _direction(leg[0] - leg[2], leg[1] * 0.6, sign)
        joints[side:12:2] = shoulder, elbow, wrist, hip, knee, ankle
    neck = np.array([0, _HIP, 0]) + spine * (_NECK - _HIP)
    joints[13] = neck
    joints[12] = neck + (_TOP - _NECK) * np.array([np.sin(nod[1]), np.cos(nod[0]), np.sin(nod[0])])
    joints[:, 1] -= joints[10:12, 1].min() - 0.045 - lift
    return joints


def _direction(flexion: float, abduction: float, sign: int) -> np.ndarray:
    """Return where a limb that hangs down points after it is swung forward and sideways."""
    f, a = np.radians((flexion, abduction))
    return np.array([sign * np.sin(a), -np.cos(a) * np.cos(f), np.cos(a) * np.sin(f)])


def _pose(rng: np.random.Generator, calm: float) -> tuple[np.ndarray, ...]:
    """Choose a pose, in degrees; limbs are (2, k), the left one first.

    Arms (flexion, abduction, elbow, turn out), legs (flexion, abduction, knee), lean and nod
    (forward, sideways), and how far the feet are off the ground in body heights.
    """
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
        arms[:, 1], arms[:, 3] = rng.uniform(110, 165, 2), rng.uniform(-20, 30, 2)
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
    return arms, legs, lean + rng.normal(0, 3.5, 2), nod + rng.normal(0, 9, 2), lift


# ------------------------------------------------------------------ the body on a picture


class _Placed(NamedTuple):
    """A body in fine pixels: its joints with depth, its scale and the direction it faces."""

    body: Look
    at: np.ndarray  # (14, 3): x, y and the depth (nearer is larger)
    size: float
    yaw: float


def _stand(rng: np.random.Generator, who: int, share: float, shape: tuple[int, int]) -> _Placed:
    """Turn a person and put them somewhere; one in seven is cut by the picture's edge."""
    height, width = shape
    reach = 0.16 * share * height / width
    low, high = (-0.02, 1.02) if rng.random() < 1 / 7 else (min(reach, 0.5), max(1 - reach, 0.5))
    feet = rng.uniform(low, high) * width * FINE
    ground = min(0.985, 0.72 + 0.3 * share + rng.uniform(-0.08, 0.08))
    if rng.random() < 1 / 7:
        ground += rng.uniform(0, 0.25)
    body = look(who)
    joints = skeleton(rng, body.build, CALM)
    behind = np.pi if rng.random() < 0.3 else 0.0
    yaw = behind + float(np.clip(rng.normal(0, 0.6), -1.4, 1.4))
    size = share * height * FINE * body.height
    sideways = joints[:, 0] * np.cos(yaw) + joints[:, 2] * np.sin(yaw)
    depth = joints[:, 2] * np.cos(yaw) - joints[:, 0] * np.sin(yaw)
    x, y = feet + size * sideways, ground * height * FINE - size * joints[:, 1]
    return _Placed(body, np.stack([x, y, size * depth], 1), size, yaw)


def _draw(
    backdrop: np.ndarray, placed: Sequence[_Placed], light: float
) -> tuple[np.ndarray, np.ndarray]:
    """Paint people, given from the farthest to the nearest, over a backdrop.

    Returns pixels, and (h, w) int32, what was painted last on each: 32 times the person, and the
    part of the person; -1 where nobody was.
    """
    pixels, owner = backdrop.copy(), np.full(backdrop.shape[:2], -1, np.int32)
    towards = np.cos(light), -abs(np.sin(light))
    for who, person in enumerate(placed):
        parts = [*_trunk(person), *_limbs(person), *_head(person), *_bag(person)]
        for part in sorted(parts, key=lambda part: part.depth):
            _paint(pixels, owner, part, towards, 32 * who + part.label)
    return pixels, owner


def _paint(
    pixels: np.ndarray, owner: np.ndarray, part: _Part, light: tuple[float, float], label: int
) -> None:
    """Paint the hull of a part's circles as a limb lit from one side, with a hard edge."""
    circles = part.circles
    points = (circles[:, None, :2] + circles[:, None, 2:] * RIM).reshape(-1, 2)
    size = owner.shape[::-1]
    low = np.clip(np.floor(points.min(0)).astype(int) - 1, 0, size)
    high = np.clip(np.ceil(points.max(0)).astype(int) + 2, 0, size)
    if np.any(high <= low):
        return
    inside = np.zeros((high - low)[::-1], np.uint8)
    corners = cv2.convexHull(np.round((points - low) * 16).astype(np.int32))
    cv2.fillConvexPoly(inside, corners, 1, cv2.LINE_8, 4)
    window = np.s_[low[1] : high[1], low[0] : high[0]]
    y, x = np.mgrid[window]
    (middle_x, middle_y), radius = circles[:, :2].mean(0), circles[:, 2].max()
    lit = (x - middle_x) * light[0] + (y - middle_y) * light[1] * 0.3
    shade = 1 + 0.2 * np.clip(lit / (1.5 * radius), -1, 1)[..., None]
    tone = part.colour(x, y) if callable(part.colour) else np.asarray(part.colour)
    chosen = inside > 0
    pixels[window][chosen] = (shade * tone)[chosen]
    owner[window][chosen] = label


# which parts may be seen where a joint is: otherwise it is covered by the own body
_TORSO, _HEAD, _HAIR, _BAG, _NECK_PART = 0, 1, 2, 3, 4
_LIMBS = (  # parts 5 to 12: the joint where it begins, the radius there and at the next joint
    *((0, 0.036, 0.029), (1, 0.036, 0.029), (2, 0.028, 0.021), (3, 0.028, 0.021)),  # arms
    *((6, 0.056, 0.039), (7, 0.056, 0.039), (8, 0.039, 0.025), (9, 0.039, 0.025)),  # legs
)
_HANDS = {13: (4, 2), 14: (5, 3)}  # part: (joint, the joint before it)
_FEET = {15: 10, 16: 11}
_AT_JOINT = (
    *({0, 5}, {0, 6}, {5, 7}, {6, 8}, {7, 13}, {8, 14}),  # shoulders, elbows, wrists
    *({0, 9}, {0, 10}, {9, 11}, {10, 12}, {11, 15}, {12, 16}),  # hips, knees, ankles
    *({_HEAD, _HAIR}, {_TORSO, _HEAD, _HAIR, _NECK_PART}),
)


def _flags(owner: np.ndarray, at: np.ndarray, who: int) -> np.ndarray:
    """Return (14, 3) float32 in picture pixels: x, y and the visibility 0, 1 or 2."""
    height, width = owner.shape
    flagged = np.zeros((14, 3), np.float32)
    for joint, (x, y) in enumerate(at[:, :2]):
        column, row = int(np.floor(x + 0.5)), int(np.floor(y + 0.5))
        if 0 <= column < width and 0 <= row < height:
            person, part = divmod(int(owner[row, column]), 32)
            is_visible = person == who and part in _AT_JOINT[joint]
            flagged[joint] = (x + 0.5) / FINE - 0.5, (y + 0.5) / FINE - 0.5, 2 if is_visible else 1
    # the last half pixel at the rim is inside the picture in fine pixels only
    flagged[:, :2] = np.clip(flagged[:, :2], 0, (width // FINE - 1, height // FINE - 1))
    return flagged


class _Part(NamedTuple):
    """The hull of some circles: what is painted at once."""

    depth: float
    circles: np.ndarray  # (k, 3): x, y, radius
    colour: object  # r, g, b, or a function that returns them, (h, w, 3), of pixels x and y
    label: int


def _circles(*circles: tuple[np.ndarray, float]) -> np.ndarray:
    """Return circles, each a middle and a radius, as (k, 3)."""
    return np.array([[*middle, radius] for middle, radius in circles])


def _trunk(person: _Placed) -> list[_Part]:
    body, at, size, _ = person
    wide = body.build**0.7 * size
    corners = at[[0, 1, 6, 7]]
    torso = np.column_stack([corners[:, :2], [0.042 * wide] * 2 + [0.050 * wide] * 2])
    torso[:2, 1] += 0.020 * size
    torso[2:, :2] += (at[13, :2] - at[[6, 7], :2]) * 0.12
    hips = _circles((at[6, :2], 0.056 * wide), (at[7, :2], 0.056 * wide))
    return [
        _Part(corners[:, 2].mean(), torso, _top(body, at), _TORSO),
        _Part(at[[6, 7], 2].mean() - 1e-3, hips, body.legs, _TORSO),
    ]


def _top(body: Look, at: np.ndarray) -> object:
    """Return the colour of the top, or a function of the place on it."""
    if body.pattern in ("plain", "vest"):
        return body.top
    origin, end = at[13, :2], at[[6, 7], :2].mean(0)
    along = (end - origin) / max(float(np.sum((end - origin) ** 2)), 1e-6)
    axis = along if body.pattern == "bands" else np.array([-along[1], along[0]])

    def tone(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        place = (x - origin[0]) * axis[0] + (y - origin[1]) * axis[1]
        first = np.floor(place * 7) % 2 == 0
        return np.where(first[..., None], body.top, body.second)

    return tone


def _limbs(person: _Placed) -> list[_Part]:
    """Return arms and legs, their covered shares in cloth, hands and feet."""
    body, at, size, yaw = person
    wide = body.build**0.7 * size
    parts = []
    for label, (a, first, second) in enumerate(_LIMBS, 5):
        b = a + 2
        circles = _circles((at[a, :2], first * wide), (at[b, :2], second * wide))
        depth = at[[a, b], 2].mean() + (-0.01 * size if label >= 9 else 0.012 * size)
        parts += _clothed(body, circles, depth, label)
    for label, (wrist, elbow) in _HANDS.items():
        start, end = at[elbow, :2], at[wrist, :2]
        hand = _circles((end, 0.021 * size), (end + (end - start) * 0.2, 0.021 * size))
        parts.append(_Part(at[wrist, 2] + 0.02 * size, hand, body.skin, label))
    toe = 0.06 * size * np.array([np.sin(yaw), 0.22])
    for label, ankle in _FEET.items():
        heel = at[ankle, :2] + [0, 0.012 * size]
        foot = _circles((heel, 0.026 * size), (heel + toe, 0.020 * size))
        parts.append(_Part(at[ankle, 2] + 0.015 * size * np.cos(yaw), foot, body.shoes, label))
    return parts


def _clothed(body: Look, circles: np.ndarray, depth: float, label: int) -> list[_Part]:
    """Return a limb in skin with the cloth over its covered share."""
    leg, lower = label >= 9, label in (7, 8, 11, 12)
    share = (body.trousers if leg else body.sleeves) * 2 - (1 if lower else 0)
    if body.pattern == "vest" and not leg:
        share = 0.0 if lower else 0.3
    cloth = body.legs if leg else body.top
    limb = [_Part(depth, circles, cloth if share >= 1 else body.skin, label)]
    if 0 < share < 1:
        end = circles[0] + (circles[1] - circles[0]) * share
        sleeve = np.stack([circles[0], end]) * [1, 1, 1.12]
        limb.append(_Part(depth + 1e-3, sleeve, cloth, label))
    return limb


def _head(person: _Placed) -> list[_Part]:
    """Return neck, head, hair and eyes; hair lies behind where the face is seen."""
    body, at, size, yaw = person
    top, neck, depth = at[12, :2], at[13, :2], at[12:14, 2].mean()
    span = float(np.linalg.norm(top - neck))
    up = (top - neck) / max(span, 1e-6)
    r, face, forward = 0.054 * size, np.array([np.sin(yaw), 0]) * 0.02 * size, np.cos(yaw)
    stem = _circles((neck, 0.027 * size), (neck + up * span * 0.4, 0.027 * size))
    head = _circles((neck + up * span * 0.52, r * 0.86), (top - up * r, r))
    crown = top - up * r * 0.95 - face
    hair = [(crown, r * 1.08), (crown - up * r * 0.25 - face, r * 1.02)]
    if body.long_hair:
        hair.append((neck + up * span * 0.22 - 1.6 * face, r * 0.78))
    cap = _circles((top - up * r * 0.62 - face * 0.7, r * 0.72))
    shaded, before = tuple(0.9 * s for s in body.skin), 0.022 if forward > 0 else -0.002
    behind = 0.03 - 0.012 * np.sign(forward)
    parts = [
        _Part(depth + before * size, stem, shaded, _NECK_PART),
        _Part(depth + 0.03 * size, head, body.skin, _HEAD),
        _Part(depth + behind * size, _circles(*hair), body.hair, _HAIR),
        _Part(depth + 0.033 * size, cap, body.hair, _HAIR),
    ]
    if forward > 0.15:
        level = top - up * span * 0.5 + face * 1.2
        for sign in (-1, 1):
            eye = level + np.array([sign * 0.021 * size * forward, 0])
            dot = _circles((eye, 0.0075 * size))
            parts.append(_Part(depth + 0.05 * size, dot, (0.12, 0.1, 0.1), _HEAD))
    return parts


def _bag(person: _Placed) -> list[_Part]:
    body, at, size, yaw = person
    if body.bag is None:
        return []
    corners = at[[0, 1, 6, 7]]
    middle = corners[:, :2].mean(0) - [np.sin(yaw) * 0.075 * size, 0.03 * size]
    above, below = middle + [0, -0.07 * size], middle + [0, 0.06 * size]
    bag = _circles((above, 0.055 * size), (below, 0.062 * size))
    behind = corners[:, 2].mean() - 0.05 * size * np.sign(np.cos(yaw))
    return [_Part(behind, bag, body.bag, _BAG)]

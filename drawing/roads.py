"""Drawn roads: pedestrians, cars and motorcycles with their boxes and masks.

Everything is placed in metres on one ground plane and seen through one camera at eye height, so
what is nearer is larger and stands lower. An object's box holds what is seen of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from drawing import camera
from drawing.canvas import boxes_of
from drawing.noise import smooth_noise
from drawing.traffic import NEAR, Pose, Sheet, View, car, motorcycle, place, walker

CLASSES = ("pedestrian", "car", "motorcycle")
"""The names of labels 0, 1 and 2."""

VISIBLE = 0.35  # an object of which less than this share would be seen is placed again
TALL = (0.22, 0.62)  # a pedestrian's height, in picture heights
LENS = 1.15  # focal length, in picture heights
SIZES = ((0.60, 0.60, 1.74), (1.78, 4.40, 1.50), (0.80, 2.10, 1.78))  # width, length, height in m
RANGES = (1.0, 0.66, 0.92)  # tallest of a class, beside the tallest pedestrian


@dataclass(frozen=True, eq=False)
class Scenes:
    """Pictures of roads; what belongs to one object has the same place in boxes and labels."""

    images: np.ndarray  # (n, height, width, 3) uint8
    # One (k, 4) float32 a picture: x1, y1, x2, y2 in pixels around what is seen of an object;
    # x2 and y2 are its first column and row outside
    boxes: tuple[np.ndarray, ...]
    labels: tuple[np.ndarray, ...]  # One (k,) int64 a picture, places in `CLASSES`
    masks: np.ndarray  # (n, height, width) uint8: 0 background, k + 1 the seen pixels of object k


@dataclass(frozen=True)
class _Thing:
    """An object: its class, the number that its looks follow from, and where it is."""

    label: int
    seed: int
    pose: Pose
    stride: float = 0.0

    def corners(self) -> np.ndarray:
        """Return the corners of the block that holds it, (8, 3) in metres."""
        wide, long, high = SIZES[self.label]
        signs = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (0, 1) for z in (-0.5, 0.5)])
        return place(signs * (wide, high, long), self.pose)


def scenes(
    count: int,
    height: int = 96,
    width: int = 128,
    *,
    objects: tuple[int, int] = (1, 4),
    tall: tuple[float, float] = TALL,
    seed: int = 0,
) -> Scenes:
    """Draw pictures of roads with their boxes and masks.

    ``objects`` are the fewest and most in a picture; (0, 0) gives empty roads. Each class has the
    same probability. ``tall`` is the height of a pedestrian, in picture heights; cars and
    motorcycles stand at distances that go with it. Pictures of two seeds have nothing in common.
    Object k of a picture is nearer than all objects before k.
    """
    fewest, most = objects
    if not 0 <= fewest <= most:
        raise ValueError(f"objects: expected 0 <= fewest <= most, got {objects}")
    rng, shape = np.random.default_rng([20260801, seed]), (height, width)
    made = [_scene(rng, shape, rng.integers(fewest, most + 1), tall) for _ in range(count)]
    images, masks, boxes, labels = zip(*made, strict=True)
    return Scenes(np.stack(images), boxes, labels, np.stack(masks))


# ------------------------------------------------------------------ one picture


def _scene(
    rng: np.random.Generator, shape: tuple[int, int], wanted: int, tall: tuple[float, float]
) -> tuple:
    """Return image, mask, boxes and labels of one scene."""
    world = _World.draw(rng, shape, tall)
    best, most = None, -1.0
    for _ in range(10):  # until nothing is nearly covered; else the best of them
        things = _things(rng, world, wanted)
        sheet = replace(world.street, pixels=world.street.pixels.copy())
        worst = _worst(sheet, world, things)
        if worst > most:
            best, most = (sheet, things), worst
        if worst >= VISIBLE:
            break
    return _taken(best[0], world, best[1], rng)


def _worst(sheet: Sheet, world: _World, things: list[_Thing]) -> float:
    """Paint the things, and return the smallest share that is seen of one: 1 if it is whole."""
    whole = []
    size = np.array(sheet.owner.shape[::-1])
    for k, thing in enumerate(things):
        _paint(sheet, world, thing, k + 1)
        at = sheet.view.project(thing.corners())
        low, high = at.min(0), at.max(0)  # of the frame around the thing's block
        inside = np.prod(np.clip(high, 0, size) - np.clip(low, 0, size)) / np.prod(high - low)
        whole.append((sheet.owner == k + 1).sum() / max(float(inside), 1e-6))
    visible = [(sheet.owner == k + 1).sum() for k in range(len(things))]
    return min((s / max(w, 1.0) for s, w in zip(visible, whole, strict=True)), default=1.0)


def _paint(sheet: Sheet, world: _World, thing: _Thing, number: int) -> None:
    """Paint a thing with its shadow."""
    _shadow(sheet, world, thing)
    sheet.label = number
    rng = np.random.default_rng(thing.seed)
    if thing.label == 0:
        walker(sheet, rng, thing.pose, thing.stride)
    else:
        (car, motorcycle)[thing.label - 1](sheet, rng, thing.pose)
    sheet.label = 0


def _shadow(sheet: Sheet, world: _World, thing: _Thing) -> None:
    """Darken what is under a thing, and beside it on the side away from the sun."""
    low = thing.corners()[[0, 1, 5, 4]] * (1, 0, 1)
    away = -np.array([sheet.sun[0], 0, sheet.sun[2]]) * SIZES[thing.label][2] * 0.45
    spread = (low - low.mean(0)) * 1.06 + low.mean(0)
    for ground, dark in ((np.concatenate([spread, spread + away]), world.contrast), (spread, 0.45)):
        at = cv2.convexHull(sheet.view.project(ground).astype(np.float32))[:, 0]
        blur = max(1.0, 0.05 * float(np.ptp(at[:, 0])))
        edge = int(3 * blur) + 1
        size = np.array(sheet.owner.shape[::-1])
        start = np.clip(at.min(0).astype(int) - edge, 0, size)
        end = np.clip(at.max(0).astype(int) + edge, 0, size)
        if np.any(end <= start):
            continue
        mask = np.zeros((end - start)[::-1], np.uint8)
        cv2.fillConvexPoly(mask, np.round(np.clip(at - start, -9e3, 9e3)).astype(np.int32), 255)
        mask = cv2.blur(mask, (edge | 1, edge | 1))
        part = sheet.pixels[start[1] : end[1], start[0] : end[0]]
        part[:] = part * (1 - dark * (mask / np.float32(255)))[..., None]


def _taken(sheet: Sheet, world: _World, things: list[_Thing], rng: np.random.Generator) -> tuple:
    """Return the photograph, its mask, and boxes and labels of the things."""
    height, width = world.shape
    fine = world.fine
    mask = np.ascontiguousarray(sheet.owner[fine // 2 :: fine, fine // 2 :: fine])
    small = cv2.resize(sheet.pixels, (width, height), interpolation=cv2.INTER_AREA)
    picture = small.astype(np.float32) / 255
    rough = smooth_noise(height, width, max(1.2, height / 80), rng)
    picture *= 1 + (0.012 * rough * (mask == 0))[..., None]
    picture = 0.5 + (picture * world.tint - 0.5) * world.gain
    if world.blur > 0.25:
        picture = camera.blurred(picture, world.blur)
    image = camera.to_uint8(camera.noisy(picture, world.noise, rng))
    labels = np.array([thing.label for thing in things], np.int64)
    return image, mask, boxes_of(mask, len(things)), labels


# ------------------------------------------------------------------ where things are


def _things(rng: np.random.Generator, world: _World, wanted: int) -> list[_Thing]:
    """Place things so that no two stand in one place, the farthest first."""
    things: list[_Thing] = []
    for _ in range(wanted):
        label = int(rng.choice(len(CLASSES)))
        for _ in range(12):
            thing = _stand(rng, world, label)
            if all(_apart(thing, other) for other in things):
                break
        things.append(thing)
    return sorted(things, key=lambda thing: -thing.pose.z)


def _apart(thing: _Thing, other: _Thing) -> bool:
    reach = (0.35, 1.9, 1.0)
    gap = np.hypot(thing.pose.x - other.pose.x, thing.pose.z - other.pose.z)
    return gap > reach[thing.label] + reach[other.label]


def _stand(rng: np.random.Generator, world: _World, label: int) -> _Thing:
    """Place a thing somewhere in the picture; one in eight is cut by its edge."""
    view, (high, width) = world.street.view, world.street.owner.shape
    if label == 0 or rng.random() < 0.3:
        yaw = float(rng.uniform(-np.pi, np.pi))
    else:  # traffic goes along the road or crosses it more often
        yaw = float(rng.choice([0, np.pi, np.pi / 2, -np.pi / 2]) + rng.normal(0, 0.14))
    wide, long, up = SIZES[label]
    seen_wide = abs(np.cos(yaw)) * wide + abs(np.sin(yaw)) * long
    share = RANGES[label] * np.exp(rng.uniform(*np.log(np.maximum(world.tall, 1e-3))))
    z = view.focal * up / (share * high)
    nearest = long / 2 * abs(np.cos(yaw)) + wide / 2 * abs(np.sin(yaw))
    z = max(z + 0.6 * nearest, view.focal * seen_wide / (0.78 * width) + nearest, nearest + 1.2)
    half = min(0.5, 0.5 * seen_wide * view.focal / (max(z - nearest, NEAR) * width))
    low, top = (half, 1 - half) if rng.random() > 1 / 8 else (0.3 * half, 1 - 0.3 * half)
    column = rng.uniform(min(low, 0.5), max(top, 0.5)) * width
    pose = Pose((column - view.x) * z / view.focal, z, yaw)
    return _Thing(label, int(rng.integers(2**31)), pose, float(rng.uniform(0, 2 * np.pi)))


# ------------------------------------------------------------------ the street


@dataclass(frozen=True)
class _World:
    """A street, its weather and the camera."""

    shape: tuple[int, int]  # of the picture
    tall: tuple[float, float]  # of pedestrians, in picture heights
    fine: int  # drawn at this many times the size
    street: Sheet  # without objects
    contrast: float  # how dark the shadows are
    tint: np.ndarray
    gain: float
    blur: float
    noise: float

    @classmethod
    def draw(
        cls, rng: np.random.Generator, shape: tuple[int, int], tall: tuple[float, float]
    ) -> _World:
        """Draw a street whose ground holds the tallest pedestrian."""
        fine = 3 if shape[0] <= 128 else 2
        eye = rng.uniform(1.35, 1.65)
        lowest = max(0.06, 0.96 - tall[1] * eye / SIZES[0][2])
        horizon = min(rng.uniform(0.36, 0.50), lowest)
        overcast = rng.random() < 0.4
        turn, steep = rng.uniform(0.35, np.pi - 0.35), rng.uniform(0.6, 1.1)
        sun = np.array([np.cos(turn) * np.cos(steep), np.sin(steep), -0.55 * np.cos(steep)])
        haze = rng.uniform(0.68, 0.86) + np.array([-0.01, 0.0, 0.02]) + rng.normal(0, 0.02, 3)
        blue = 0.95 * haze if overcast else haze - rng.uniform(0.1, 0.35) * np.array([1, 0.55, 0.1])
        warm = rng.normal(0, 0.06)
        tint = np.exp(rng.normal(0.10, 0.13) + np.array([warm, 0, -warm]) + rng.normal(0, 0.02, 3))
        high, wide = shape[0] * fine, shape[1] * fine
        view = View(LENS * high, wide * rng.uniform(0.25, 0.75), horizon * high, eye)
        houses = np.random.default_rng(int(rng.integers(2**31)))
        above, haze = np.clip(np.array([blue, haze]), 0.05, 0.98)
        street = Sheet(
            np.empty((high, wide, 3), np.uint8),
            view,
            sun=tuple((sun / np.linalg.norm(sun)).tolist()),
            ambient=rng.uniform(0.72, 0.82) if overcast else rng.uniform(0.5, 0.66),
            haze=haze,
            clear=float(np.exp(rng.uniform(np.log(70), np.log(400)))),
        )
        _paint_street(street, above, houses)
        return cls(
            shape=shape,
            tall=tall,
            fine=fine,
            street=street,
            contrast=0.12 if overcast else 0.38,
            tint=tint,
            gain=rng.uniform(0.95, 1.22),
            blur=rng.uniform(0, 0.5) if rng.random() < 0.4 else 0.0,
            noise=rng.uniform(0.004, 0.014),
        )


def _paint_street(sheet: Sheet, sky: np.ndarray, rng: np.random.Generator) -> None:
    """Paint the street without objects, from the sky, r g b above, to what lines it."""
    _sky(sheet, sky, rng)
    half, shift = rng.uniform(3.2, 6.0), rng.uniform(-1.6, 1.6)
    walk = rng.uniform(1.6, 3.2)
    _ground(sheet, rng, (half, shift, walk))
    sides = []
    for sign in (-1, 1):
        sides += _lined(rng, sign, shift + sign * (half + walk))
    for _, paint, *arguments in sorted(sides, key=lambda item: -item[0]):
        paint(sheet, *arguments)


def _sky(sheet: Sheet, above: np.ndarray, rng: np.random.Generator) -> None:
    """Paint sky, clouds and a far skyline."""
    view, (height, width) = sheet.view, sheet.owner.shape
    level = int(np.clip(np.ceil(view.y), 0, height))
    if level:
        t = (np.arange(level) / max(view.y, 1.0))[:, None, None]
        sky = above * (1 - t) + sheet.haze * t
        cloud = smooth_noise(level, width, max(4.0, 0.10 * view.focal), rng)
        sky = sky + 0.07 * np.clip(cloud, -0.6, 1.4)[..., None] * (1 - t)
        sheet.pixels[:level] = np.clip(sky, 0, 1) * 255
    sheet.pixels[level:] = 90
    x = -4.0
    tone = np.array([0.42, 0.46, 0.47]) + rng.normal(0, 0.03, 3)
    while x < 4.0:  # in units of the focal length
        step, up = rng.uniform(0.05, 0.22), rng.uniform(0.01, 0.085)
        at = np.array([[x, -up], [x + step, -up], [x + step, 0.01], [x, 0.01]]) * view.focal
        sheet.flat(at + (view.x, view.y), tone * rng.uniform(0.9, 1.1), 90.0)
        x += step


def _ground(sheet: Sheet, rng: np.random.Generator, street: tuple[float, float, float]) -> None:
    """Paint verge, pavements, kerbs, the road and its marks."""
    half, shift, walk = street
    grass = rng.random() < 0.5
    verge = np.array((0.34, 0.42, 0.22) if grass else (0.50, 0.49, 0.46)) * rng.uniform(0.8, 1.15)
    paving = np.array([0.60, 0.58, 0.55]) * rng.uniform(0.8, 1.15)
    tar = np.array([0.36, 0.36, 0.37]) * rng.uniform(0.75, 1.35)
    paint = np.array([0.90, 0.89, 0.84]) * rng.uniform(0.8, 1.05)

    def strip(a: float, b: float, colour: np.ndarray, near: float = NEAR, far: float = 150) -> None:
        between = (max(near, NEAR),) if far < 150 else (NEAR, 3, 5, 8, 12, 18, 28, 50)
        stops = np.array([*between, far])  # haze grows with distance
        ends = np.repeat(np.stack([stops[:-1], stops[1:]], 1), 2, axis=1)
        corners = np.zeros((len(ends), 4, 3))
        corners[..., 0], corners[..., 2] = (a, b, b, a), ends
        at = sheet.view.project(corners.reshape(-1, 3)).reshape(-1, 4, 2)
        for piece, depth in zip(at, ends.mean(1).tolist(), strict=True):
            sheet.flat(piece, colour, depth)

    strip(-150, 150, verge)
    for sign in (-1, 1):
        edge = shift + sign * half
        strip(edge, edge + sign * walk, paving)
        strip(edge, edge + sign * 0.16, paving * 1.22)
        strip(edge - sign * 0.10, edge, tar * 0.7)
    strip(shift - half + 0.1, shift + half - 0.1, tar)
    strip(shift - half + 0.25, shift - half + 0.35, paint * 0.9)
    strip(shift + half - 0.35, shift + half - 0.25, paint * 0.9)
    start, dash = rng.uniform(0.5, 4), rng.uniform(1.5, 3.5)
    for k in range(10):
        strip(shift - 0.07, shift + 0.07, paint, start + 2 * k * dash, start + (2 * k + 1) * dash)
    if rng.random() < 0.3:  # a crossing
        z = rng.uniform(5, 12)
        for x in np.arange(-half + 0.5, half - 0.6, 1.0):
            strip(shift + x, shift + x + 0.5, paint, z, z + 2.6)


def _lined(rng: np.random.Generator, sign: int, x: float) -> list[tuple]:
    """Return what lines one side of the street: its distance, what paints it, and arguments."""
    lining, z = [], 75.0
    built = rng.random()
    while z > 1.5:
        long = rng.uniform(6, 15)
        kind = rng.random()
        seed = int(rng.integers(2**31))
        if kind < 0.25 + 0.65 * built:
            lining.append((z, _house, sign, x + sign * rng.uniform(0, 3), (z - long, z), seed))
        else:
            for at in np.arange(z - 2, max(z - long, 1.5), -rng.uniform(3.5, 6)):
                lining.append((at, _tree, x + sign * rng.uniform(0.3, 4), at, seed))
        z -= long + rng.choice([0, 0, 2])
    post, spacing = x - sign * rng.uniform(0.6, 1.4), rng.uniform(9, 22)
    for at in np.arange(rng.uniform(3, 12), 60, spacing):
        lining.append((at, _post, sign, post, at))
    for _ in range(rng.integers(0, 4)):
        at = rng.uniform(4, 25)
        aside = x - sign * rng.uniform(0.1, 1.0)
        lining.append((at, _thing_aside, aside, at, int(rng.integers(2**31))))
    return lining


def _house(sheet: Sheet, sign: int, x: float, span: tuple[float, float], seed: int) -> None:
    """Paint a house whose front stands along the street."""
    rng = np.random.default_rng(seed)
    near, far = max(span[0], NEAR), span[1]
    floors = int(rng.integers(1, 6))
    high = 3.1 * floors + 0.8
    wall = np.array([0.66, 0.60, 0.53]) * rng.uniform(0.6, 1.35) + rng.normal(0, 0.03, 3)
    glass = np.array([0.25, 0.29, 0.34]) * rng.uniform(0.7, 1.5)
    end = np.array([(x, 0, near), (x + sign * 9, 0, near)], float)
    front = np.array([(x, 0, near), (x, 0, far)], float)
    for base, normal in ((end, (0, 0, -1)), (front, (-sign, 0, 0))):
        tone = wall * sheet.lit(np.array(normal, float))
        face = np.concatenate([base, base[::-1] + [0, high, 0]])
        foot, roof = base[::-1] + [0, 0.5, 0], base + [0, high, 0]
        sheet.face(face, tone)
        sheet.face(np.concatenate([base, foot]), tone * 0.75)
        sheet.face(np.concatenate([roof, roof[::-1] + [0, 0.35, 0]]), tone * 0.6)
        columns = max(1, int(np.ptp(base, axis=0).max() / 2.4))
        _windows(sheet, face, (floors, columns), glass, tone)


def _windows(
    sheet: Sheet, face: np.ndarray, grid: tuple[int, int], glass: np.ndarray, wall: np.ndarray
) -> None:
    """Paint the windows of a wall (4, 3), all at once."""
    floors, columns = grid
    left = np.arange(columns) / columns
    low = np.arange(floors) / (floors + 0.25)
    along, up = face[1] - face[0], face[3] - face[0]
    depth = float(np.maximum(face[:, 2], NEAR).mean())
    if sheet.view.focal / depth < 2.5:  # too far away to be seen
        return
    for grow, colour in ((0.09, wall * 1.18), (0.0, glass)):
        u = left[:, None] + np.array([0.27 - grow, 0.73 + grow]) / columns
        v = low[:, None] + np.array([0.34 - grow, 0.80 + grow]) / (floors + 0.25)
        s = np.broadcast_to(u[:, None, [0, 1, 1, 0]], (columns, floors, 4))
        t = np.broadcast_to(v[None, :, [0, 0, 1, 1]], (columns, floors, 4))
        corners = face[0] + s[..., None] * along + t[..., None] * up
        at = sheet.view.project(corners.reshape(-1, 3)).reshape(-1, 4, 2)
        sheet.flat(at, colour, depth)


def _tree(sheet: Sheet, x: float, z: float, seed: int) -> None:
    """Paint a tree."""
    rng = np.random.default_rng(seed + int(z * 100))
    high, wide = rng.uniform(3.5, 8), rng.uniform(1.1, 2.2)
    trunk = [(x - 0.14, 0, z), (x + 0.14, 0, z), (x + 0.09, high, z), (x - 0.09, high, z)]
    sheet.face(np.array(trunk), np.array([0.30, 0.24, 0.18]) * sheet.ambient * 1.3)
    leaf = np.array([0.26, 0.36, 0.16]) * rng.uniform(0.7, 1.35) + rng.normal(0, 0.025, 3)
    scale, through = sheet.view.focal / z, np.exp(-z / sheet.clear)
    count = int(np.clip(2.2 * wide * scale, 10, 60))
    spots = np.clip(rng.normal(0, 0.42, (count, 3)), -0.8, 0.8) * (wide, wide * 0.85, 0.1)
    spots = spots + (x, high, z)
    spots = spots[np.argsort(spots[:, 1] * sheet.sun[1] + spots[:, 0] * sheet.sun[0])]
    light = sheet.ambient * 0.62 + np.linspace(0, 0.75, count) * (1.25 - sheet.ambient)
    tone = leaf * (light * rng.uniform(0.88, 1.12, count))[:, None] * through
    tone = (np.clip(tone + sheet.haze * (1 - through), 0, 1) * 255).tolist()
    radii = np.maximum(1, wide * rng.uniform(0.4, 1.0, count) * 2 / count**0.5 * scale)
    where = np.clip(np.round(sheet.view.project(spots)), -3e4, 3e4).astype(int).tolist()
    for at, radius, colour in zip(where, np.rint(radii).astype(int).tolist(), tone, strict=True):
        cv2.circle(sheet.pixels, at, radius, colour, -1)


def _post(sheet: Sheet, sign: int, x: float, z: float) -> None:
    """Paint a lamp post."""
    tone = np.array([0.34, 0.36, 0.37]) * (0.5 + sheet.ambient)
    arm = sorted((x, x - sign * 1.3))
    _upright(sheet, (x - 0.07, x + 0.07), (0, 5.6), z, tone)
    _upright(sheet, arm, (5.5, 5.62), z, tone)
    _upright(sheet, (x - 0.12, x + 0.12), (0, 0.5), z, tone)


def _upright(sheet: Sheet, x: Sequence[float], y: Sequence[float], z: float, tone: object) -> None:
    """Paint a rectangle that faces the camera, from x to x and from y to y."""
    corners = [(x[0], y[0], z), (x[1], y[0], z), (x[1], y[1], z), (x[0], y[1], z)]
    sheet.face(np.array(corners, float), tone)


def _thing_aside(sheet: Sheet, x: float, z: float, seed: int) -> None:
    """Paint a traffic sign, a bin, a bollard or a bush."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(4)
    tone = rng.uniform(0.15, 0.6) + rng.normal(0, 0.08, 3)
    if kind == 0:
        _upright(sheet, (x - 0.03, x + 0.03), (0, 2.2), z, (0.45, 0.46, 0.47))
        sides = rng.choice([3, 4, 16])
        turn = np.linspace(0, 2 * np.pi, sides + 1)[:-1] + np.pi / 2
        rim = np.column_stack([np.cos(turn), np.sin(turn), np.zeros(sides)])
        ring = ((0.75, 0.10, 0.10), (0.12, 0.28, 0.60))[rng.integers(2)]
        for radius, colour in ((0.36, ring), (0.25, (0.92, 0.92, 0.90))):
            sheet.face(rim * radius + (x, 2.3, z - 0.01), colour)
    elif kind == 3:
        for _ in range(9):
            at = np.array([[x, 0.35, z]]) + rng.normal(0, 0.22, (1, 3)) * (1.4, 1, 0.2)
            sheet.ball(at, np.array([rng.uniform(0.2, 0.36)]), (0.26, 0.35, 0.18))
    else:
        wide, high = ((0.28, 1.05), (0.09, 0.95))[kind - 1]
        balls = np.array([[x, wide, z], [x, high, z]])
        sheet.ball(balls, np.array([wide, wide]), tone)

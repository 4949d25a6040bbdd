"""Drawn chest X-rays with exact lung masks: what absorbs is added up, then exposed to a film.

They look like those of Montgomery County and Shenzhen. Air around the body, gas under the
diaphragm and bands beside the film are as dark as lungs, ribs cross them and tuberculosis clouds
them. So no threshold finds them: a network has to know where they lie and how their border looks.
"""

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage
from scipy.interpolate import CubicHermiteSpline

from drawing import camera
from drawing.canvas import moved, placed
from drawing.noise import bump, ramp

SIDE = 256
_WIDTH_AT = (-1.6, -1.35, -1.22, -1.1, -0.9, -0.6, 1.5)  # along the body
_WIDTH = (0.3, 0.34, 0.52, 0.95, 1.15, 1.2, 1.05)  # half of it, from neck to waist
_FINE = 4  # outlines are filled on a grid this much finer, for soft edges


def draw(seed: int, number: int, hospital: str, ill: bool) -> tuple[np.ndarray, np.ndarray]:
    """Draw one X-ray, (256, 256) uint8, and its mask, (256, 256) bool.

    ``seed`` and ``number`` say which body; it is the same one in both hospitals and states of
    health. Where it is ``ill`` with tuberculosis, clouds lie over the lungs.
    """
    rng = np.random.default_rng([seed, number])
    # From the body, -1..1 across and along the lungs, to the film
    tilt = np.deg2rad(rng.normal(0, 3.5))
    across, along = rng.uniform(84, 108), rng.uniform(78, 106)
    middle = np.array([128, max(120, 1.12 * along + 10)]) + np.clip(rng.normal(0, 7, 2), -9, 9)
    matrix = placed(middle, 1, tilt, (across, along))
    right, left, heart = _outlines(rng)
    lungs = np.maximum(_fill(right, matrix), _fill(left, matrix))
    rows, columns = np.indices((SIDE, SIDE)) + 0.5
    offset = np.stack([columns, rows], -1) - matrix[:, 2]
    x, y = np.moveaxis(offset @ np.linalg.inv(matrix[:, :2]).T, -1, 0)  # of the body, at each pixel
    absorbed = _body(rng, x, y, lungs, heart)
    absorbed += lungs * _inside(rng, x, y)
    if ill:
        absorbed += lungs * _clouds(rng, x, y)
    film = _exposed(rng, np.maximum(absorbed, 0), hospital)
    return _framed(rng, film, hospital), lungs >= 0.5


# ------------------------------------------------------------------ outlines


def _outlines(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, tuple[float, ...]]:
    """Return the two lungs as polygons (k, 2), picture left first, and the heart's ellipse."""
    heart = (rng.uniform(0.08, 0.2), rng.uniform(0.22, 0.36), rng.uniform(0.24, 0.36), 0.42)
    x, y, across, along = heart
    angles = np.deg2rad([-58, -25, 8, 40])
    border = np.stack([x + across * np.cos(angles), y + along * np.sin(angles)], 1)
    dome = rng.uniform(0.42, 0.6)
    border[:, 1] = np.minimum(border[:, 1], dome - 0.03 - 0.12 * np.arange(4)[::-1])
    angle = rng.uniform(0.68, 0.84)  # how deep the lungs reach at the ribs
    outer = np.array([[0.42, -0.98], [0.68, -0.76], [0.82, -0.3], [0.88, 0.2]])
    corner = np.array([[0.92, angle], [0.92, angle]])  # twice the same point: a sharp corner
    left_floor = np.array([[0.68, dome + 0.06], [0.5, dome + 0.02]])
    left_inner = np.array([[0.2, -0.26], [0.16, -0.48], [0.2, -0.84]])
    left = np.vstack([outer, corner, left_floor, border[::-1], left_inner])
    right_floor = np.array([[0.64, dome - 0.06], [0.42, dome - 0.1]])
    right_inner = np.array([[0.2, dome + 0.02], [0.2, dome + 0.02], [0.19, 0.1], [0.13, -0.4]])
    right = np.vstack([outer, corner, right_floor, right_inner, [[0.19, -0.84]]]) * [-1, 1]
    return _smooth(_wobble(rng, right)), _smooth(_wobble(rng, left)), heart


def _wobble(rng: np.random.Generator, points: np.ndarray) -> np.ndarray:
    """Move the points of an outline a little; equal neighbours move together."""
    moves = rng.normal(0, 0.018, points.shape)
    same = np.flatnonzero((points[1:] == points[:-1]).all(axis=1))
    moves[same + 1] = moves[same]
    stretch = 1 + rng.normal(0, 0.05, 2)
    return (points + moves) * stretch


def _smooth(points: np.ndarray, steps: int = 10) -> np.ndarray:
    """Return a closed Catmull-Rom curve through the points; one that stands twice is a corner."""
    ahead = np.roll(points, -1, axis=0)
    slopes = (ahead - np.roll(points, 1, axis=0)) / 2
    closed, slopes = (np.concatenate([part, part[:1]]) for part in (points, slopes))
    curve = CubicHermiteSpline(np.arange(len(closed)), closed, slopes)
    pieces = np.flatnonzero((ahead != points).any(axis=1))  # between a point and itself is none
    return curve((pieces[:, None] + np.arange(steps) / steps).ravel())


def _fill(outline: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return the share of every pixel that an outline (k, 2) covers, (256, 256) in [0, 1]."""
    fine = Image.new("L", (SIDE * _FINE, SIDE * _FINE))
    ImageDraw.Draw(fine).polygon((moved(outline, matrix) * _FINE).ravel().tolist(), fill=255)
    return np.asarray(fine.reduce(_FINE), float) / 255


# ------------------------------------------------------------------ what absorbs


def _body(
    rng: np.random.Generator, x: np.ndarray, y: np.ndarray, lungs: np.ndarray, heart: tuple
) -> np.ndarray:
    """Return what soft tissue and bones absorb, (256, 256); the lungs hold almost nothing."""
    width = np.interp(y, _WIDTH_AT, _WIDTH)
    trunk = ramp((width * rng.uniform(0.97, 1.1) - np.abs(x)) / 0.05)
    arm = bump((np.abs(x) - 1.35 - 0.3 * y) / 0.16) * ramp((y + 0.85) / 0.1)
    tissue = trunk * (0.75 + 0.25 * np.sqrt(np.clip(1.3 - x**2, 0.05, None)))
    tissue = np.maximum(tissue, 0.7 * arm)
    tissue -= lungs * trunk * rng.uniform(0.62, 0.74)
    belly = ramp((y - 0.55) / 0.08) * trunk
    middle = bump(x / 0.13) * trunk
    spine = middle * (0.42 + 0.1 * np.cos(2 * np.pi * y / 0.19))
    hx, hy, across, along = heart
    inside = 1.06 - np.hypot((x - hx) / across, (y - hy) / along)
    absorbed = tissue + 0.3 * belly + spine + 0.4 * ramp(inside / 0.07) * (1 - 0.75 * belly)
    absorbed += _bones(rng, x, y) * trunk
    if rng.random() < 0.7:  # gas in the stomach: as dark as a lung
        place = np.hypot((x - rng.uniform(0.38, 0.6)) / 0.2, (y - rng.uniform(0.8, 0.95)) / 0.1)
        absorbed -= rng.uniform(0.3, 0.65) * ramp((1 - place) / 0.15)
    return absorbed


def _bones(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return what ribs, collar bones and shoulder blades absorb."""
    away = np.abs(x)
    cage = ramp((0.99 - away) / 0.03) * ramp((1.02 - np.abs(y + 0.05)) / 0.05)
    gap, start = rng.uniform(0.19, 0.24), rng.uniform(0, 1)
    back = np.cos(2 * np.pi * ((y - 0.35 * away**2 + 0.12 * away) / gap + start))
    front = np.cos(2 * np.pi * ((y + 0.55 * away) / (1.25 * gap) + start))
    strength = rng.uniform(0.09, 0.16)
    ribs = strength * ramp((back - 0.2) / 0.2) + 0.6 * strength * ramp((front - 0.45) / 0.2)
    rise = rng.uniform(0.2, 0.4)
    collar = bump((y + 0.72 + rise * away) / 0.045) * ramp((away - 0.1) / 0.03)
    blade = ramp((0.3 - np.hypot((away - 1.02) / 0.8, (y + 0.55) / 1.6)) / 0.05)
    return ribs * cage + 0.24 * collar * ramp((0.95 - away) / 0.05) + 0.12 * blade


def _inside(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return what vessels absorb: branches that are thick near the heart and fine outside."""
    near = np.exp(-np.hypot((np.abs(x) - 0.22) / 0.3, (y + 0.02) / 0.45))
    fine, coarse = _spots(1.2, rng), _spots(3.0, rng)
    return 0.05 + near * (0.16 + 0.13 * coarse) + 0.022 * fine


def _spots(size: float, rng: np.random.Generator) -> np.ndarray:
    """Return (256, 256) float64 noise of standard deviation 1, spots ``size`` pixels large."""
    smooth = ndimage.gaussian_filter(rng.normal(size=(SIDE, SIDE)), size)
    return smooth / smooth.std()


def _clouds(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return what tuberculosis adds: spotted clouds, mostly in the upper lungs."""
    spotted = 0.6 + 0.4 * np.clip(_spots(2.5, rng), -1, 1.5)
    total = np.zeros_like(x)
    for _ in range(rng.integers(1, 4)):
        side = rng.choice([-1, 1])
        at_x, at_y = side * rng.uniform(0.25, 0.75), rng.uniform(-0.85, 0.3)
        size = rng.uniform(0.1, 0.28)
        cloud = bump(np.hypot(x - at_x, (y - at_y) / rng.uniform(0.8, 1.6)) / size)
        total += rng.uniform(0.2, 0.5) * cloud * spotted
    return total


# ------------------------------------------------------------------ the film


def _exposed(rng: np.random.Generator, absorbed: np.ndarray, hospital: str) -> np.ndarray:
    """Return the film's grey in 0..1: much light passes air and blackens it."""
    hard = hospital == "montgomery"
    strength = rng.uniform(1.9, 2.6) if hard else rng.uniform(1.1, 1.7)
    film = 1 - np.exp(-strength * ndimage.gaussian_filter(absorbed, 0.8) ** (1.25 if hard else 1))
    ramp = np.linspace(-1, 1, SIDE)
    film *= 1 + rng.normal(0, 0.05) * ramp[:, None] + rng.normal(0, 0.05) * ramp
    grain = ndimage.gaussian_filter(rng.normal(size=film.shape), 0.6)
    low, high = (0.02, 1.05) if hard else (rng.uniform(0.02, 0.15), rng.uniform(0.85, 1.0))
    return low + (high - low) * np.clip(film, 0, 1.05) + 0.018 * grain


def _framed(rng: np.random.Generator, film: np.ndarray, hospital: str) -> np.ndarray:
    """Add letters, and the black beside a film that is smaller than the picture; to uint8."""
    if hospital == "montgomery":
        film[rng.integers(200, SIDE) :] = 0.0
        edge = int(rng.integers(0, 14))
        film[:, :edge] = 0.0
        film[:, SIDE - edge :] = 0.0
        row, column = rng.integers(8, 24), rng.integers(196, 222)
        film[row : row + 7, column : column + 26] = 0.95
        film[row + 3, column + 2 : column + 24 : 2] = 0.1
    row, column = rng.integers(10, 30), rng.choice([12, 30, 214, 232])
    film[row : row + 10, column : column + 2] = 0.97
    film[row + 8 : row + 10, column : column + 7] = 0.97
    return camera.to_uint8(film)

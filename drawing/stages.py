"""Sets in which the drawn speakers talk, what is shown between, and a hall full of people."""

from functools import partial

import cv2
import numpy as np

from drawing import faces
from drawing.camera import blurred
from drawing.canvas import limb
from drawing.faces import Take
from drawing.noise import bump, smooth_noise
from drawing.speakers import Attire, put

HEIGHT, WIDTH, MARGIN = 180, 320, 12  # a set is drawn larger, so that the camera can move
SHAPE = (HEIGHT + 2 * MARGIN, WIDTH + 2 * MARGIN)
PLACES = 12


def place(number: int) -> np.ndarray:
    """Draw one of the twelve sets, (204, 344, 3) float32 in [0, 1]."""
    rng = np.random.default_rng([7, number])
    picture = _DRAW[number](rng)
    rough = smooth_noise(*SHAPE, 5, rng)[..., None]
    return np.clip(blurred(picture.astype(np.float32), 1.1) + 0.008 * rough, 0.02, 0.98)


def studio() -> np.ndarray:
    """Draw the set of the conversation: a dark blue wall with lit panels, and a long desk."""
    x, y = _grid()
    picture = _tone((0.10, 0.15, 0.27)) * (1.1 - 0.4 * y)[..., None]
    for k in range(6):
        glow = bump((x - (k + 0.5) / 6) / 0.05, (y - 0.32) / 0.30)
        picture += glow[..., None] * _tone((0.12, 0.26, 0.38))
    picture[y > 0.52] *= 0.8
    return np.clip(blurred(picture.astype(np.float32), 1.2), 0, 1)


def desk(frame: np.ndarray) -> None:
    """Paint the desk before the people of the conversation, in place."""
    top = int(0.86 * frame.shape[0])
    rows = np.linspace(0, 1, frame.shape[0] - top)[:, None, None]
    frame[top:] = np.float32([0.52, 0.36, 0.22]) * (1.05 - 0.45 * rows)
    frame[top : top + 3] = (0.74, 0.57, 0.38)


def _grid() -> tuple[np.ndarray, np.ndarray]:
    y, x = np.indices(SHAPE, np.float32)
    return x / (SHAPE[1] - 1), y / (SHAPE[0] - 1)


def _tone(colour: object) -> np.ndarray:
    return np.broadcast_to(np.float32(colour), (*SHAPE, 3)).copy()


def _wall(colour: object, fade: float = 0.35) -> np.ndarray:
    x, y = _grid()
    return _tone(colour) * (1.08 - fade * y - 0.1 * np.abs(x - 0.5))[..., None]


def _curtain(colour: object, rng: np.random.Generator) -> np.ndarray:
    """Folds of cloth, and a spot of light in the middle."""
    x, y = _grid()
    folds = 0.62 + 0.25 * np.sin(75 * x + 1.5 * np.sin(3 * y + 9 * x)) + 0.1 * np.sin(31 * x)
    spot = 0.35 + 0.85 * bump((x - 0.5) / 0.42, (y - 0.42) / 0.55)
    return _tone(colour) * (folds * spot)[..., None]


_SPINES = (
    *((0.45, 0.16, 0.14), (0.16, 0.24, 0.36), (0.20, 0.32, 0.22), (0.62, 0.50, 0.32)),
    *((0.36, 0.24, 0.16), (0.70, 0.66, 0.56), (0.28, 0.20, 0.28), (0.66, 0.38, 0.18)),
)


def _books(rng: np.random.Generator) -> np.ndarray:
    picture = _tone((0.20, 0.13, 0.08))
    height, width = SHAPE
    shelf = 44
    for top in range(4, height, shelf):
        at = 0
        while at < width:
            thick, tall = int(rng.integers(5, 13)), int(rng.integers(25, 37))
            colour = np.multiply(_SPINES[rng.integers(len(_SPINES))], rng.uniform(0.7, 1.15))
            foot = top + shelf - 5
            picture[foot - tall : foot, at : at + thick] = colour
            picture[foot - tall : foot, at : at + 1] *= 0.55
            picture[foot - tall + 5 : foot - tall + 8, at + 1 : at + thick - 1] *= 1.35
            at += thick + (int(rng.integers(6, 20)) if rng.random() < 0.08 else 0)
        picture[top + shelf - 5 : top + shelf - 1] = (0.40, 0.27, 0.16)
    return picture


def _brick(rng: np.random.Generator) -> np.ndarray:
    picture = _tone((0.62, 0.58, 0.54))
    for row, top in enumerate(range(0, SHAPE[0], 13)):
        for left in range(-30 + 15 * (row % 2), SHAPE[1], 31):
            colour = np.float32([0.62, 0.31, 0.23]) * rng.uniform(0.75, 1.12)
            picture[top : top + 11, max(left, 0) : max(left + 29, 0)] = colour
    x, _ = _grid()
    return picture * (1.05 - 0.35 * x)[..., None]


def _lamp(rng: np.random.Generator) -> np.ndarray:
    x, y = _grid()
    picture = _wall((0.66, 0.56, 0.42))
    for side in (0.12, 0.88):
        glow = bump((x - side) / 0.22, (y - 0.30) / 0.35)
        picture += glow[..., None] * _tone((0.42, 0.34, 0.16))
        shade = (np.abs(x - side) < 0.03 + 0.06 * (y - 0.22)) & (y > 0.22) & (y < 0.42)
        picture[shade] = (0.98, 0.92, 0.72)
        picture[(np.abs(x - side) < 0.006) & (y > 0.42)] = (0.25, 0.2, 0.15)
    return picture


def _slides(rng: np.random.Generator) -> np.ndarray:
    picture = _wall((0.13, 0.13, 0.16))
    height, width = SHAPE
    left, right, top, low = int(0.08 * width), int(0.92 * width), 12, int(0.66 * height)
    picture[top:low, left:right] = (0.90, 0.93, 0.96)
    picture[top : top + 15, left:right] = (0.16, 0.42, 0.62)
    for k, tall in enumerate(rng.uniform(0.2, 0.9, 12)):
        x = left + 16 + k * int((right - left - 24) / 12)
        picture[int(low - 8 - tall * 70) : low - 8, x : x + 12] = (0.85, 0.48, 0.20)
    return picture


def _garden(rng: np.random.Generator) -> np.ndarray:
    x, y = _grid()
    leaves = smooth_noise(*SHAPE, 9, rng) + 0.6 * smooth_noise(*SHAPE, 26, rng)
    picture = _tone((0.26, 0.42, 0.18)) * (1 + 0.30 * leaves)[..., None]
    sky = np.clip(2.2 - 7 * y + 1.1 * smooth_noise(*SHAPE, 34, rng), 0, 1)[..., None]
    picture += sky * (_tone((0.66, 0.80, 0.92)) - picture)
    lawn = (y > 0.78)[..., None]
    picture = np.where(lawn, _tone((0.42, 0.60, 0.26)) * (1 + 0.08 * leaves)[..., None], picture)
    for left in (0.10, 0.83):
        trunk = np.abs(x - left - 0.006 * np.sin(9 * y)) < 0.014 + 0.02 * np.clip(y - 0.7, 0, 1)
        bark = np.float32([0.30, 0.22, 0.15]) * (1 - 9 * (x - left))[..., None]
        crown = np.clip((y - 0.30 + 0.05 * leaves) / 0.06, 0, 1)[..., None]
        part = (trunk & (y < 0.84))[..., None] * crown
        picture += part * (bark - picture)
    return picture


def _panels(rng: np.random.Generator) -> np.ndarray:
    colours = ((0.92, 0.60, 0.18), (0.88, 0.35, 0.25), (0.20, 0.55, 0.58), (0.94, 0.82, 0.52))
    picture = _tone((0.9, 0.9, 0.9))
    edges = np.linspace(0, SHAPE[1], 9).astype(int)
    for k in range(8):
        picture[:, edges[k] : edges[k + 1] - 3] = colours[(k * 3) % 4]
    _, y = _grid()
    return picture * (1.02 - 0.3 * y)[..., None]


def _night(rng: np.random.Generator) -> np.ndarray:
    """Draw a city at night behind a window, out of focus."""
    x, y = _grid()
    picture = _tone((0.05, 0.07, 0.14)) * (1.3 - 0.5 * y)[..., None]
    for _ in range(60):
        place, size = rng.uniform([0, 0.25], [1, 0.95]), rng.uniform(0.010, 0.022)
        spot = np.hypot((x - place[0]) * 1.7, y - place[1]) < size
        picture[spot] += rng.uniform(0.3, 0.8) * np.float32([1.0, rng.uniform(0.6, 0.9), 0.45])
    for bar in (0.03, 0.36, 0.66, 0.97):
        picture[np.abs(x - bar) < 0.010] = (0.55, 0.55, 0.57)
    return picture


def _plants(rng: np.random.Generator) -> np.ndarray:
    picture = _wall((0.86, 0.86, 0.82), fade=0.2)
    for _ in range(64):
        foot = np.array([rng.choice([0.09, 0.91]) + rng.normal(0, 0.012), 0.86])
        tip = foot + np.array([rng.normal(0, 0.10), -rng.uniform(0.25, 0.72)])
        bend = (foot + tip) / 2 + np.array([rng.normal(0, 0.03), -0.04])
        leaf = limb(np.array([foot, bend, tip]) * (SHAPE[1], SHAPE[0]), (3, 11, 1))
        colour = np.float32([0.22, 0.42, 0.24]) * rng.uniform(0.55, 1.25)
        cv2.fillPoly(picture, [leaf.astype(np.int32)], colour.tolist())
    x, y = _grid()
    for side in (0.09, 0.91):
        pot = (np.abs(x - side) < 0.075 - 0.08 * (y - 0.84)) & (y > 0.84)
        picture[pot] = np.float32([0.70, 0.42, 0.30]) * (1 - 3 * (x - side)[pot])[:, None]
    return picture


def _wood(rng: np.random.Generator) -> np.ndarray:
    x, y = _grid()
    board = np.floor(x * 9)
    grain = np.sin(190 * x + 5 * np.sin(2.2 * y + 4 * board))
    grain = grain + np.sin(83 * x + 3 * y * np.cos(board))
    tone = 0.92 + 0.09 * np.sin(5.1 * board) + 0.035 * grain
    picture = _tone((0.55, 0.37, 0.21)) * tone[..., None]
    picture[(x * 9 - board) < 0.03] *= 0.5
    return picture


def _circle(rng: np.random.Generator) -> np.ndarray:
    """Draw a violet studio with a large bright ring."""
    x, y = _grid()
    picture = _wall((0.42, 0.26, 0.52))
    ring = np.abs(np.hypot((x - 0.5) * 1.7, y - 0.45) - 0.52)
    picture += bump(ring / 0.06)[..., None] * _tone((0.45, 0.40, 0.42))
    return picture


_DRAW = (
    *(partial(_curtain, (0.72, 0.12, 0.13)), _books, _brick, _lamp, _slides, _garden),
    *(_panels, _night, _plants, _wood, partial(_curtain, (0.16, 0.26, 0.62)), _circle),
)


# ---- what is shown between ----


_CARDS = (
    *((0.13, 0.20, 0.32), (0.90, 0.88, 0.82), (0.55, 0.20, 0.18), (0.20, 0.38, 0.36)),
    *((0.86, 0.66, 0.34), (0.30, 0.30, 0.33), (0.62, 0.72, 0.80), (0.38, 0.28, 0.42)),
)


def card(rng: np.random.Generator) -> np.ndarray:
    """Draw a title card or a slide without a person, (180, 320, 3) float32."""
    base, second = (np.float32(_CARDS[k]) for k in rng.choice(len(_CARDS), 2, replace=False))
    frame = np.empty((HEIGHT, WIDTH, 3), np.float32)
    frame[:] = base * np.linspace(1.05, 0.75, HEIGHT)[:, None, None]
    if rng.random() < 0.5:
        middle = (int(rng.integers(60, 260)), int(rng.integers(40, 120)))
        cv2.circle(frame, middle, int(rng.integers(20, 50)), second.tolist(), -1)
    ink = (1.0, 1.0, 1.0) if base.mean() < 0.5 else (0.1, 0.1, 0.12)
    for row in range(int(rng.integers(2, 5))):
        y, long = 60 + 26 * row, int(rng.integers(80, 220))
        cv2.rectangle(frame, (40, y), (40 + long, y + (12 if row == 0 else 6)), ink, -1)
    return np.clip(frame, 0, 1)


def hall(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw an audience, rows of people from the last to the first.

    Returns (204, 344, 3) float32, and the landmarks of the faces in it, (n, 68, 2) float32.
    """
    x, y = _grid()
    picture = _tone((0.20, 0.17, 0.17)) * (0.7 + 0.5 * y)[..., None]
    landmarks = []
    for row, (height, unit) in enumerate(((34, 10), (58, 13), (90, 17.5), (142, 25))):
        count = (9, 7, 6, 4)[row]
        for k in range(count):
            who = faces.random_identity(rng)
            at = (SHAPE[1] * (k + 0.3 + 0.4 * (row % 2)) / count, height)
            place_ = tuple(np.array(at) + rng.normal(0, 0.12 * unit, 2))
            take = Take(
                faces.random_expression(rng),
                yaw=float(np.clip(rng.normal(0, 0.18), -0.4, 0.4)),
                light=(0.1, 0.5),
                exposure=0.9,
            )
            landmarks.append(put(picture, who, Attire.random(rng), take, place_, unit))
    return np.clip(picture * 0.92, 0, 1), np.array(landmarks)

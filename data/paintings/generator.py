"""Three paintings by a program: strokes, dots and planes, each a style that is easy to tell."""

import cv2
import numpy as np

SIDE = 512
FINE = 3  # OpenCV draws at eighths of a pixel
NIGHT = np.array([(16, 28, 74), (28, 58, 126), (52, 98, 170), (110, 160, 200), (170, 200, 190)])
LIGHT = np.array([(250, 205, 70), (240, 225, 150), (225, 150, 40)])
WARM = np.array([(214, 92, 40), (236, 160, 60), (250, 214, 120), (180, 60, 60), (120, 150, 80)])
COLD = np.array([(60, 90, 150), (90, 140, 160), (120, 80, 130)])
GLASS = np.array(
    [(196, 54, 44), (232, 176, 60), (40, 96, 140), (232, 220, 190), (60, 130, 110), (110, 50, 80)]
)
LAMPS = ((130, 120, 70), (380, 170, 95), (250, 380, 80))  # x, y and radius of a light


def paintings(seed: int = 0) -> dict[str, np.ndarray]:
    """Paint three pictures, (512, 512, 3) uint8, by the names of their styles."""
    painters = {"strokes": strokes, "dots": dots, "planes": planes}
    return {
        name: paint(np.random.default_rng([seed, k]))
        for k, (name, paint) in enumerate(painters.items(), 1)
    }


def strokes(rng: np.random.Generator) -> np.ndarray:
    """Paint a night in long strokes that curl around three lights."""
    angle, glow = _currents(rng)
    tone = 2 + 1.1 * _smooth(rng, 9)
    picture = np.full((SIDE, SIDE, 3), NIGHT[1], np.uint8)
    for width, count in ((11, 2500), (7, 4000), (4, 3500)):
        for x, y in rng.uniform(0, SIDE, (count, 2)):
            column, row = int(x), int(y)
            colour = _near(NIGHT, tone[row, column], 0.7, rng)
            if rng.random() < glow[row, column]:
                colour = LIGHT[rng.integers(len(LIGHT))]
            path = _path(angle, x, y, int(rng.integers(4, 10)))
            how = (False, _varied(colour, 9, rng), width, cv2.LINE_AA, FINE)
            cv2.polylines(picture, [_fine(path)], *how)
    return picture


def dots(rng: np.random.Generator) -> np.ndarray:
    """Paint a warm field in dots of pure colour, some of them in the opposite one."""
    tone = 2 + 1.4 * _smooth(rng, 6)
    picture = np.full((SIDE, SIDE, 3), (238, 226, 200), np.uint8)
    for radius, count in ((9, 4500), (6, 7000)):
        for x, y in rng.uniform(0, SIDE, (count, 2)):
            here = tone[int(y), int(x)]
            colour = _near(WARM, here, 0.6, rng)
            if rng.random() < 0.22:
                colour = _near(COLD, here / 2, 0.4, rng)
            size = int(8 * radius * rng.uniform(0.6, 1))
            middle = tuple(map(int, _fine((x, y))))
            cv2.circle(picture, middle, size, _varied(colour, 8, rng), -1, cv2.LINE_AA, FINE)
    return picture


def planes(rng: np.random.Generator) -> np.ndarray:
    """Paint planes of few colours between dark lines, as in a window of stained glass."""
    points = rng.uniform(0, SIDE, (260, 2))
    whole = cv2.Subdiv2D((-10, -10, SIDE + 20, SIDE + 20))
    whole.insert([tuple(map(float, point)) for point in points])
    cells, _ = whole.getVoronoiFacetList([])
    tone = 2.5 + 1.8 * _smooth(rng, 5)
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    for cell in cells:
        column, row = cell.mean(axis=0).clip(0, SIDE - 1).astype(int)
        colour = _near(GLASS, tone[row, column], 0.8, rng)
        cv2.fillPoly(picture, [_fine(cell)], _varied(colour, 12, rng), cv2.LINE_AA, FINE)
    for cell in cells:
        cv2.polylines(picture, [_fine(cell)], True, (24, 20, 30), 5, cv2.LINE_AA, FINE)
    return picture


def _currents(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the direction of the strokes at each pixel, in radians, and how bright it is there."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    angle = 0.9 * _smooth(rng, 5)
    right, down = np.cos(angle), np.sin(angle)
    glow = np.zeros((SIDE, SIDE), np.float32)
    for middle_x, middle_y, radius in LAMPS:
        away_x, away_y = x - middle_x, y - middle_y
        away = np.hypot(away_x, away_y)
        pull = 2.5 * np.exp(-((away / (1.6 * radius)) ** 2)) / (away + 1)
        right, down = right - pull * away_y, down + pull * away_x
        glow += np.exp(-((away / (0.45 * radius)) ** 2))
    return np.arctan2(down, right), glow


def _path(angle: np.ndarray, x: float, y: float, steps: int) -> np.ndarray:
    """Follow the directions from a point, five pixels a step: (steps + 1, 2)."""
    path = [(x, y)]
    for _ in range(steps):
        x, y = path[-1]
        row, column = (int(np.clip(value, 0, SIDE - 1)) for value in (y, x))
        here = angle[row, column]
        path.append((x + 5 * np.cos(here), y + 5 * np.sin(here)))
    return np.array(path)


def _smooth(rng: np.random.Generator, cells: int) -> np.ndarray:
    """Return smooth noise, (512, 512), mostly between -2 and 2."""
    coarse = rng.normal(size=(cells, cells)).astype(np.float32)
    return cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def _near(palette: np.ndarray, tone: float, spread: float, rng: np.random.Generator) -> np.ndarray:
    """Return the colour of a palette that a tone stands for, or one near it."""
    return palette[int(np.clip(round(tone + rng.normal(0, spread)), 0, len(palette) - 1))]


def _varied(colour: np.ndarray, by: float, rng: np.random.Generator) -> tuple[float, ...]:
    return tuple(float(value) for value in np.clip(colour + rng.normal(0, by, 3), 0, 255))


def _fine(points: object) -> np.ndarray:
    return np.int32(np.asarray(points) * 2**FINE)

"""A canvas: soft-edged shapes with light on them, painted from back to front.

Shapes are masks of the whole picture, 0 outside to 1 inside. They come from outlines (`oval`,
`limb`, or any polygon) in coordinates of one's own, which the canvas's matrix takes to pixels, or
from a distance to an edge (`soft`).
"""

from dataclasses import dataclass, field

import cv2
import numpy as np

from drawing.palette import LUMA

HERE = np.eye(2, 3)
"""The matrix of a canvas whose coordinates are pixels."""


@dataclass
class Canvas:
    """A picture while it is painted."""

    pixels: np.ndarray  # (h, w, 3) or, for a grey picture, (h, w, 1) float32; painted in place
    # (2, 3), takes x, y of outlines to pixels
    matrix: np.ndarray = field(default_factory=HERE.copy)

    def __post_init__(self) -> None:
        # (h, w) float32, how much of a pixel `paint` has covered
        self.cover = np.zeros(self.pixels.shape[:2], np.float32)

    @property
    def unit(self) -> float:
        """Pixels of one unit of the outlines."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2]))))

    def blend(self, mask: np.ndarray, colour: object) -> None:
        """Mix a colour in where the mask, (h, w), says so: a number, r g b, or one a pixel."""
        self.pixels += mask[..., None] * (self.tone(colour) - self.pixels)

    def darken(self, mask: np.ndarray, by: float) -> None:
        """Multiply by ``1 - by`` where the mask is 1."""
        self.pixels *= 1 - by * mask[..., None]

    def tone(self, colour: object) -> np.ndarray:
        """Bring a colour (a number or r, g, b) to the canvas's channels."""
        rgb = np.asarray(colour, np.float32)
        rgb = np.broadcast_to(rgb, (*rgb.shape[:-1], 3))
        return rgb if self.pixels.shape[2] == 3 else (rgb @ LUMA)[..., None]

    def mask(self, outline: np.ndarray) -> np.ndarray:
        """Return the (h, w) float32 mask of a closed outline (k, 2)."""
        mask = np.zeros(self.pixels.shape[:2], np.uint8)
        at = np.round(moved(outline, self.matrix) * 16).astype(np.int32)
        cv2.fillPoly(mask, [at], 255, cv2.LINE_AA, shift=4)
        return mask.astype(np.float32) / 255

    def paint(self, outline: np.ndarray, colour: object, relief: float = 0.5) -> None:
        """Paint a shape as a round body, bright at its upper left and dark at its lower right."""
        mask = self.mask(outline)
        side = 2 * round(0.06 * max(mask.shape)) + 1
        part = box(mask > 0, margin=side)  # with all that the blur can see
        mask, pixels, cover = mask[part], self.pixels[part], self.cover[part]
        if not mask.size:
            return
        blurry = cv2.stackBlur(mask, (side, side))
        slope = cv2.Sobel(blurry, cv2.CV_32F, 1, 0) + 1.6 * cv2.Sobel(blurry, cv2.CV_32F, 0, 1)
        light = 1 + relief * np.clip(slope * 0.9, -0.5, 0.5)
        colour = np.asarray(colour, np.float32)
        tone = self.tone((colour[part] if colour.ndim == 3 else colour) * light[..., None])
        pixels += mask[..., None] * (tone - pixels)
        np.maximum(cover, mask, out=cover)


def box(there: np.ndarray, margin: int = 0) -> tuple[slice, ...]:
    """Return the rows and columns that hold all places of (h, w) booleans, and a margin."""
    if not there.any():
        return np.s_[0:0, 0:0]
    sides = (np.flatnonzero(there.any(axis=a)) for a in (1, 0))
    return tuple(slice(max(0, at[0] - margin), at[-1] + 1 + margin) for at in sides)


def boxes_of(mask: np.ndarray, count: int) -> np.ndarray:
    """Return the boxes, (count, 4) float32, around the pixels of a mask that hold 1, 2 and so on.

    x1, y1, x2, y2; x2 and y2 are the first column and row outside. Zeros where there is no pixel.
    """
    boxes = np.zeros((count, 4), np.float32)
    for k in range(count):
        rows, columns = box(mask == k + 1)
        boxes[k] = columns.start, rows.start, columns.stop, rows.stop
    return boxes


def soft(distance: np.ndarray, width: float) -> np.ndarray:
    """Turn a signed distance to an edge (negative inside) into a mask, ``width`` wide at it."""
    return np.clip(0.5 - distance / width, 0, 1)


def placed(middle: object, size: float, turn: float = 0, stretch: tuple = (1.0, 1.0)) -> np.ndarray:
    """Return the (2, 3) matrix that puts a thing's origin at ``middle``, in pixels.

    Before, it stretches the thing's own x and y (a negative factor mirrors), makes ``size`` pixels
    of a unit, and turns it by radians, clockwise as seen.
    """
    c, s = np.cos(turn), np.sin(turn)
    return np.column_stack([size * np.array([[c, -s], [s, c]]) @ np.diag(stretch), middle])


def moved(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return points (k, 2) where a (2, 3) matrix takes them."""
    return points @ matrix[:, :2].T + matrix[:, 2]


def oval(x: float, y: float, rx: float, ry: float, turn: float = 0, power: float = 2) -> np.ndarray:
    """Return the outline, (48, 2), of an ellipse; a higher power makes it boxier."""
    t = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    rim = np.column_stack([np.cos(t), np.sin(t)])
    rim = np.sign(rim) * np.abs(rim) ** (2 / power) * (rx, ry)
    return moved(rim, placed((x, y), 1, turn))


def limb(knots: object, widths: object) -> np.ndarray:
    """Return the outline of a limb along knots (k, 2), as wide at each knot as ``widths``."""
    from scipy.interpolate import CubicSpline

    knots = np.asarray(knots, float)
    t = np.arange(len(knots))
    fine = np.linspace(0, len(knots) - 1, 24)
    spline = CubicSpline(t, knots)
    line, slope = spline(fine), spline(fine, 1)
    normal = np.stack([-slope[:, 1], slope[:, 0]], axis=1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    half = np.interp(fine, t, np.asarray(widths, float))[:, None] / 2
    turn = np.linspace(-np.pi / 2, np.pi / 2, 9)[1:-1, None]
    ahead = np.array([normal[-1, 1], -normal[-1, 0]])  # past the last knot: a round end
    cap = line[-1] + half[-1] * (-np.sin(turn) * normal[-1] + np.cos(turn) * ahead)
    return np.concatenate([line + half * normal, cap, (line - half * normal)[::-1]])

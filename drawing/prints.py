"""Two portraits and photographs of their prints, with one to 32 faces whose boxes are known.

The portraits are ``skimage.data.astronaut`` (NASA) and Matplotlib's ``grace_hopper.jpg`` (US Navy),
both in the public domain. A face is outlined once on its portrait, so every copy's box and five
landmarks follow from where its print was put. There is a photograph for each question to a
detector: how small a face may be, how far it may be turned, how dark or bright it may be (these
three show one portrait, so that nothing else differs), and what happens in a crowd.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from matplotlib import cbook
from PIL import Image
from skimage import data as pictures

from drawing import camera
from drawing.canvas import moved, placed

# The face on the astronaut's portrait: an ellipse from the hairline to the chin and from cheek to
# cheek (centre, half axes), and five points: eyes, tip of the nose, corners of the mouth, each
# pair from the left of the picture to its right. All (x, y) in pixels of the 512x512 picture.
FACE_CENTRE = np.array([224.5, 121.0])
FACE_AXES = np.array([44.5, 57.0])
FACE_POINTS = np.array([[203.0, 101.5], [246.5, 103.5], [225.0, 127.0], [201.5, 139], [245.5, 141]])


@dataclass(frozen=True, eq=False)
class Portrait:
    """A portrait, the face on it, and the part of it that is printed."""

    read: Callable[[], np.ndarray]  # (h, w, 3) uint8
    centre: np.ndarray
    axes: np.ndarray
    points: np.ndarray
    crop: tuple[int, int, int, int]  # Left, top, right, bottom of what is printed
    margin: int  # Width of the print's white margin


PORTRAITS = {
    "astronaut": Portrait(
        pictures.astronaut, FACE_CENTRE, FACE_AXES, FACE_POINTS, (97, 0, 352, 255), 10
    ),
    # Measured by eye, held to MTCNN by a test; the cap hides the hairline, so the ellipse
    # ends where the forehead would: eyes and chin have the proportions of the other face. Margin
    # and crop are as large, in heights of the face.
    "hopper": Portrait(
        lambda: np.asarray(Image.open(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))),
        np.array([265.0, 217.0]),
        np.array([86.5, 111.5]),
        np.array([[222.0, 191.0], [306.0, 187.5], [267.5, 238.0], [232.0, 277.5], [302.0, 274.5]]),
        (18, 0, 512, 494),
        20,
    ),
}
# Mirroring exchanges left and right of the picture.
MIRRORED_ORDER = [1, 0, 2, 4, 3]
# Texture of scikit-image -> colour that its grey values are multiplied with.
TABLES = {"brick": (0.95, 0.80, 0.68), "grass": (0.62, 0.80, 0.52), "gravel": (0.80, 0.84, 0.92)}


@dataclass(frozen=True)
class Print:
    """One print of a portrait."""

    # Where the centre of the face lies, in pixels of the photograph
    x: float
    y: float
    height: float  # Height of the upright face, in pixels
    angle: float = 0.0  # Turn in degrees, counter-clockwise as seen
    mirrored: bool = False  # Left and right exchanged
    brightness: float = 1.0  # Factor on the pixel values; what exceeds white is cut off
    who: str = "astronaut"  # Whose portrait: a name of PORTRAITS


@dataclass(frozen=True, eq=False)
class Collage:
    """A photograph and what is known about it."""

    image: np.ndarray  # (h, w, 3) uint8
    # (n, 4) float32, x1 y1 x2 y2 in pixels: the smallest box around each face's ellipse
    boxes: np.ndarray
    # (n, 5, 2) float32: left eye, right eye, nose, left and right corner of the mouth
    landmarks: np.ndarray


def collage(
    prints: list[Print], table: str = "gravel", height: int = 480, width: int = 640
) -> Collage:
    """Lay prints on a table, "brick", "grass" or "gravel", the first one lowest.

    The texture of the table repeats mirrored.
    """
    grey = getattr(pictures, table)().astype(np.float32) / 255
    missing = [(0, max(0, side - len(grey))) for side in (height, width)]
    tile = np.pad(grey, missing, mode="symmetric")
    canvas = tile[:height, :width, None] * np.float32(TABLES[table])
    cards = {who: _card(PORTRAITS[who]) for who in {item.who for item in prints}}
    for item in prints:
        _put(canvas, cards[item.who], item)
    return _collage(camera.to_uint8(canvas), prints)


def portrait(who: str = "astronaut") -> Collage:
    """Return a portrait itself, which is a photograph with one face."""
    whole = PORTRAITS[who]
    return _collage(whole.read(), [Print(*whole.centre, 2 * whole.axes[1], who=who)])


def _collage(image: np.ndarray, prints: list[Print]) -> Collage:
    boxes = np.array([_box(p) for p in prints], np.float32).reshape(-1, 4)
    points = [moved(PORTRAITS[p.who].points, _placement(p)) for p in prints]
    points = [p[MIRRORED_ORDER] if at.mirrored else p for p, at in zip(points, prints, strict=True)]
    return Collage(image, boxes, np.array(points, np.float32).reshape(-1, 5, 2))


def _card(whole: Portrait) -> np.ndarray:
    """Return the print with its margin as (h, w, 4) float32: colour and one for "card here"."""
    left, top, right, bottom = whole.crop
    photograph = whole.read()[top:bottom, left:right].astype(np.float32) / 255
    rim = (whole.margin, whole.margin)
    framed = np.pad(photograph, (rim, rim, (0, 0)), constant_values=0.96)
    return np.concatenate([framed, np.ones_like(framed[..., :1])], axis=-1)


def _put(canvas: np.ndarray, card: np.ndarray, item: Print) -> None:
    """Lay one print with its shadow on the canvas, in place."""
    whole = PORTRAITS[item.who]
    scale = item.height / (2 * whole.axes[1])
    if scale < 1:  # what is made smaller is smoothed first, else its pixels are a lottery
        card = cv2.GaussianBlur(card, (0, 0), (1 / scale - 1) / 2, borderType=cv2.BORDER_REPLICATE)
    turn = _placement(item)
    turn[:, 2] += turn[:, :2] @ (np.array(whole.crop[:2]) - whole.margin)  # from pixels of the card
    side = np.array(card.shape[1::-1])
    corners = moved(np.array([[0, 0], [1, 0], [0, 1], [1, 1]]) * side, turn)
    low = np.maximum(np.floor(corners.min(0)).astype(int) - 4, 0)
    high = np.minimum(np.ceil(corners.max(0)).astype(int) + 10, canvas.shape[1::-1])
    if np.any(high <= low):
        return
    window = canvas[low[1] : high[1], low[0] : high[0]]
    turn[:, 2] -= low
    turned = cv2.warpAffine(card, turn, tuple(int(n) for n in high - low))
    here = turned[..., 3:]
    shadow = np.roll(here, (3, 3), axis=(0, 1))
    window *= 1 - 0.45 * cv2.GaussianBlur(shadow, (0, 0), 2)[..., None]
    # along its edge the card's colour was already mixed with nothing, in the proportion `here`
    window *= 1 - here
    window += np.minimum(turned[..., :3] * np.float32(item.brightness), here)


def _placement(item: Print) -> np.ndarray:
    """Return the (2, 3) affine map from pixels of the portrait to pixels of the photograph."""
    whole = PORTRAITS[item.who]
    scale = item.height / (2 * whole.axes[1])
    turn = np.deg2rad(-item.angle)  # y points down: a positive angle would turn clockwise
    matrix = placed((item.x, item.y), scale, turn, (-1.0 if item.mirrored else 1.0, 1.0))
    matrix[:, 2] -= matrix[:, :2] @ whole.centre
    return matrix


def _box(item: Print) -> list[float]:
    """Return x1 y1 x2 y2 around the turned ellipse of a print's face."""
    axes = PORTRAITS[item.who].axes
    a, b = axes * item.height / (2 * axes[1])
    cos, sin = np.cos(np.deg2rad(item.angle)), np.sin(np.deg2rad(item.angle))
    half_x, half_y = np.hypot(a * cos, b * sin), np.hypot(a * sin, b * cos)
    return [item.x - half_x, item.y - half_y, item.x + half_x, item.y + half_y]


# ------------------------------------------------------------------ the six photographs


PLACES = (  # of the prints that differ in size
    *((190, 235), (510, 135), (474, 376), (644, 350)),
    *((700, 68), (690, 184), (758, 330), (755, 410)),
)
ANGLES = (0, 10, 20, 30, 45, 60, 90, 120, 150, 180)  # from upright to upside down
LEVELS = (0.03, 0.06, 0.12, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0)  # nearly black to washed out


def photographs(seed: int = 0) -> dict[str, Collage]:
    """Return six photographs by name, with one to 32 faces."""
    rng = np.random.default_rng(seed)
    grid = [(80 + 160 * (i % 5), 112 + 246 * (i // 5), i % 2 == 1) for i in range(10)]
    sizes = [  # each 0.72 times as large as the one before
        Print(x, y, 150 * 0.72**i, rng.uniform(-4, 4), i % 2 == 1)
        for i, (x, y) in enumerate(PLACES)
    ]
    turned = [
        Print(x + rng.uniform(-5, 5), y, 56, angle, mirrored)
        for (x, y, mirrored), angle in zip(grid, ANGLES, strict=True)
    ]
    light = [
        Print(x, y, 60, rng.uniform(-4, 4), mirrored, level)
        for (x, y, mirrored), level in zip(grid, LEVELS, strict=True)
    ]
    return {
        "astronaut": portrait("astronaut"),
        "hopper": portrait("hopper"),
        "sizes": collage(sizes, "gravel", 480, 800),
        "turned": collage(turned, "grass", 480, 800),
        "light": collage(light, "brick", 480, 800),
        "crowd": collage(_crowd(rng), "gravel", 630, 1200),
    }


def _crowd(rng: np.random.Generator) -> list[Print]:
    """Four rows of prints, the far ones smaller, each a little turned and unevenly lit.

    Every second print shows the other portrait.
    """
    rows = ((60, 26, 11), (160, 40, 9), (295, 58, 7), (470, 84, 5))
    places = [(1200 * (i + 0.5) / count, y, face) for y, face, count in rows for i in range(count)]
    return [
        Print(
            x + rng.uniform(-8, 8),
            y + rng.uniform(-6, 6),
            face * rng.uniform(0.9, 1.1),
            angle=rng.uniform(-14, 14),
            mirrored=bool(rng.random() < 0.5),
            brightness=rng.uniform(0.55, 1.25),
            who=("astronaut", "hopper")[i % 2],
        )
        for i, (x, y, face) in enumerate(places)
    ]

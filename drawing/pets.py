"""Drawn cats and dogs with trimaps, of eight breeds.

An animal is a list of soft-edged shapes in its own coordinates, painted from back to front over a
room or a meadow. Rooms and meadows have the colours of fur, so that no threshold on colour finds
the animal.
"""

import cv2
import numpy as np

from drawing import camera
from drawing.canvas import HERE, Canvas, limb, oval, placed
from drawing.noise import smooth_noise

PET, BACKGROUND, OUTLINE = 1, 2, 3
LONGEST = 160  # pixels of the longer side; the shorter one is drawn at random
BAND = 0.018  # of the longer side: half the width of the outline, as in the official trimaps

# Breeds as in the official names: cats with a capital, dogs without. Colours are r, g, b.
_COATS = {
    "Marbled_Tabby": ((150, 128, 104), (78, 62, 50), "stripes"),
    "Ginger_Tabby": ((205, 146, 88), (160, 96, 48), "stripes"),
    "Pointed": ((214, 198, 176), (84, 66, 58), "points"),
    "Tuxedo": ((52, 50, 54), (226, 222, 216), "bib"),
    "chestnut_spaniel": ((226, 216, 202), (146, 84, 48), "patches"),
    "field_retriever": ((206, 172, 122), (184, 146, 96), "plain"),
    "saddled_shepherd": ((172, 128, 82), (56, 48, 44), "saddle"),
    "spotted_hound": ((222, 220, 214), (66, 62, 62), "spots"),
}
BREEDS = tuple(sorted(_COATS))

Pair = tuple[np.ndarray, np.ndarray]  # a photograph, (h, w, 3) uint8, and its trimap, (h, w) uint8


def photograph(breed: str, rng: np.random.Generator) -> Pair:
    """Draw one photograph and its trimap."""
    shorter = round(LONGEST * rng.uniform(0.66, 1.0))
    height, width = (LONGEST, shorter) if rng.random() < 0.4 else (shorter, LONGEST)
    canvas = Canvas(_background(height, width, rng))
    _Animal(canvas, rng, breed).paint()
    if rng.random() < 0.25:
        _something_in_front(canvas, rng)
    pixels = camera.blurred(canvas.pixels, rng.uniform(0.35, 0.8))
    mean = pixels.mean()
    pixels = (pixels - mean) * rng.uniform(0.75, 1.2) + mean * np.exp(rng.normal(0, 0.15))
    image = camera.to_uint8(camera.noisy(pixels * camera.tint(rng, 0.05), 4, rng), white=255)
    return image, trimap_of(canvas.cover > 0.5)


def trimap_of(pet: np.ndarray) -> np.ndarray:
    """Return the trimap of a mask, (h, w) uint8: 1 pet, 2 background, 3 its edge."""
    half = max(1, round(BAND * max(pet.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * half + 1, 2 * half + 1))
    mask = pet.astype(np.uint8)
    trimap = np.full(pet.shape, OUTLINE, np.uint8)
    trimap[cv2.dilate(mask, kernel) == 0] = BACKGROUND
    # Beyond the frame the animal goes on: without the border value it would be outlined there.
    trimap[cv2.erode(mask, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1) == 1] = PET
    return trimap


# ------------------------------------------------------------------ the animal


# Pose: share of all photographs, size of the animal in sides of the frame, how much of the frame's
# width counts as a side, half width and depth of its shadow in the animal's units.
POSES = {
    "sitting": (0.35, 0.8, 1.0, (0.36, 0.47)),
    "standing": (0.25, 0.78, 0.8, (0.5, 0.47)),
    "lying": (0.2, 0.72, 0.8, (0.6, 0.3)),
    "portrait": (0.2, 1.35, 1.0, (0.3, 0.47)),
}

_Head = tuple[float, float, float]  # x, y of the head's middle, its size


class _Animal:
    """An animal on a canvas, in some pose at some place."""

    def __init__(self, canvas: Canvas, rng: np.random.Generator, breed: str) -> None:
        self.canvas, self.rng, self.cat = canvas, rng, breed[0].isupper()
        self.pose = str(rng.choice(list(POSES), p=[share for share, *_ in POSES.values()]))
        canvas.matrix = self._place()
        *colours, self.pattern = _COATS[breed]
        self.coat, self.mark = self._fur(*colours)  # (h, w, 3), with hair in them
        marked = self.pattern in ("points", "patches", "saddle", "spots")
        self.ears = self.mark if marked else self.coat

    def paint(self) -> None:
        """Paint the shadow, the body and the head."""
        *_, (wide, low) = POSES[self.pose]
        shadow = self.canvas.mask(oval(0.03, low, wide, 0.06))
        shadow = camera.blurred(shadow, 0.04 * self.canvas.unit + 0.1)
        self.canvas.pixels *= np.clip(1 - 0.35 * shadow, 0, 1)[..., None]
        self._head(*getattr(self, f"_{self.pose}")())

    def _place(self) -> np.ndarray:
        """Draw where the animal is and how large; its middle is at 0, 0."""
        rng, (height, width) = self.rng, self.canvas.cover.shape
        _, share, breadth, _ = POSES[self.pose]
        size = share * min(height, width * breadth) * rng.uniform(0.72, 1.08)
        turn = rng.normal(0, 0.07)
        stretch = rng.choice([-1.0, 1.0]) * rng.uniform(0.92, 1.1), 1.0
        middle = np.array([width, height]) * (0.5 + rng.uniform(-0.09, 0.09, 2))
        return placed(middle + [0, 0.03 * height], size, turn, stretch)

    def _fur(self, ground: object, mark: object) -> tuple[np.ndarray, np.ndarray]:
        """Return the colours of the fur and of its marks."""
        rng, (height, width), unit = self.rng, self.canvas.cover.shape, self.canvas.unit
        y, x = np.mgrid[:height, :width].astype(np.float32)
        field = smooth_noise(height, width, 0.16 * unit, rng)
        share = np.zeros((height, width), np.float32)
        if self.pattern == "stripes":
            wave = (x * 0.8 + y * 0.45 + 0.05 * unit * field) / unit
            share = np.clip(np.sin(wave * rng.uniform(38, 52)) * 1.5, 0, 1) * 0.75
        elif self.pattern in ("patches", "spots"):
            cell = 0.3 if self.pattern == "patches" else 0.075
            share = np.clip(3 * smooth_noise(height, width, cell * unit, rng) - 0.8, 0, 1)
        elif self.pattern == "saddle":
            up = (y - self.canvas.matrix[1, 2]) / unit
            share = np.clip(0.5 - 4 * (up + 0.06 * field), 0, 1)
        elif self.pattern == "plain":
            share = np.clip(0.5 + 0.5 * field, 0, 1)
        tone = 1 + 0.10 * rng.normal() + 0.05 * rng.normal(size=3)
        hair = _hair(height, width, unit, rng)[..., None]
        colours = (np.array(c, np.float32) * tone for c in (ground, mark))
        plain, dark = (np.clip(c * hair, 4, 250).astype(np.float32) for c in colours)
        return plain + share[..., None] * (dark - plain), dark

    def _sitting(self) -> _Head:
        """Paint a body that sits and looks at us."""
        rng, paint, coat = self.rng, self.canvas.paint, self.coat
        side, reach = rng.choice([-1, 1]), rng.uniform(0.35, 0.5)
        tail = [(0.12 * side, 0.4), (0.3 * side, 0.43), (reach * side, 0.3), (reach * side, 0.1)]
        knots = 4 if self.cat else 3
        paint(limb(tail[:knots], [0.07, 0.065, 0.06, 0.045][:knots]), coat)
        for s in (-1, 1):
            paint(oval(0.17 * s, 0.35, 0.13, 0.14, 0.3 * s), coat * 0.94)
        lean = rng.uniform(-0.04, 0.04)
        back = [(lean, -0.2), (0.0, 0.05), (0, 0.3), (0, 0.36)]
        paint(limb(back, [0.2, 0.33, 0.44, 0.4]), coat)
        for s in (-1, 1):
            leg = [(0.085 * s, 0.1), (0.09 * s, 0.28), (0.1 * s, 0.45)]
            paint(limb(leg, [0.12, 0.1, 0.1]), coat)
            paint(oval(0.105 * s, 0.465, 0.07, 0.035), coat * 1.06)
        return lean, -0.24, rng.uniform(0.19, 0.22) if self.cat else rng.uniform(0.18, 0.21)

    def _standing(self) -> _Head:
        """Paint a body seen from the side, the head turned to us."""
        rng, paint, coat = self.rng, self.canvas.paint, self.coat
        lift = rng.uniform(-0.35, 0.1) if self.cat else rng.uniform(-0.25, 0.15)
        tail = [(0.4, -0.05), (0.52, -0.08 + lift / 3), (0.6, lift), (0.62, lift - 0.08)]
        paint(limb(tail, [0.08, 0.07, 0.06, 0.04] if self.cat else [0.09, 0.08, 0.08, 0.03]), coat)
        step = rng.uniform(-0.07, 0.07)
        legs = ((0.33, step, 0.8), (-0.22, -step, 0.8), (0.38, -step, 1), (-0.3, step, 1))
        for x, shift, tone in legs:
            leg = [(x, 0.08), (x + 0.02, 0.24), (x + shift, 0.45)]
            paint(limb(leg, [0.17, 0.1, 0.085]), coat * tone)
            paint(oval(x + shift - 0.02, 0.462, 0.065, 0.03), coat * tone)
        paint(limb([(-0.33, 0.0), (0.0, 0.03), (0.4, 0.02)], [0.3, 0.31, 0.27]), coat)
        for x, r in ((-0.3, 0.15), (0.36, 0.145)):
            paint(oval(x, 0.03, r, r), coat)
        paint(limb([(-0.3, 0.0), (-0.4, -0.15), (-0.44, -0.24)], [0.26, 0.2, 0.17]), coat)
        return -0.45, rng.uniform(-0.3, -0.24), rng.uniform(0.16, 0.19)

    def _lying(self) -> _Head:
        """Paint a body that lies, paws in front."""
        rng, paint, coat = self.rng, self.canvas.paint, self.coat
        tail = [(0.45, 0.2), (0.6, 0.22), (0.72, rng.uniform(0.05, 0.25))]
        paint(limb(tail, [0.09, 0.07, 0.045]), coat)
        paint(oval(0.12, 0.08, 0.45, 0.2, 0.08), coat)
        paint(oval(0.36, 0.1, 0.19, 0.19), coat * 0.97)
        paint(limb([(0.4, 0.2), (0.3, 0.27), (0.12, 0.27)], [0.14, 0.1, 0.07]), coat)
        paint(limb([(-0.2, 0.15), (-0.28, 0.0), (-0.3, -0.1)], [0.3, 0.24, 0.2]), coat)
        for s in (-1, 1):
            x = -0.3 + 0.1 * s
            paw = [(x, 0.12), (x - 0.02, 0.22), (x - 0.12 - 0.05 * s, 0.28)]
            paint(limb(paw, [0.13, 0.1, 0.085]), coat)
        return -0.32, rng.uniform(-0.18, -0.08), rng.uniform(0.19, 0.22)

    def _portrait(self) -> _Head:
        """Paint chest and shoulders, cut off by the frame."""
        lean = self.rng.uniform(-0.06, 0.06)
        chest = limb([(lean, -0.05), (0.02, 0.25), (0.04, 0.75)], [0.3, 0.48, 0.62])
        self.canvas.paint(chest, self.coat)
        return lean, -0.08, self.rng.uniform(0.25, 0.29)

    def _head(self, x: float, y: float, size: float) -> None:
        """Paint ears, head, muzzle and face around x, y."""
        paint, coat, pattern = self.canvas.paint, self.coat, self.pattern
        look = self.rng.uniform(-0.16, 0.16) * size  # the face turns a little to one side
        fx = x + look
        pointed = self.cat or pattern == "saddle"
        if pointed:
            self._pointed_ears(x - 0.3 * look, y, size)
        wide, high = (1.0, 0.88) if self.cat else (0.86, 0.98)
        paint(oval(x, y, wide * size, high * size, power=2.2), coat, relief=0.7)
        if not pointed:
            self._floppy_ears(x, y, size)
        white = np.array([228, 222, 214], np.float32) * (coat.mean() / 255 * 0.3 + 0.75)
        if pattern == "points":
            self._tint(oval(fx, y + 0.25 * size, 0.5 * size, 0.55 * size), self.mark, 0.8)
        if self.cat:
            for s in (-1, 1):
                muzzle = oval(fx + 0.17 * size * s, y + 0.4 * size, 0.24 * size, 0.19 * size)
                self._tint(muzzle, white, 0.65 if pattern != "points" else 0.2)
        else:
            muzzle = oval(fx, y + 0.48 * size, 0.42 * size, 0.42 * size, power=2.5)
            paint(muzzle, coat * (1.1 if pattern != "saddle" else 0.6), relief=0.8)
        if pattern == "bib":
            bib = oval(x, y + 1.4 * size, 0.42 * size, 0.6 * size)
            self._tint(bib, white, self.canvas.cover)
        self._face(fx, y, size)

    def _pointed_ears(self, x: float, y: float, size: float) -> None:
        tall = self.rng.uniform(1.35, 1.6) * size
        for s in (-1, 1):
            outer = np.array([[0.92, -0.25], [0.72, -tall / size], [0.15, -0.75]]) * size * [s, 1]
            self.canvas.paint(outer + [x, y], self.ears)
            inner = outer * 0.62 + outer.mean(axis=0) * 0.38
            self._tint(inner + [x, y], (196, 150, 140) if self.cat else (120, 92, 84), 0.7)

    def _floppy_ears(self, x: float, y: float, size: float) -> None:
        long = self.rng.uniform(0.5, 1.0)
        knots = [[0.5, -0.72], [0.95, -0.45], [1.08, 0.1 + 0.3 * long], [1.0, 0.2 + long / 2]]
        for s in (-1, 1):
            ear = np.array(knots) * size * [s, 1] + [x, y]
            widths = np.array([0.3, 0.4, 0.44, 0.3]) * size
            self.canvas.paint(limb(ear, widths), self.ears * 0.95, relief=0.8)

    def _face(self, x: float, y: float, size: float) -> None:
        """Paint eyes, nose and mouth."""
        cat, tint = self.cat, self._tint
        irises = [(150, 165, 70), (205, 165, 60), (110, 160, 190)]
        iris = irises[self.rng.integers(3)] if cat else (92, 58, 34)
        eye_y, r = y - 0.05 * size, 0.19 * size if cat else 0.13 * size
        for s in (-1, 1):
            ex = x + 0.38 * size * s
            rim = (30, 24, 22) if cat else (150, 120, 96)
            tint(oval(ex, eye_y, 1.2 * r, 1.05 * r, 0.25 * s), rim)
            tint(oval(ex, eye_y, r, 0.86 * r, 0.25 * s), iris)
            pupil = oval(ex, eye_y, r * (0.32 if cat else 0.55), r * (0.8 if cat else 0.55))
            tint(pupil, (12, 12, 14))
            tint(oval(ex - 0.3 * r, eye_y - 0.35 * r, 0.2 * r, 0.2 * r), 245)
        nose_y, wide = y + (0.28 if cat else 0.36) * size, 0.11 * size if cat else 0.18 * size
        nose = oval(x, nose_y, wide, 0.7 * wide, power=1.6)
        tint(nose, (170, 105, 100) if cat else (34, 30, 32))
        for s in (-1, 1):
            corner = (x + 0.1 * size * s, nose_y + 2.1 * wide)
            mouth = [(x, nose_y + wide), corner, (x + 0.24 * size * s, nose_y + 1.8 * wide)]
            tint(limb(mouth, [0.035 * size] * 3), (50, 36, 34), 0.8)

    def _tint(self, outline: np.ndarray, colour: object, strength: object = 1.0) -> None:
        """Colour what is painted already, without light of its own."""
        self.canvas.blend(self.canvas.mask(outline) * strength, colour)


def _hair(height: int, width: int, unit: float, rng: np.random.Generator) -> np.ndarray:
    """Return (h, w) brightness with streaks, as hair lies."""
    fine = rng.normal(size=(height, width)).astype(np.float32)
    streak = max(3, round(0.05 * unit)) | 1
    kernel = np.zeros((streak, streak), np.float32)
    turn = rng.uniform(0.9, 2.2)
    middle, reach = streak // 2, streak / 2 * np.array([np.cos(turn), np.sin(turn)])
    a, b = (tuple(int(round(v)) for v in middle + k * reach) for k in (-1, 1))
    cv2.line(kernel, a, b, 1.0)
    lines = cv2.filter2D(fine, -1, kernel / kernel.sum())
    return 1 + 0.16 * lines * np.sqrt(kernel.sum()) * 0.6 + 0.03 * fine


# ------------------------------------------------------------------ around the animal


def _background(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Paint a room or a meadow, (h, w, 3) float32."""
    outdoors = rng.random() < 0.45
    horizon = rng.uniform(0.25, 0.7) * height
    y, x = np.mgrid[:height, :width].astype(np.float32)
    below = np.clip((y - horizon) / (0.02 * height) + 0.5, 0, 1)[..., None]
    wall, floor = (_meadow if outdoors else _room)(height, width, rng)
    pixels = wall + below * (floor - wall)
    for _ in range(rng.integers(0, 4)):
        pixels = _blob(pixels, rng)
    light = 1 + 0.25 * rng.normal() * (x / width - 0.5) + 0.2 * rng.normal() * (y / height - 0.5)
    return (pixels * light[..., None]).astype(np.float32)


def _meadow(height: int, width: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the far bushes and the grass."""
    green = np.array([92, 112, 58], np.float32) * rng.uniform(0.7, 1.4) + rng.normal(0, 14, 3)
    earth = np.array([150, 126, 92], np.float32) * rng.uniform(0.6, 1.2)
    ground = green if rng.random() < 0.6 else earth
    far = np.array([110, 124, 104], np.float32) * rng.uniform(0.6, 1.5) + rng.normal(0, 12, 3)
    blades = smooth_noise(height, width, 2.0, rng) * 16 + smooth_noise(height, width, 11, rng) * 12
    leaves = smooth_noise(height, width, 9, rng) * 22 + smooth_noise(height, width, 30, rng) * 16
    return far + leaves[..., None], ground + blades[..., None]


def _room(height: int, width: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return a wall, now and then papered, and a floor of boards, tiles or carpet."""
    fur = np.array([colour for *colours, _ in _COATS.values() for colour in colours], np.float32)
    pick = fur[rng.integers(0, len(fur), 2)]
    wall, floor = (0.7 * c + 0.3 * rng.uniform(60, 220, 3) for c in pick)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    paper = np.zeros((height, width), np.float32)
    if rng.random() < 0.5:
        paper = 14 * np.sign(np.sin(x * 2 * np.pi / rng.uniform(9, 30)))
    boards = 12 * (np.sin((x + y * rng.normal(0, 0.6)) * 2 * np.pi / rng.uniform(12, 40)) > 0.9)
    rough = smooth_noise(height, width, 1.6, rng) * rng.uniform(2, 14)
    return wall + paper[..., None], floor + (rough - boards)[..., None]


def _blob(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Paint a thing without a name: a cushion, a box, a stone, a lamp."""
    height, width = pixels.shape[:2]
    canvas = Canvas(pixels.astype(np.float32))
    r = rng.uniform(0.05, 0.24, 2) * max(height, width)
    x, y = rng.uniform(0, width), rng.uniform(0, height)
    shape = oval(x, y, *r, rng.uniform(0, 3), rng.uniform(1.6, 6))
    colour = rng.uniform(30, 225, 3) * 0.35 + rng.uniform(40, 215) * 0.65
    grain = smooth_noise(height, width, rng.uniform(2, 8), rng) * rng.uniform(3, 18)
    canvas.paint(shape, colour + grain[..., None])
    return camera.blurred(canvas.pixels, rng.uniform(0.3, 1.5))


def _something_in_front(canvas: Canvas, rng: np.random.Generator) -> None:
    """Let a blade of grass, a leash or a bar hide a strip of the animal."""
    height, width = canvas.cover.shape
    canvas.matrix = HERE
    x = rng.uniform(0.1, 0.9) * width
    middle = (x + rng.normal(0, 8), 0.7 * height)
    end = (x + rng.normal(0, 25), rng.uniform(0.3, 0.6) * height)
    strip = limb([(x, 1.05 * height), middle, end], np.array([6, 5, 2]) * rng.uniform(0.4, 1.0))
    mask = canvas.mask(strip)
    canvas.blend(mask, rng.uniform(40, 190, 3))
    canvas.cover *= 1 - mask

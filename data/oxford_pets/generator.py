"""Drawn cats and dogs with trimaps, a miniature of the Oxford-IIIT pets.

An animal is a list of soft-edged shapes in a coordinate system of its own; a photograph turns,
mirrors and scales them into its frame, and paints them from back to front over a room or a
meadow. The colours of rooms and meadows are drawn from the same range as those of fur, so that
no threshold on colour finds the animal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

PET, BACKGROUND, OUTLINE = 1, 2, 3
BAND = 0.018  # of the longer side: half the width of the outline, as in the official trimaps

# Breeds as in the official names: cats with a capital, dogs without. Colours are r, g, b.
_CATS = {
    "Marbled_Tabby": ((150, 128, 104), (78, 62, 50), "stripes"),
    "Ginger_Tabby": ((205, 146, 88), (160, 96, 48), "stripes"),
    "Pointed": ((214, 198, 176), (84, 66, 58), "points"),
    "Tuxedo": ((52, 50, 54), (226, 222, 216), "bib"),
}
_DOGS = {
    "chestnut_spaniel": ((226, 216, 202), (146, 84, 48), "patches"),
    "field_retriever": ((206, 172, 122), (184, 146, 96), "plain"),
    "saddled_shepherd": ((172, 128, 82), (56, 48, 44), "saddle"),
    "spotted_hound": ((222, 220, 214), (66, 62, 62), "spots"),
}
BREEDS = tuple(sorted({**_CATS, **_DOGS}))
POSES = ("sitting", "standing", "lying", "portrait")


@dataclass(frozen=True)
class DrawnPets:
    """Drawn photographs with trimaps, and what is known of each.

    Parameters
    ----------
    images : list of np.ndarray
        Each (h, w, 3) uint8; sizes differ.
    trimaps : list of np.ndarray
        Each (h, w) uint8: 1 pet, 2 background, 3 outline.
    breed : np.ndarray
        (n,) int64, index into `BREEDS`.
    """

    images: list[np.ndarray]
    trimaps: list[np.ndarray]
    breed: np.ndarray


def pets(count: int, longest: int = 160, seed: int = 0) -> DrawnPets:
    """Draw cats and dogs in turn over all breeds.

    Parameters
    ----------
    count : int
        Photographs; the first ones are the same whatever the count.
    longest : int
        Pixels of the longer side of each; the shorter one is drawn at random.
    seed : int
    """
    breed = np.arange(count, dtype=np.int64) % len(BREEDS)
    drawn = [
        photograph(BREEDS[k], longest, np.random.default_rng([seed, i]))
        for i, k in enumerate(breed)
    ]
    return DrawnPets([image for image, _ in drawn], [trimap for _, trimap in drawn], breed)


def photograph(breed: str, longest: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw one photograph, (h, w, 3) uint8, and its trimap, (h, w) uint8.

    Raises
    ------
    ValueError
        The breed is none of `BREEDS`.
    """
    if breed not in BREEDS:
        raise ValueError(f"breed {breed!r} is not drawn here; there are {', '.join(BREEDS)}.")
    ratio = rng.uniform(0.66, 1.0)
    height, width = (longest, round(longest * ratio)) if rng.random() < 0.4 else (
        round(longest * ratio),
        longest,
    )  # fmt: skip
    canvas = _Canvas(_background(height, width, rng), np.zeros((height, width), np.float32), rng)
    _animal(canvas, breed)
    if rng.random() < 0.25:
        _something_in_front(canvas)
    return _developed(canvas.pixels, rng), trimap_of(canvas.pet > 0.5)


def trimap_of(pet: np.ndarray) -> np.ndarray:
    """Return the trimap of a mask: pixels near its edge become outline.

    Parameters
    ----------
    pet : np.ndarray
        (h, w) bool.

    Returns
    -------
    np.ndarray
        (h, w) uint8: 1 pet, 2 background, 3 outline.
    """
    import cv2

    half = max(1, round(BAND * max(pet.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * half + 1, 2 * half + 1))
    mask = pet.astype(np.uint8)
    trimap = np.full(pet.shape, OUTLINE, np.uint8)
    trimap[cv2.dilate(mask, kernel) == 0] = BACKGROUND
    # Beyond the frame the animal goes on: without the border value it would be outlined there.
    trimap[cv2.erode(mask, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=1) == 1] = PET
    return trimap


# ------------------------------------------------------------------ painting


@dataclass
class _Canvas:
    """A photograph while it is painted: colours, the pet's mask, where the animal stands."""

    pixels: np.ndarray  # (h, w, 3) float32
    pet: np.ndarray  # (h, w) float32
    rng: np.random.Generator
    matrix: np.ndarray | None = None  # (2, 3) from the animal's units to pixels

    def alpha(self, points: np.ndarray) -> np.ndarray:
        """Return the (h, w) mask, 0..1, of a closed shape (k, 2) in the animal's units."""
        import cv2

        at = points @ self.matrix[:, :2].T + self.matrix[:, 2]
        mask = np.zeros(self.pet.shape, np.uint8)
        cv2.fillPoly(mask, [np.round(at * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
        return mask.astype(np.float32) / 255

    def paint(self, points: np.ndarray, colour: object, relief: float = 0.5) -> np.ndarray:
        """Paint a shape of the animal with light from the upper left; return its mask."""
        import cv2

        mask = self.alpha(points)
        side = 2 * round(0.06 * max(mask.shape)) + 1
        soft = cv2.stackBlur(mask, (side, side))
        slope = cv2.Sobel(soft, cv2.CV_32F, 1, 0) + 1.6 * cv2.Sobel(soft, cv2.CV_32F, 0, 1)
        light = 1 + relief * np.clip(slope * 0.9, -0.5, 0.5)
        self.blend(mask, np.asarray(colour, np.float32) * light[..., None])
        np.maximum(self.pet, mask, out=self.pet)
        return mask

    def blend(self, mask: np.ndarray, colour: object) -> None:
        """Mix a colour in where the mask says so."""
        rows, columns = (np.flatnonzero(mask.any(axis=a)) for a in (1, 0))
        if rows.size:  # most shapes are small: only their part of the picture is touched
            part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            whole = np.broadcast_to(np.asarray(colour, np.float32), self.pixels.shape)
            self.pixels[part] += mask[part][..., None] * (whole[part] - self.pixels[part])

    def scale(self) -> float:
        """Return the pixels of one unit."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2]))))


def oval(
    x: float, y: float, rx: float, ry: float, turn: float = 0.0, power: float = 2.0
) -> np.ndarray:
    """Return the outline, (48, 2), of an ellipse; a higher power makes it boxier."""
    t = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    c, s = np.cos(t), np.sin(t)
    c, s = (np.sign(v) * np.abs(v) ** (2 / power) for v in (c, s))
    along, across = rx * c, ry * s
    return np.stack(
        [
            x + along * np.cos(turn) - across * np.sin(turn),
            y + along * np.sin(turn) + across * np.cos(turn),
        ],
        axis=1,
    )


def limb(knots: object, widths: object) -> np.ndarray:
    """Return the outline of a limb along knots (k, 2), as wide at each knot as told."""
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


def smooth_noise(height: int, width: int, cell: float, rng: np.random.Generator) -> np.ndarray:
    """Return (h, w) noise of mean 0 and about unit size, smooth over `cell` pixels."""
    import cv2

    rows, columns = int(height / cell) + 3, int(width / cell) + 3
    coarse = rng.normal(size=(rows, columns)).astype(np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


# ------------------------------------------------------------------ the animal


def _animal(canvas: _Canvas, breed: str) -> None:
    cat = breed in _CATS
    rng = canvas.rng
    pose = POSES[rng.choice(4, p=[0.35, 0.25, 0.2, 0.2])]
    canvas.matrix = _placed(canvas.pet.shape, pose, rng)
    coat, mark = _coat(canvas, breed)
    body = {"sitting": _sitting, "standing": _standing, "lying": _lying, "portrait": _portrait}
    shadow = np.clip(1 - 0.35 * _shadow(canvas, pose), 0, 1)
    canvas.pixels *= shadow[..., None]
    head = body[pose](canvas, coat, mark, cat)
    _head(canvas, coat, mark, breed, *head)


def _placed(shape: tuple[int, int], pose: str, rng: np.random.Generator) -> np.ndarray:
    """Draw where the animal is and how large; units: about one high, its middle at 0, 0."""
    height, width = shape
    size = {"sitting": 0.8, "standing": 0.78, "lying": 0.72, "portrait": 1.35}[pose]
    size *= min(height, width * (1.0 if pose in ("sitting", "portrait") else 0.8))
    size *= rng.uniform(0.72, 1.08)
    turn = rng.normal(0, 0.07)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = size * rotation @ np.diag([rng.choice([-1.0, 1.0]) * rng.uniform(0.92, 1.1), 1.0])
    middle = np.array([width, height]) * (0.5 + rng.uniform(-0.09, 0.09, 2))
    middle[1] += 0.03 * height
    return np.column_stack([linear, middle])


def _coat(canvas: _Canvas, breed: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the (h, w, 3) colours of the fur and of its marks, both with hair in them."""
    rng, (height, width) = canvas.rng, canvas.pet.shape
    ground, mark, pattern = {**_CATS, **_DOGS}[breed]
    unit = canvas.scale()
    y, x = np.mgrid[:height, :width].astype(np.float32)
    field = smooth_noise(height, width, 0.16 * unit, rng)
    share = np.zeros((height, width), np.float32)
    if pattern == "stripes":
        wave = (x * 0.8 + y * 0.45 + 0.05 * unit * field) / unit
        share = np.clip(np.sin(wave * rng.uniform(38, 52)) * 1.5, 0, 1) * 0.75
    elif pattern in ("patches", "spots"):
        cell = 0.3 if pattern == "patches" else 0.075
        share = np.clip(3 * smooth_noise(height, width, cell * unit, rng) - 0.8, 0, 1)
    elif pattern == "saddle":
        up = (y - canvas.matrix[1, 2]) / unit
        share = np.clip(0.5 - 4 * (up + 0.06 * field), 0, 1)
    elif pattern == "plain":
        share = np.clip(0.5 + 0.5 * field, 0, 1)
    tone = 1 + 0.10 * rng.normal() + 0.05 * rng.normal(size=3)
    hair = _hair(height, width, unit, rng)
    colours = (np.array(c, np.float32) * tone for c in (ground, mark))
    plain, dark = (np.clip(c * hair[..., None], 4, 250).astype(np.float32) for c in colours)
    return plain + share[..., None] * (dark - plain), dark


def _hair(height: int, width: int, unit: float, rng: np.random.Generator) -> np.ndarray:
    """Return (h, w) brightness with streaks, as hair lies."""
    import cv2

    fine = rng.normal(size=(height, width)).astype(np.float32)
    streak = max(3, round(0.05 * unit)) | 1
    kernel = np.zeros((streak, streak), np.float32)
    turn = rng.uniform(0.9, 2.2)
    middle, reach = streak // 2, streak / 2 * np.array([np.cos(turn), np.sin(turn)])
    a, b = (tuple(int(round(v)) for v in middle + k * reach) for k in (-1, 1))
    cv2.line(kernel, a, b, 1.0)
    lines = cv2.filter2D(fine, -1, kernel / kernel.sum())
    return 1 + 0.16 * lines * np.sqrt(kernel.sum()) * 0.6 + 0.03 * fine


def _shadow(canvas: _Canvas, pose: str) -> np.ndarray:
    """Return the (h, w) mask of the soft shadow on the ground."""
    import cv2

    wide = {"sitting": 0.36, "standing": 0.5, "lying": 0.6, "portrait": 0.3}[pose]
    mask = canvas.alpha(oval(0.03, 0.47 if pose != "lying" else 0.3, wide, 0.06))
    return cv2.GaussianBlur(mask, (0, 0), 0.04 * canvas.scale() + 0.1)


_Head = tuple[float, float, float]  # x, y of the head's middle, its size


def _sitting(canvas: _Canvas, coat: np.ndarray, mark: np.ndarray, cat: bool) -> _Head:
    """Paint a body that sits and looks at us."""
    rng = canvas.rng
    side = rng.choice([-1, 1])
    reach = rng.uniform(0.35, 0.5)
    tail = [(0.12 * side, 0.4), (0.3 * side, 0.43), (reach * side, 0.3), (reach * side, 0.1)]
    canvas.paint(limb(tail[: 4 if cat else 3], [0.07, 0.065, 0.06, 0.045][: 4 if cat else 3]), coat)
    for s in (-1, 1):
        canvas.paint(oval(0.17 * s, 0.35, 0.13, 0.14, 0.3 * s), coat * 0.94)
    lean = rng.uniform(-0.04, 0.04)
    canvas.paint(
        limb([(lean, -0.2), (0.0, 0.05), (0, 0.3), (0, 0.36)], [0.2, 0.33, 0.44, 0.4]), coat
    )
    for s in (-1, 1):
        leg = limb([(0.085 * s, 0.1), (0.09 * s, 0.28), (0.1 * s, 0.45)], [0.12, 0.1, 0.1])
        canvas.paint(leg, coat)
        canvas.paint(oval(0.105 * s, 0.465, 0.07, 0.035), coat * 1.06)
    return lean, -0.24, rng.uniform(0.19, 0.22) if cat else rng.uniform(0.18, 0.21)


def _standing(canvas: _Canvas, coat: np.ndarray, mark: np.ndarray, cat: bool) -> _Head:
    """Paint a body seen from the side, the head turned to us."""
    rng = canvas.rng
    lift = rng.uniform(-0.35, 0.1) if cat else rng.uniform(-0.25, 0.15)
    tail = [(0.4, -0.05), (0.52, -0.08 + lift / 3), (0.6, lift), (0.62, lift - 0.08)]
    canvas.paint(limb(tail, [0.08, 0.07, 0.06, 0.04] if cat else [0.09, 0.08, 0.08, 0.03]), coat)
    step = rng.uniform(-0.07, 0.07)
    for x, shift, tone in (
        (0.33, step, 0.8),
        (-0.22, -step, 0.8),
        (0.38, -step, 1),
        (-0.3, step, 1),
    ):
        leg = [(x, 0.08), (x + 0.02, 0.24), (x + shift, 0.45)]
        canvas.paint(limb(leg, [0.17, 0.1, 0.085]), coat * tone)
        canvas.paint(oval(x + shift - 0.02, 0.462, 0.065, 0.03), coat * tone)
    canvas.paint(limb([(-0.33, 0.0), (0.0, 0.03), (0.4, 0.02)], [0.3, 0.31, 0.27]), coat)
    for x, r in ((-0.3, 0.15), (0.36, 0.145)):
        canvas.paint(oval(x, 0.03, r, r), coat)
    canvas.paint(limb([(-0.3, 0.0), (-0.4, -0.15), (-0.44, -0.24)], [0.26, 0.2, 0.17]), coat)
    return -0.45, rng.uniform(-0.3, -0.24), rng.uniform(0.16, 0.19)


def _lying(canvas: _Canvas, coat: np.ndarray, mark: np.ndarray, cat: bool) -> _Head:
    """Paint a body that lies, paws in front."""
    rng = canvas.rng
    tail = [(0.45, 0.2), (0.6, 0.22), (0.72, rng.uniform(0.05, 0.25))]
    canvas.paint(limb(tail, [0.09, 0.07, 0.045]), coat)
    canvas.paint(oval(0.12, 0.08, 0.45, 0.2, 0.08), coat)
    canvas.paint(oval(0.36, 0.1, 0.19, 0.19), coat * 0.97)
    canvas.paint(limb([(0.4, 0.2), (0.3, 0.27), (0.12, 0.27)], [0.14, 0.1, 0.07]), coat)
    canvas.paint(limb([(-0.2, 0.15), (-0.28, 0.0), (-0.3, -0.1)], [0.3, 0.24, 0.2]), coat)
    for s in (-1, 1):
        x = -0.3 + 0.1 * s
        paw = [(x, 0.12), (x - 0.02, 0.22), (x - 0.12 - 0.05 * s, 0.28)]
        canvas.paint(limb(paw, [0.13, 0.1, 0.085]), coat)
    return -0.32, rng.uniform(-0.18, -0.08), rng.uniform(0.19, 0.22)


def _portrait(canvas: _Canvas, coat: np.ndarray, mark: np.ndarray, cat: bool) -> _Head:
    """Paint chest and shoulders, cut off by the frame."""
    lean = canvas.rng.uniform(-0.06, 0.06)
    canvas.paint(limb([(lean, -0.05), (0.02, 0.25), (0.04, 0.75)], [0.3, 0.48, 0.62]), coat)
    return lean, -0.08, canvas.rng.uniform(0.25, 0.29)


def _head(
    canvas: _Canvas, coat: np.ndarray, mark: np.ndarray, breed: str, x: float, y: float, size: float
) -> None:
    """Paint ears, head, muzzle and eyes around x, y."""
    rng, cat = canvas.rng, breed in _CATS
    pattern = {**_CATS, **_DOGS}[breed][2]
    look = rng.uniform(-0.16, 0.16) * size  # the face turns a little to one side
    pointed = cat or pattern == "saddle"
    ears = mark if pattern in ("points", "patches", "saddle", "spots") else coat
    if pointed:
        _pointed_ears(canvas, ears, x, y, size, look, cat)
    wide, high = (1.0, 0.88) if cat else (0.86, 0.98)
    canvas.paint(oval(x, y, wide * size, high * size, power=2.2), coat, relief=0.7)
    if not pointed:
        _floppy_ears(canvas, ears, x, y, size)
    white = np.array([228, 222, 214], np.float32) * (coat.mean() / 255 * 0.3 + 0.75)
    fx = x + look
    if pattern == "points":
        canvas.blend(canvas.alpha(oval(fx, y + 0.25 * size, 0.5 * size, 0.55 * size)) * 0.8, mark)
    if cat:
        for s in (-1, 1):
            muzzle = oval(fx + 0.17 * size * s, y + 0.4 * size, 0.24 * size, 0.19 * size)
            canvas.blend(canvas.alpha(muzzle) * (0.65 if pattern != "points" else 0.2), white)
    else:
        muzzle = oval(fx, y + 0.48 * size, 0.42 * size, 0.42 * size, power=2.5)
        canvas.paint(muzzle, coat * (1.1 if pattern != "saddle" else 0.6), relief=0.8)
    if pattern == "bib":
        bib = canvas.alpha(oval(x, y + 1.4 * size, 0.42 * size, 0.6 * size))
        canvas.blend(bib * canvas.pet, white)
    _face(canvas, fx, y, size, cat)


def _pointed_ears(
    canvas: _Canvas, colour: np.ndarray, x: float, y: float, size: float, look: float, cat: bool
) -> None:
    tall = canvas.rng.uniform(1.35, 1.6) * size
    for s in (-1, 1):
        outer = np.array([[0.92, -0.25], [0.72, -tall / size], [0.15, -0.75]]) * size * [s, 1]
        canvas.paint(outer + [x - 0.3 * look, y], colour)
        inner = outer * 0.62 + outer.mean(axis=0) * 0.38
        pink = (196, 150, 140) if cat else (120, 92, 84)
        canvas.blend(canvas.alpha(inner + [x - 0.3 * look, y]) * 0.7, pink)


def _floppy_ears(canvas: _Canvas, colour: np.ndarray, x: float, y: float, size: float) -> None:
    long = canvas.rng.uniform(0.5, 1.0)
    for s in (-1, 1):
        ear = np.array(
            [[0.5, -0.72], [0.95, -0.45], [1.08, 0.1 + 0.3 * long], [1.0, 0.2 + long / 2]]
        )
        ear = ear * size * [s, 1] + [x, y]
        canvas.paint(limb(ear, np.array([0.3, 0.4, 0.44, 0.3]) * size), colour * 0.95, relief=0.8)


def _face(canvas: _Canvas, x: float, y: float, size: float, cat: bool) -> None:
    """Paint eyes, nose and mouth."""
    rng = canvas.rng
    iris = (
        [(150, 165, 70), (205, 165, 60), (110, 160, 190)][rng.integers(3)] if cat else (92, 58, 34)
    )
    eye_y = y - 0.05 * size
    rim = (30, 24, 22) if cat else (150, 120, 96)
    for s in (-1, 1):
        ex = x + 0.38 * size * s
        r = 0.19 * size if cat else 0.13 * size
        canvas.blend(canvas.alpha(oval(ex, eye_y, 1.2 * r, 1.05 * r, 0.25 * s)), rim)
        canvas.blend(canvas.alpha(oval(ex, eye_y, r, 0.86 * r, 0.25 * s)), iris)
        pupil = oval(ex, eye_y, r * (0.32 if cat else 0.55), r * (0.8 if cat else 0.55))
        canvas.blend(canvas.alpha(pupil), (12, 12, 14))
        canvas.blend(canvas.alpha(oval(ex - 0.3 * r, eye_y - 0.35 * r, 0.2 * r, 0.2 * r)), 245)
    nose_y = y + (0.28 if cat else 0.36) * size
    wide = 0.11 * size if cat else 0.18 * size
    nose = oval(x, nose_y, wide, 0.7 * wide, power=1.6)
    canvas.blend(canvas.alpha(nose), (170, 105, 100) if cat else (34, 30, 32))
    for s in (-1, 1):
        mouth = [(x, nose_y + wide), (x + 0.1 * size * s, nose_y + 2.1 * wide),
                 (x + 0.24 * size * s, nose_y + 1.8 * wide)]  # fmt: skip
        canvas.blend(canvas.alpha(limb(mouth, [0.035 * size] * 3)) * 0.8, (50, 36, 34))


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
    fur = [c for pair in (*_CATS.values(), *_DOGS.values()) for c in pair[:2]]
    pick = [np.array(fur[k], np.float32) for k in rng.integers(0, len(fur), 2)]
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
    import cv2

    height, width = pixels.shape[:2]
    unit = np.column_stack([np.eye(2), np.zeros(2)])
    canvas = _Canvas(pixels.astype(np.float32), np.zeros((height, width), np.float32), rng, unit)
    r = rng.uniform(0.05, 0.24, 2) * max(height, width)
    shape = oval(
        rng.uniform(0, width), rng.uniform(0, height), *r, rng.uniform(0, 3), rng.uniform(1.6, 6)
    )
    colour = rng.uniform(30, 225, 3) * 0.35 + rng.uniform(40, 215) * 0.65
    grain = smooth_noise(height, width, rng.uniform(2, 8), rng) * rng.uniform(3, 18)
    canvas.paint(shape, colour + grain[..., None])
    return cv2.GaussianBlur(canvas.pixels, (0, 0), rng.uniform(0.3, 1.5))


def _something_in_front(canvas: _Canvas) -> None:
    """Let a blade of grass, a leash or a bar hide a strip of the animal."""
    rng, (height, width) = canvas.rng, canvas.pet.shape
    canvas.matrix = np.column_stack([np.eye(2), np.zeros(2)])
    x = rng.uniform(0.1, 0.9) * width
    line = [(x, 1.05 * height), (x + rng.normal(0, 8), 0.7 * height),
            (x + rng.normal(0, 25), rng.uniform(0.3, 0.6) * height)]  # fmt: skip
    mask = canvas.alpha(limb(line, np.array([6, 5, 2]) * rng.uniform(0.4, 1.0)))
    canvas.blend(mask, rng.uniform(40, 190, 3))
    canvas.pet *= 1 - mask


def _developed(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Give the photograph exposure, contrast, tint, blur and grain; return uint8."""
    import cv2

    pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.35, 0.8))
    mean = pixels.mean()
    pixels = (pixels - mean) * rng.uniform(0.75, 1.2) + mean * np.exp(rng.normal(0, 0.15))
    pixels = pixels * np.exp(rng.normal(0, 0.05, 3)) + rng.normal(0, 4, pixels.shape)
    return np.clip(pixels.round(), 0, 255).astype(np.uint8)

"""Clips of drawn people who talk, honest and forged, and a drawn video call with five of them.

In a forged clip the inside of the face, from the brows to the lips, was replaced in each frame
alone, as a face swap does it. So the identity that is shown drifts between two people, every
measure trembles, the patch sits a little beside its place and is softer and off in colour, and now
and then the swap fails. How strongly, differs from clip to clip. No generative network is involved:
what these clips share with real forgeries is an identity that does not hold still, and nothing
measured on them says how well real forgeries are found.
"""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from skimage import data as pictures

from data.core.files import temporary_path
from drawing import camera, faces
from drawing.faces import Expression, Identity, Take
from drawing.noise import wave

SIZE = 192  # pixels of a clip's side
FPS = 6.0  # the pace of a slow webcam
CALL_SIZE = (640, 360)  # width and height of the video call
# Left, top and side of each person's window in the call; the last one shows a photograph.
TILES = ((8, 36, 288), (304, 36, 184), (496, 36, 136), (496, 188, 136), (304, 228, 124))
FACE_CENTRE = np.array([224.5, 121.0])  # of the face on the photograph, x and y in its pixels
# What a swap takes over from the donor: the inside of the face, not outline, skin or hair.
OUTLINE = ("width", "chin", "jaw", "cheek", "hairline")
SWAPPED = [name for name in faces.SPREAD if name not in OUTLINE]


def talking(seed: int, *, forged: bool, n_frames: int, size: int = SIZE) -> np.ndarray:
    """Draw a clip of one person who talks, (n_frames, size, size, 3) uint8 RGB.

    Who is seen is the same for the honest and the forged clip of a seed; they were taken on two
    occasions, and the face that replaces the inside of a ``forged`` one comes from a third person.
    """
    who = faces.random_identity(np.random.default_rng([seed, 0]))
    rng = np.random.default_rng([seed, 1 + forged])
    takes = _takes(who, n_frames, rng)
    honest = [faces.draw_face(who, take, size=size, colour=True) for take in takes]
    pictures = _swapped(who, honest, takes, rng) if forged else [face.image for face in honest]
    return np.stack([_filmed(picture, rng) for picture in pictures])


def call(seed: int, n_frames: int) -> np.ndarray:
    """Draw a video call with five people: four drawn ones, and a moved photograph.

    The photograph is ``skimage.data.astronaut`` (NASA, public domain). Returns
    (n_frames, 360, 640, 3) uint8 RGB.
    """
    rng = np.random.default_rng([seed, 3])
    width, height = CALL_SIZE
    frames = np.full((n_frames, height, width, 3), 28, np.uint8)
    for k, (left, top, side) in enumerate(TILES):
        if k == len(TILES) - 1:
            tile = _moved_photograph(n_frames, side, rng)
        else:
            tile = talking(1000 + 10 * seed + k, forged=False, n_frames=n_frames, size=side)
        frames[:, top : top + side, left : left + side] = tile
    return frames


def encode(frames: np.ndarray, path: Path, fps: float = FPS) -> None:
    """Write frames, (n, height, width, 3) uint8 RGB, as an mp4 file (MPEG-4 part 2).

    The file gets its name once it is whole. Where OpenCV cannot write, it is an OSError.
    """
    with temporary_path(path) as part:
        codec = cv2.VideoWriter_fourcc(*"mp4v")
        writer = cv2.VideoWriter(str(part), codec, fps, frames.shape[2:0:-1])
        try:
            if not writer.isOpened():
                raise OSError(f"OpenCV cannot write the video {path}")
            for frame in frames:
                writer.write(np.ascontiguousarray(frame[..., ::-1]))  # BGR
        finally:
            writer.release()


# ---- a person who talks ----


def _takes(who: Identity, n: int, rng: np.random.Generator) -> list[Take]:
    """Return how every frame is taken; some people move more than others."""
    lively = rng.uniform(0.5, 1.8)
    names = ("yaw", "pitch", "roll", "light", "x", "y", "smile")
    waves = {name: wave(n, FPS, rng) for name in names}
    spread = {"yaw": 0.14, "pitch": 0.07, "roll": 0.06, "light": 0.16, "x": 0.05, "y": 0.03}
    at = {name: lively * sd * waves[name] for name, sd in spread.items()}
    mouth = np.clip(0.35 + 0.45 * wave(n, FPS, rng), 0, 1) * rng.uniform(0.5, 1)
    mood, side, height = rng.uniform(-0.1, 0.5), rng.normal(0, 0.35), rng.normal(0.35, 0.1)
    zoom, background = rng.uniform(0.53, 0.62), rng.uniform(0.15, 0.6)
    exposure = camera.evened(who.skin, share=0.5) * rng.normal(1, 0.05)
    eyes = np.where(rng.random(n) < 0.06, 0.1, 1.0)
    return [
        Take(
            expression=Expression(
                smile=float(np.clip(mood + 0.25 * waves["smile"][i], -0.5, 1)),
                mouth=float(mouth[i]),
                eyes=float(eyes[i]),
                brows=float(np.clip(0.2 * waves["pitch"][i], 0, 1)),
            ),
            yaw=float(np.clip(at["yaw"][i], -0.42, 0.42)),
            pitch=float(np.clip(at["pitch"][i], -0.2, 0.2)),
            roll=float(at["roll"][i]),
            light=(side + float(at["light"][i]), height),
            exposure=exposure,
            zoom=zoom,
            centre=(float(at["x"][i]), 0.1 + float(at["y"][i])),
            background=background,
        )
        for i in range(n)
    ]


def _filmed(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add a webcam's blur and noise to a picture of floats; return uint8."""
    picture = camera.blurred(picture, rng.uniform(0.4, 1.1))
    return camera.to_uint8(camera.noisy(picture, 0.012, rng))


# ---- the forgery ----


def _swapped(
    who: Identity, honest: list[faces.DrawnFace], takes: list[Take], rng: np.random.Generator
) -> list[np.ndarray]:
    """Replace the face in each frame of a clip by another person's."""
    donor, n = faces.random_identity(rng), len(honest)
    crude = rng.uniform(0.0, 1.0)  # the quality of the forgery, from good to bad
    weight = np.clip(0.6 + (0.05 + 0.3 * crude) * wave(n, FPS, rng), 0, 1)
    shown = [_between(who, donor, w, 0.1 + 0.6 * crude, rng) for w in weight]
    shift = (0.002 + 0.006 * crude) * rng.standard_normal((n, 2))  # in shares of a side
    gain = rng.normal(1, 0.04, 3) * rng.normal(1, 0.01 + 0.03 * crude, (n, 1))
    opacity = np.where(rng.random(n) < 0.15 * crude, 0.0, 1.0)  # 0 where the swap failed
    softness, size = float(rng.uniform(0.4, 1.4)), len(honest[0].image)
    pictures = []
    for i, under in enumerate(honest):
        patch = faces.draw_face(shown[i], takes[i], size=size, colour=True).image
        patch = camera.blurred(patch, softness) * gain[i].astype(np.float32)
        pictures.append(_laid(under, patch, shift[i] * size, opacity[i]))
    return pictures


def _laid(under: faces.DrawnFace, patch: np.ndarray, shift: np.ndarray, share: float) -> np.ndarray:
    """Lay a share of the inside of a face, moved by some pixels, over the picture underneath."""
    size = len(patch)
    move = np.float32([[1, 0, shift[0]], [0, 1, shift[1]]])
    patch = cv2.warpAffine(patch, move, (size, size), borderMode=cv2.BORDER_REPLICATE)
    mask = np.zeros((size, size), np.float32)
    hull = cv2.convexHull(under.landmarks[17:].round().astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 1.0)
    mask = cv2.dilate(mask, np.ones((5, 5), np.uint8))
    mask = share * camera.blurred(mask, 0.02 * size)[..., None]
    return (under.image + mask * (patch - under.image)).astype(np.float32)


def _between(
    who: Identity, donor: Identity, weight: float, tremble: float, rng: np.random.Generator
) -> Identity:
    """Return a face whose inner measures lie between two people's, each a little off."""
    measures = {}
    for name in SWAPPED:
        a, b = getattr(who, name), getattr(donor, name)
        off = tremble * faces.SPREAD[name] * float(np.clip(rng.normal(), -2, 2))
        measures[name] = a + float(weight) * (b - a) + off
    iris = tuple(np.add(who.iris, weight * np.subtract(donor.iris, who.iris)))
    return replace(who, **measures, iris=iris)


# ---- the photograph in the call ----


def _moved_photograph(n: int, side: int, rng: np.random.Generator) -> np.ndarray:
    """Move, turn and light the astronaut's portrait as if she sat before a camera."""
    x, y, turn, light = (wave(n, FPS, rng) for _ in range(4))
    frames = []
    for i in range(n):
        matrix = cv2.getRotationMatrix2D(tuple(FACE_CENTRE), 4 * turn[i], side / 255)
        matrix[:, 2] += side * np.array([0.5 + 0.02 * x[i], 0.47 + 0.015 * y[i]]) - FACE_CENTRE
        options = dict(flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
        picture = cv2.warpAffine(pictures.astronaut(), matrix, (side, side), **options)
        frames.append(_filmed(np.float32(picture) / 255 * (1 + 0.08 * np.float32(light[i])), rng))
    return np.stack(frames)

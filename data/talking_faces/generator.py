"""A drawn video call with five people, for want of a public recording of one."""

from pathlib import Path

import cv2
import numpy as np
from skimage import data as pictures

from data.core.files import temporary_path
from drawing import camera, faces
from drawing.faces import Expression, Identity, Take
from drawing.noise import wave

FPS = 6.0  # the pace of a slow webcam
CALL_SIZE = (640, 360)  # width and height of the video call
# Left, top and side of each person's window in the call; the last one shows a photograph.
TILES = ((8, 36, 288), (304, 36, 184), (496, 36, 136), (496, 188, 136), (304, 228, 124))
FACE_CENTRE = np.array([224.5, 121.0])  # of the face on the photograph, x and y in its pixels


def talking(seed: int, *, n_frames: int, size: int) -> np.ndarray:
    """Draw a clip of one person who talks, (n_frames, size, size, 3) uint8 RGB."""
    who = faces.random_identity(np.random.default_rng([seed, 0]))
    rng = np.random.default_rng([seed, 1])
    takes = _takes(who, n_frames, rng)
    drawn = [faces.draw_face(who, take, size=size, colour=True) for take in takes]
    return np.stack([_filmed(face.image, rng) for face in drawn])


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
            tile = talking(1000 + 10 * seed + k, n_frames=n_frames, size=side)
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

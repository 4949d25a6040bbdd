"""Frames of a video file, one at a time, by OpenCV; a broken file is an error that names it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from data.core.cards import DataError

# FFmpeg, which OpenCV reads videos with, writes its complaints straight to the standard error of
# the process. Ours name the file and can be caught. It reads this once, at its first video.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")


class VideoError(DataError, ValueError):
    """A file is no video, or a damaged one."""


class Info(NamedTuple):
    """What a video file says of itself."""

    frames: int  # that are stored; 0 where the format does not tell
    fps: float  # frames a second when it is played
    width: int  # in pixels
    height: int


def info(path: str | Path) -> Info:
    """Return number, rate and size of a video's frames, without decoding; raises as `frames`."""
    capture = _open(path)
    return Info(
        frames=max(0, int(capture.get(cv2.CAP_PROP_FRAME_COUNT))),
        fps=float(capture.get(cv2.CAP_PROP_FPS)),
        width=int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
        height=int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
    )


def frames(path: str | Path, stride: int = 1) -> Iterator[np.ndarray]:
    """Yield every ``stride``-th frame of a video file from the first on, (height, width, 3) uint8.

    Frames are RGB and decoded one at a time: memory holds a single one. A compressed frame is
    stored as the difference to those before it, so frames that are passed over are decoded all the
    same. A file that was cut off is read to where it ends.

    Raises
    ------
    FileNotFoundError, VideoError
        There is no such file, or it is no video.
    """
    capture = _open(path)
    try:
        count = 0
        while capture.grab():
            if count % stride == 0:
                _, frame = capture.retrieve()
                yield np.ascontiguousarray(frame[..., ::-1])  # OpenCV's order is BGR
            count += 1
    finally:
        capture.release()


def _open(path: str | Path):
    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no video {path}")
    # What goes wrong is raised here; OpenCV's own warnings would stand above it.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    if not capture.isOpened():
        raise VideoError(f"{path} cannot be read as a video.")
    return capture

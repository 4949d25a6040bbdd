"""Frames of a video file, one at a time, by OpenCV; a broken file is an error that names it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from data.core.cards import DataError

# FFmpeg, which OpenCV reads videos with, writes its complaints straight to the standard error of
# the process. Ours name the file and can be caught. It reads this once, at its first video.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")


class VideoError(DataError, ValueError):
    """A file is no video, or ends before it should."""


class Info(NamedTuple):
    """What a video file says of itself."""

    frames: int  # that are stored; 0 where the format does not tell
    fps: float  # frames a second when it is played
    width: int  # in pixels
    height: int


def info(path: str | Path) -> Info:
    """Return number, rate and size of a video's frames, without decoding; raises as `frames`."""
    return _info(_open(path))


def frames(path: str | Path, stride: int = 1) -> Iterator[np.ndarray]:
    """Yield the frames of a video file, decoding one at a time: memory holds a single one.

    A compressed frame is stored as the difference to those before it, so frames that are passed
    over are decoded all the same; only their conversion to RGB is saved.

    Parameters
    ----------
    path : str or Path
        A file that OpenCV's FFmpeg reads: mp4, avi, mov, mkv and others.
    stride : int
        Every how many-th frame to yield, beginning with the first.

    Yields
    ------
    np.ndarray
        (height, width, 3) uint8 RGB.

    Raises
    ------
    FileNotFoundError, VideoError
        At the first frame: there is no such file, or it is no video. At the end: the file holds
        fewer frames than it says, so it was cut off or is damaged. A video that a telephone trimmed
        shows fewer frames than it stores, which is no error.
    """
    if stride < 1:
        raise ValueError(f"stride={stride}: a whole number of at least 1 is wanted.")
    capture = _open(path)
    try:
        promised, read = _info(capture).frames, 0
        while capture.grab():
            if read % stride == 0:
                decoded, frame = capture.retrieve()
                if not decoded:
                    raise VideoError(f"frame {read} of {path} cannot be decoded: it is damaged.")
                yield np.ascontiguousarray(frame[..., ::-1])  # OpenCV's order is BGR
            read += 1
        stored = read if read >= promised else _count_stored(path)
        if read == 0 or stored < promised:
            raise VideoError(
                f"{path} ends after {stored} of {promised} frames: it was cut off or is damaged."
            )
    finally:
        capture.release()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep OpenCV's warnings from the terminal; what goes wrong is raised by the caller."""
    import cv2

    log = cv2.utils.logging
    level = log.getLogLevel()
    log.setLogLevel(log.LOG_LEVEL_ERROR)
    try:
        yield
    finally:
        log.setLogLevel(level)


def _open(path: str | Path):
    import cv2

    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no video {path}")
    with quiet():
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    if not capture.isOpened():
        raise VideoError(f"{path} cannot be read as a video.")
    return capture


def _count_stored(path: str | Path) -> int:
    """Count the frames that can be decoded, with those that a trimmed video does not show.

    To trim an mp4, an edit list in it says which part to show; all frames stay, and are promised.
    """
    name = "OPENCV_FFMPEG_CAPTURE_OPTIONS"  # OpenCV takes options of FFmpeg no other way
    before = os.environ.get(name)
    os.environ[name] = "ignore_editlist;1"
    try:
        capture = _open(path)
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before
    return sum(1 for _ in iter(capture.grab, False))


def _info(capture) -> Info:
    import cv2

    return Info(
        frames=max(0, int(capture.get(cv2.CAP_PROP_FRAME_COUNT))),
        fps=float(capture.get(cv2.CAP_PROP_FPS)),
        width=int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
        height=int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
    )

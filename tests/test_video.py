"""Frames of video files."""

import cv2
import numpy as np
import pytest

from data.talking_faces import generator as clips
from utils import video


@pytest.fixture
def short(tmp_path):
    """Return a file of seven frames, each of one grey that tells its number."""
    greys = np.arange(7, dtype=np.uint8) * 30 + 20
    frames = np.broadcast_to(greys[:, None, None, None], (7, 48, 64, 3))
    clips.encode(frames, tmp_path / "short.mp4", fps=5.0)
    return tmp_path / "short.mp4"


def greys(frames):
    return [round((float(frame.mean()) - 20) / 30) for frame in frames]


def test_a_file_says_what_it_holds(short):
    assert video.info(short) == video.Info(frames=7, fps=5.0, width=64, height=48)


def test_every_frame_comes_once_and_in_order(short):
    frames = list(video.frames(short))
    assert greys(frames) == [0, 1, 2, 3, 4, 5, 6]
    assert greys(video.frames(str(short), stride=3)) == [0, 3, 6]
    assert greys(video.frames(short, stride=100)) == [0]


def test_a_file_that_is_no_video_is_named(tmp_path, capfd):
    with pytest.raises(FileNotFoundError, match="nowhere.mp4"):
        next(video.frames(tmp_path / "nowhere.mp4"))
    text = tmp_path / "text.mp4"
    text.write_bytes(b"no video " * 100)
    with pytest.raises(video.VideoError, match="text.mp4 cannot be read"):
        next(video.frames(text))
    with pytest.raises(video.VideoError, match="text.mp4 cannot be read"):
        video.info(text)
    assert capfd.readouterr().err == ""


def test_a_file_that_was_cut_off_is_read_to_where_it_ends(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "noise.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 5.0, (64, 48))
    for _ in range(8):
        writer.write(rng.integers(0, 256, (48, 64, 3), dtype=np.uint8))
    writer.release()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert 0 < len(list(video.frames(path))) < 8

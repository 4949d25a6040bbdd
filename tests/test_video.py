"""Frames of video files."""

import os
import struct

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
    boxes = np.zeros((7, 0, 4), np.float32)
    clips.encode(clips.Clip(np.ascontiguousarray(frames), boxes, 5.0), tmp_path / "short.mp4")
    return tmp_path / "short.mp4"


def greys(frames):
    return [round((float(frame.mean()) - 20) / 30) for frame in frames]


def test_a_file_says_what_it_holds(short):
    assert video.info(short) == video.Info(frames=7, fps=5.0, width=64, height=48)


def test_every_frame_comes_once_and_in_order(short):
    frames = list(video.frames(short))
    assert greys(frames) == [0, 1, 2, 3, 4, 5, 6]
    assert {(f.shape, f.dtype.name) for f in frames} == {((48, 64, 3), "uint8")}
    assert greys(video.frames(str(short), stride=3)) == [0, 3, 6]
    assert greys(video.frames(short, stride=100)) == [0]


def test_colours_are_red_green_blue(tmp_path):
    frames = np.zeros((2, 32, 32, 3), np.uint8)
    frames[..., 0] = 200
    clips.encode(clips.Clip(frames, np.zeros((2, 0, 4))), tmp_path / "red.mp4")
    red, green, blue = next(video.frames(tmp_path / "red.mp4")).mean(axis=(0, 1))
    assert red > 150 and green < 60 and blue < 60


def test_a_stride_below_one_is_refused(short):
    with pytest.raises(ValueError, match="stride=0"):
        next(video.frames(short, stride=0))


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


def test_a_file_without_its_end_is_named(short):
    """The index of an mp4 written by OpenCV lies at the end: without it nothing can be read."""
    short.write_bytes(short.read_bytes()[:-200])
    with pytest.raises(video.VideoError, match="short.mp4"):
        list(video.frames(short))


def boxes_of(data):
    """Return the outer boxes of an mp4 by their kind: all bytes of each."""
    found, at = {}, 0
    while at < len(data):
        size = struct.unpack_from(">I", data, at)[0]
        found[data[at + 4 : at + 8]] = data[at : at + size]
        at += size
    return found


def with_index_first(data):
    """Move the index of an mp4 to the front, as for the web; such a file can lose its end."""
    boxes = boxes_of(data)
    index = bytearray(boxes[b"moov"])
    at = index.index(b"stco") + 8  # after kind, version and flags: a count, then places in the file
    for i in range(struct.unpack_from(">I", index, at)[0]):
        place = struct.unpack_from(">I", index, at + 4 + 4 * i)[0]
        struct.pack_into(">I", index, at + 4 + 4 * i, place + len(index))
    return boxes[b"ftyp"] + bytes(index) + boxes[b"free"] + boxes[b"mdat"]


def trimmed(data, start, seconds):
    """Let the edit list of an mp4 show `seconds` from `start` on, as a telephone does."""
    data = bytearray(data)
    at = data.index(b"mvhd") + 16  # after version, flags and two times: ticks in a second
    film = struct.unpack_from(">I", data, at)[0]
    media = struct.unpack_from(">I", data, data.index(b"mdhd") + 16)[0]
    at = data.index(b"elst") + 12  # after version, flags and the count of edits
    struct.pack_into(">Ii", data, at, round(seconds * film), round(start * media))
    return bytes(data)


@pytest.mark.parametrize(
    ("start", "seconds", "shown"),
    [(0, 0.6, [0, 1, 2]), (0.4, 1, [2, 3, 4, 5, 6]), (0.4, 0.6, [2, 3, 4]), (0, 1.4, range(7))],
)
def test_a_trimmed_video_is_whole(short, start, seconds, shown, monkeypatch):
    """It stores seven frames and shows some of them: nothing was lost."""
    monkeypatch.setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", "threads;1")
    for data in (short.read_bytes(), with_index_first(short.read_bytes())):
        short.write_bytes(trimmed(data, start, seconds))
        assert video.info(short).frames == 7
        assert greys(video.frames(short)) == list(shown)
    assert os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] == "threads;1"


@pytest.mark.parametrize("trim", [False, True])
def test_a_file_that_was_cut_off_is_an_error_trimmed_or_not(short, trim):
    data = with_index_first(short.read_bytes())
    if trim:
        data = trimmed(data, 0.2, 0.4)  # frames 1 and 2, which lie before the cut
    short.write_bytes(data[: len(data) - len(boxes_of(data)[b"mdat"]) // 3])
    seen = []
    with pytest.raises(video.VideoError, match=r"short.mp4 ends after \d of 7 frames"):
        for frame in video.frames(short):
            seen.append(frame)
    assert greys(seen) == [1, 2] if trim else len(seen) in range(2, 7)
    assert "OPENCV_FFMPEG_CAPTURE_OPTIONS" not in os.environ


def test_a_damaged_stream_is_an_error_after_its_last_good_frame(tmp_path, capfd):
    """Where the index is whole and the pictures are not, the frames before the damage come."""
    rng = np.random.default_rng(0)
    path = tmp_path / "noise.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 5.0, (64, 48))
    for _ in range(8):
        writer.write(rng.integers(0, 256, (48, 64, 3), dtype=np.uint8))
    writer.release()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    seen = []
    with pytest.raises(video.VideoError, match=r"noise.avi ends after \d of 8 frames"):
        for frame in video.frames(path):
            seen.append(frame)
    assert 0 < len(seen) < 8


def test_the_file_is_closed_when_nobody_wants_more(short):
    frames = video.frames(short)
    next(frames)
    frames.close()
    short.unlink()
    assert not short.exists()

"""The loader of clips in both tiers."""

import numpy as np
import pytest

from data import talking_faces as clips
from data.core import fetch
from data.core.cards import DataError
from data.talking_faces import generator as drawn
from utils import data, video


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Keep what is drawn in a folder of the test's own, and draw little."""
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path))
    monkeypatch.setattr(clips, "PAIRS", 1)
    monkeypatch.setattr(clips, "PAIR_FRAMES", 2)
    monkeypatch.setattr(clips, "CALL_FRAMES", 2)
    return tmp_path


def test_clips_are_drawn_once_and_kept(build, monkeypatch):
    first = clips.labelled(1, 2)
    assert all(build in path.parents for path in first.paths)
    assert first.names == ("honest 0", "forged 0")

    def never(*args, **kwargs):
        raise AssertionError("drawn again")

    monkeypatch.setattr(drawn, "talking", never)
    again = clips.labelled(1, 2)
    assert again.paths == first.paths
    np.testing.assert_array_equal(again.boxes[1], first.boxes[1])


@pytest.fixture
def served(tmp_path, monkeypatch):
    """Serve a small clip in place of the recording."""
    path = tmp_path / clips.FILE
    frames = np.full((4, 36, 64, 3), 90, np.uint8)
    drawn.encode(drawn.Clip(frames, np.zeros((4, 0, 4), np.float32), 30.0), path)

    def answer(entry, file):
        assert (entry, file) == ("talking_faces", clips.FILE)
        return fetch.Fetched(path, "local")

    monkeypatch.setattr(fetch, "fetch", answer)
    return path


def test_the_real_recording_is_one_clip_without_labels(served):
    record = data.load("talking_faces", "real")
    assert (record.data, record.source, record.boxes) == ("real", "local", None)
    assert record.paths == (served,) and record.names == ("stage",)
    np.testing.assert_array_equal(record.labels, [-1])
    np.testing.assert_array_equal(record.frames, [4])
    np.testing.assert_array_equal(record.sizes, [[64, 36]])
    np.testing.assert_allclose(record.fps, [30.0])


def test_a_broken_recording_is_named(served):
    served.write_bytes(b"no video at all")
    with pytest.raises(DataError, match="short_hamilton_clip.mp4 cannot be read"):
        data.load("talking_faces", "real")


def test_the_real_recording(real):
    assert (real.frames[0], real.sizes[0].tolist()) == (275, [640, 360])
    assert sum(1 for _ in video.frames(real.paths[0], stride=50)) == 6

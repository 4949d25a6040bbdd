"""The loader of clips in both tiers."""

import numpy as np
import pytest

from data import talking_faces as clips
from data.talking_faces import generator as drawn


def test_clips_are_drawn_once(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path))
    first = clips.labelled(1, 2)
    assert first.names == ("honest 0", "forged 0")

    monkeypatch.delattr(drawn, "talking")
    again = clips.labelled(1, 2)
    assert again.paths == first.paths
    np.testing.assert_array_equal(again.boxes[1], first.boxes[1])


SHORT = drawn.Clip(np.full((4, 36, 64, 3), 90, np.uint8), np.zeros((4, 0, 4), np.float32), 30.0)


def test_the_real_recording_is_one_clip_without_labels(tmp_path, serve):
    drawn.encode(SHORT, tmp_path / clips.FILE)
    record = serve()
    assert record.boxes is None
    assert record.paths == (tmp_path / clips.FILE,) and record.names == ("stage",)
    assert (record.labels, record.frames) == ([-1], [4])


def test_a_failed_write_leaves_no_video_behind(tmp_path, monkeypatch):
    def fail(clip, path):
        path.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(drawn, "_write", fail)
    with pytest.raises(OSError, match="disk full"):
        drawn.encode(SHORT, tmp_path / "clip.mp4")
    assert [path.suffix for path in tmp_path.iterdir()] == [".npy"]  # its boxes alone

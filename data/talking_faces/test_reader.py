"""The loader of clips from both data sources."""

from pathlib import Path

import numpy as np
import pytest

from data import talking_faces as clips
from data.talking_faces import generator


def test_clips_are_drawn_once(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SAMPLES_DIR", str(tmp_path))
    first = clips.Clips.labelled(1, 2)
    assert first.names == ("honest 0", "forged 0")

    monkeypatch.delattr(generator, "talking")
    assert clips.Clips.labelled(1, 2).paths == first.paths


SHORT = np.full((4, 36, 64, 3), 90, np.uint8)


def test_the_real_recording_is_one_clip_without_labels(tmp_path, serve):
    generator.encode(SHORT, tmp_path / clips.FILE)
    record = serve()
    assert record.paths == (tmp_path / clips.FILE,) and record.names == ("stage",)
    assert (record.labels, record.frames) == ([-1], [4])


def test_a_failed_write_leaves_no_video_behind(tmp_path, monkeypatch):
    def fail(path, *_):
        Path(path).write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(generator.cv2, "VideoWriter", fail)
    with pytest.raises(OSError, match="disk full"):
        generator.encode(SHORT, tmp_path / "clip.mp4")
    assert not list(tmp_path.iterdir())

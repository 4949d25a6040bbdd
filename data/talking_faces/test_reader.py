"""The loader of clips from both data sources."""

from pathlib import Path

import numpy as np
import pytest

from data import talking_faces as clips
from data.talking_faces import generator


def test_the_call_is_drawn_once(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SAMPLES_DIR", str(tmp_path))
    monkeypatch.setattr(clips, "CALL_FRAMES", 2)
    first = clips.sample()
    assert first.names == ("call",) and first.items == 2

    monkeypatch.delattr(generator, "call")
    assert clips.sample().paths == first.paths


SHORT = np.full((4, 36, 64, 3), 90, np.uint8)


def test_the_real_recording_is_one_clip(tmp_path, serve):
    generator.encode(SHORT, tmp_path / clips.FILE)
    record = serve()
    assert record.paths == (tmp_path / clips.FILE,) and record.names == ("stage",)
    assert record.frames == (4,) and record.items == 4


def test_a_failed_write_leaves_no_video_behind(tmp_path, monkeypatch):
    def fail(path, *_):
        Path(path).write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(generator.cv2, "VideoWriter", fail)
    with pytest.raises(OSError, match="disk full"):
        generator.encode(SHORT, tmp_path / "clip.mp4")
    assert not list(tmp_path.iterdir())

"""Drawn clips: what is promised of their frames, boxes and files."""

import numpy as np
import pytest

from data.talking_faces import generator as clips
from utils import faces
from utils.boxes import match_boxes


@pytest.fixture(scope="module")
def pair():
    return [clips.talking(0, forged=forged, n_frames=3) for forged in (False, True)]


@pytest.fixture(scope="module")
def call():
    return clips.call(0, n_frames=2)


def test_clips_are_seeded_and_have_the_promised_shapes(pair):
    for clip in pair:
        assert clip.frames.shape == (3, clips.SIZE, clips.SIZE, 3)
        assert clip.frames.dtype == np.uint8
        assert clip.boxes.shape == (3, 1, 4) and clip.boxes.dtype == np.float32
        assert clip.boxes.min() >= 0 and clip.boxes.max() <= clips.SIZE
    again = clips.talking(0, forged=True, n_frames=3)
    np.testing.assert_array_equal(again.frames, pair[1].frames, strict=True)
    other = clips.talking(1, forged=True, n_frames=3)
    assert np.any(other.frames != again.frames)


def test_clips_are_the_ones_that_results_were_measured_on():
    takes = [clips.talking(3, forged=forged, n_frames=2, size=64) for forged in (False, True)]
    sums = [int(clip.frames.astype(np.int64).sum()) for clip in takes]
    np.testing.assert_allclose(sums, [1885314, 2093629], rtol=1e-3)


def test_a_forgery_changes_the_inside_of_the_face_alone():
    who = clips.faces.random_identity(np.random.default_rng(3))
    rng = np.random.default_rng(4)
    takes = clips._takes(who, 4, rng)
    swap = clips._Swap.random(who, 4, rng)
    changed = 0
    for i, take in enumerate(takes):
        drawn = clips.faces.draw_face(who, take, size=96, colour=True)
        difference = np.abs(swap.apply(drawn, take, i) - drawn.image).max(axis=2)
        x1, y1, x2, y2 = clips._box(drawn.landmarks).round().astype(int)
        outside = difference.copy()
        outside[max(0, y1) : y2, max(0, x1) : x2] = 0
        assert outside.max() < 0.04
        changed += difference.max() > 0.05
        assert (difference.max() > 0) == (swap.opacity[i] > 0)
    assert changed >= 2


def test_hog_finds_all_five_people_of_the_call(call):
    width, height = clips.CALL_SIZE
    assert call.frames.shape == (2, height, width, 3)
    assert call.boxes.shape == (2, 5, 4)
    for frame, truth in zip(call.frames, call.boxes, strict=True):
        found = faces.detect(frame, "hog", min_face=40)
        assert len(found) == 5
        assert np.all(match_boxes(found.boxes, truth, 0.4) >= 0)


@pytest.mark.slow
def test_mtcnn_finds_all_five_people_of_the_call(call):
    found = faces.detect(call.frames[0], "mtcnn", min_face=30)
    assert np.all(match_boxes(found.boxes, call.boxes[0], 0.4) >= 0)


def test_a_failed_write_leaves_no_video_behind(pair, tmp_path, monkeypatch):
    def fail(clip, path):
        path.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(clips, "_write", fail)
    with pytest.raises(OSError, match="disk full"):
        clips.encode(pair[0], tmp_path / "clip.mp4")
    assert not list(tmp_path.glob("*.mp4"))
    assert not list(tmp_path.glob(".*"))

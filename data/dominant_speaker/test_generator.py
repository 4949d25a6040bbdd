import cv2
import numpy as np
import pytest

from data import dominant_speaker as speakers
from data.core import pictures
from data.dominant_speaker import generator, sets


@pytest.fixture(scope="module")
def drawn():
    return speakers.clips()


@pytest.fixture(scope="module")
def talk():
    return speakers.conversation()


def test_clips_are_what_the_record_says(drawn):
    assert (drawn.frames.shape, drawn.frames.dtype) == ((624, 180, 320, 3), np.uint8)
    assert (drawn.data, drawn.source, drawn.items) == ("sample", "generated", 624)
    assert len(np.unique(drawn.clip)) == 36 and set(drawn.labels) == set(range(6))
    for one in np.unique(drawn.clip):
        here = drawn.clip == one
        assert len(set(drawn.labels[here])) == len(set(drawn.part[here])) == 1
        np.testing.assert_array_equal(drawn.time[here], np.arange(here.sum()), strict=True)


def test_cutaways_are_junk_and_faces_lie_in_their_boxes(drawn):
    speaker = drawn.shows == "speaker"
    assert set(drawn.shows) == {"speaker", "audience", "nobody"} and 0.75 < speaker.mean() < 0.9
    np.testing.assert_array_equal(drawn.truth, np.where(speaker, drawn.labels, -1), strict=True)
    faced = np.isfinite(drawn.boxes).all(axis=1)
    np.testing.assert_array_equal(faced, drawn.shows != "nobody", strict=True)
    np.testing.assert_array_equal(faced, np.isfinite(drawn.landmarks).all(axis=(1, 2)), strict=True)
    low, high = drawn.boxes[faced, None, :2], drawn.boxes[faced, None, 2:]
    points = drawn.landmarks[faced]
    assert (points >= low - 1e-3).all() and (points <= high + 1e-3).all()


def test_training_places_belong_to_one_speaker_and_a_test_clip_to_another(drawn):
    at_home = {place: set() for place in range(sets.PLACES)}
    for place, who in zip(
        drawn.place[drawn.part == "train"], drawn.labels[drawn.part == "train"], strict=True
    ):
        at_home[place].add(who)
    assert all(len(owners) == 1 for owners in at_home.values())
    for who in range(6):
        test = (drawn.part == "test") & (drawn.labels == who)
        assert {who in at_home[place] for place in drawn.place[test]} == {True, False}


def test_a_seed_is_a_set_of_clips():
    first, again, other = (
        generator.clips(seed, n_train=1, n_test=0, length=1) for seed in (3, 3, 4)
    )
    for name, values in first.items():
        np.testing.assert_array_equal(values, again[name], strict=True)
    assert (first["frames"] != other["frames"]).any()


def test_aligned_eyes_lie_where_the_template_says(drawn):
    few = np.flatnonzero(drawn.shows == "speaker")[::60]
    crops = speakers.aligned(drawn.frames[few], drawn.landmarks[few], 64)
    assert (crops.shape, crops.dtype) == ((len(few), 64, 64, 3), np.uint8)
    points = drawn.landmarks[few[0]].astype(float)
    three = np.array([points[36:42].mean(axis=0), points[42:48].mean(axis=0), points[57]])
    matrix = pictures.similarity(three, speakers.TEMPLATE * 64 - 0.5)
    off = three @ matrix[:, :2].T + matrix[:, 2] - (speakers.TEMPLATE * 64 - 0.5)
    np.testing.assert_allclose(off.mean(axis=0), 0, atol=1e-9)
    assert matrix[0, 0] == matrix[1, 1] and matrix[0, 1] == -matrix[1, 0] and np.abs(off).max() < 6
    without = np.flatnonzero(drawn.shows == "nobody")[:1]
    with pytest.raises(ValueError, match=r"frames \[0\] have no landmarks"):
        speakers.aligned(drawn.frames[without], drawn.landmarks[without], 64)


def test_who_speaks_moves_the_mouth_more(talk):
    assert talk.frames.shape == (120, 180, 320, 3) and talk.fps == 6.0
    assert set(talk.speaking) <= {-1, *talk.people} and len(set(talk.speaking)) >= 3
    gap = talk.landmarks[:, :, 66, 1] - talk.landmarks[:, :, 62, 1]
    gap /= talk.landmarks[:, :, 45, 0] - talk.landmarks[:, :, 36, 0]
    speaks = talk.speaking[:, None] == talk.people
    assert np.nanmean(gap[speaks]) > 3 * np.nanmean(gap[~speaks])
    shown = np.isfinite(gap).sum(axis=1)
    expected = np.select([talk.shot == "all", talk.shot == "close"], [3, 1], 0)
    np.testing.assert_array_equal(shown, expected, strict=True)


def test_disturbances_are_seen_but_the_picture_stays(drawn):
    frames = drawn.frames[:60:10]
    changed = speakers.perturbed(frames)
    assert (changed.shape, changed.dtype) == (frames.shape, np.uint8)
    for before, after in zip(frames, changed, strict=True):
        small = [cv2.resize(f, (32, 18), interpolation=cv2.INTER_AREA) for f in (before, after)]
        likeness = np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1]
        assert likeness > 0.6 and np.abs(before.astype(float) - after).mean() > 2
    np.testing.assert_array_equal(changed, speakers.perturbed(frames), strict=True)


def test_the_sample_has_the_form_of_the_official_crops():
    found = speakers.sample()
    assert found.crops.shape[1:] == (160, 160, 3) and found.crops.dtype == np.uint8
    assert set(found.labels) == set(range(6)) and found.noise.shape[1:] == (180, 320, 3)
    assert found.items == len(found.crops) + len(found.noise)

import numpy as np
import pytest

from data import dominant_speaker as speakers
from data.core import pictures
from data.dominant_speaker import sets


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

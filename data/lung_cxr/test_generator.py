"""Drawn chest X-rays: the same bodies each time, lungs of likely size, no threshold finds them."""

import numpy as np
import pytest

from data.lung_cxr import generator as lungs


@pytest.fixture(scope="module")
def drawn() -> dict:
    return lungs.chests(12, seed=0)


def test_shapes_types_and_names(drawn):
    assert drawn["images"].shape == drawn["masks"].shape == (12, 256, 256)
    assert drawn["images"].dtype == np.uint8 and drawn["masks"].dtype == bool
    names, hospital, ill = lungs.plan(12)
    assert names[0] == "montgomery_0001_1" and names[3] == "shenzhen_0004_0"
    assert list(names) == sorted(names)
    assert ill.tolist() == [name.endswith("_1") for name in names]
    assert hospital.tolist() == [name.split("_")[0] for name in names]


def test_illness_and_hospital_change_the_picture_but_not_the_mask():
    well, mask = lungs.draw(3, 1, "shenzhen", False)
    ill, same = lungs.draw(3, 1, "shenzhen", True)
    hard, also = lungs.draw(3, 1, "montgomery", False)
    np.testing.assert_array_equal(mask, same, strict=True)
    np.testing.assert_array_equal(mask, also, strict=True)
    assert (well != hard).mean() > 0.5
    brighter = ill[mask].astype(int) - well[mask]
    assert brighter.mean() > 1  # the clouds absorb


def test_no_threshold_finds_the_lungs(drawn):
    best = []
    for image, mask in zip(drawn["images"], drawn["masks"], strict=True):
        for dark in (image < level for level in range(20, 230, 10)):
            best.append(2 * (dark & mask).sum() / (dark.sum() + mask.sum()))
    best = np.reshape(best, (12, -1))
    assert best.mean(axis=0).max() < 0.75  # one level for all
    assert best.max(axis=1).mean() < 0.85  # the best level of each

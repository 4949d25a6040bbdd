"""Drawn chest X-rays: the same bodies each time, lungs of likely size, no threshold finds them."""

import numpy as np
import pytest
from scipy import ndimage

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


def test_a_body_depends_on_the_seed_and_its_number_alone(drawn):
    _, hospital, ill = lungs.plan(12)
    image, mask = lungs.draw(0, 5, str(hospital[5]), bool(ill[5]))
    np.testing.assert_array_equal(image, drawn["images"][5], strict=True)
    np.testing.assert_array_equal(mask, drawn["masks"][5], strict=True)
    assert (lungs.draw(1, 5, "shenzhen", True)[0] != image).any()


def test_illness_and_hospital_change_the_picture_but_not_the_mask():
    well, mask = lungs.draw(3, 1, "shenzhen", False)
    ill, same = lungs.draw(3, 1, "shenzhen", True)
    hard, also = lungs.draw(3, 1, "montgomery", False)
    np.testing.assert_array_equal(mask, same, strict=True)
    np.testing.assert_array_equal(mask, also, strict=True)
    assert (well != hard).mean() > 0.5
    brighter = ill[mask].astype(int) - well[mask]
    assert brighter.mean() > 1  # the clouds absorb


def test_two_lungs_of_a_likely_size_that_touch_no_border(drawn):
    for mask in drawn["masks"]:
        _, pieces = ndimage.label(mask, np.ones((3, 3)))
        assert pieces == 2
        assert 0.12 < mask.mean() < 0.45


def test_no_threshold_finds_the_lungs(drawn):
    best = []
    for image, mask in zip(drawn["images"], drawn["masks"], strict=True):
        for dark in (image < level for level in range(20, 230, 10)):
            best.append(2 * (dark & mask).sum() / (dark.sum() + mask.sum()))
    best = np.reshape(best, (12, -1))
    assert best.mean(axis=0).max() < 0.75  # one level for all
    assert best.max(axis=1).mean() < 0.85  # the best level of each


@pytest.mark.parametrize(("count", "hospital"), [(0, "shenzhen"), (1, "nowhere")])
def test_foreign_arguments_are_refused(count, hospital):
    with pytest.raises(ValueError, match="count must be|hospital 'nowhere'"):
        lungs.chests(count)
        lungs.draw(0, 0, hospital, False)

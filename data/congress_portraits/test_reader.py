"""The portraits: whose they are, and that no photograph is there twice."""

import numpy as np
import pytest
from PIL import Image

from data.congress_portraits import SIDE, pack
from data.core.record import FOLDS
from utils import data

PEOPLE, SECONDS = 527, 170


@pytest.fixture(scope="module")
def portraits():
    return data.load("congress_portraits")


def test_each_portrait_has_its_person(portraits):
    assert portraits.images.shape == (PEOPLE, SIDE, SIDE, 3)
    assert portraits.second_images.shape == (SECONDS, SIDE, SIDE, 3)
    assert portraits.images.dtype == portraits.second_images.dtype == np.uint8
    assert len(portraits.names) == len(portraits.gender) == len(set(portraits.bioguide)) == PEOPLE
    assert len(set(portraits.second_of)) == SECONDS and portraits.second_of.max() < PEOPLE
    pelosi = portraits.names.tolist().index("Nancy Pelosi")
    assert portraits.bioguide[pelosi] == "P000197" and portraits.gender[pelosi] == "F"
    assert pelosi in portraits.second_of


def test_folds_have_people_of_their_own_and_genders_alike(portraits):
    assert [int((portraits.gender == g).sum()) for g in ("F", "M", "")] == [127, 316, 84]
    for fold in range(FOLDS):
        parts = portraits.split(fold)
        assert sorted(np.concatenate(parts)) == list(range(PEOPLE))
        listed = portraits.gender[parts[2]]
        assert 0.2 < (listed == "F").sum() / (listed != "").sum() < 0.4


def test_no_photograph_is_there_twice(portraits):
    images = np.concatenate([portraits.images, portraits.second_images])
    small = images.mean(axis=3).reshape(-1, 16, 10, 16, 10).mean(axis=(2, 4))
    steps = (np.diff(small, axis=2) > 0).reshape(len(images), -1)
    apart = np.stack([(each != steps).sum(axis=1) for each in steps])
    np.fill_diagonal(apart, 240)
    assert apart.min() > 12  # of 240; a copy differs in none or a few


def test_every_size_becomes_the_same_square_below_the_upper_edge():
    for width, height in ((335, 410), (180, 225), (720, 900)):
        picture = Image.new("RGB", (width, height), (250, 0, 0))
        picture.paste((0, 0, 250), (0, width, width, height))
        pixels = np.asarray(pack.square(picture))
        assert pixels.shape == (SIDE, SIDE, 3) and (pixels == (250, 0, 0)).all()

"""The hands: shapes, counts, and people who are in one part."""

import numpy as np
import pytest
from PIL import Image

from data.sign_digits import pack
from utils import data


@pytest.fixture(scope="module")
def hands():
    return data.load("sign_digits")


def test_shapes_and_types(hands):
    assert (hands.images.shape, hands.images.dtype) == ((2062, 64, 64, 3), np.uint8)
    assert hands.labels.shape == hands.person.shape == hands.part.shape == (2062,)
    assert hands.labels.dtype == hands.person.dtype == np.int64


def test_each_digit_is_there_about_two_hundred_times_and_in_each_part(hands):
    assert np.bincount(hands.labels).tolist() == [205, 206, 205, 206, 207, 207, 207, 207, 208, 204]
    for part, least in (("train", 120), ("validation", 38), ("test", 38)):
        images, labels = hands.split(part)
        assert len(images) == len(labels) and np.bincount(labels).min() >= least


def test_a_person_shows_most_digits_once_and_is_in_one_part(hands):
    assert np.array_equal(np.unique(hands.person), np.arange(207))
    assert (np.diff(hands.person) >= 0).all()
    for person in range(207):
        mine = hands.person == person
        assert len(set(hands.part[mine])) == 1
        assert 6 <= mine.sum() <= 11
        assert np.bincount(hands.labels[mine]).max() <= 2


def test_no_picture_is_in_two_parts(hands):
    seen = {part: {image.tobytes() for image in hands.split(part)[0]} for part in set(hands.part)}
    assert sum(map(len, seen.values())) == len({image for each in seen.values() for image in each})


def test_a_picture_is_turned_as_its_camera_notes():
    picture = Image.new("RGB", (64, 64))
    picture.paste((255, 255, 255), (0, 0, 32, 64))  # the left half is light
    picture.getexif()[274] = 6  # what is left belongs to the top
    rows = np.asarray(pack.small(picture)).mean(axis=(1, 2))
    assert rows[:20].min() > 250 and rows[-20:].max() < 5

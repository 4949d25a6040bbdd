"""The flowers: shapes, counts, photographers who are in one part, and colours."""

import numpy as np
import pytest

from data.core import published, sets
from utils import data


@pytest.fixture(scope="module")
def flowers():
    return data.load("flowers")


def test_shapes_and_types(flowers):
    assert (flowers.images.shape, flowers.images.dtype) == ((480, 160, 160, 3), np.uint8)
    assert (flowers.labels.shape, flowers.labels.dtype) == ((480,), np.int64)
    assert len(flowers.class_names) == 5


def test_each_part_has_as_many_of_each_flower(flowers):
    for part, count in (("train", 48), ("validation", 16), ("test", 32)):
        images, labels = flowers.split(part)
        assert len(images) == 5 * count
        assert np.bincount(labels).tolist() == [count] * 5


def test_a_photographer_is_in_one_part_and_each_photograph_there_once():
    rows = published.credits(sets.find("flowers"))
    parts = {(row["author"], row["part"]) for row in rows}
    assert len(parts) == len({row["author"] for row in rows}) > 300
    assert len({row["address"] for row in rows}) == len(rows)


def test_sunflowers_are_yellow_and_daisies_are_not(flowers):
    red, _, blue = flowers.images.mean(axis=(1, 2)).T
    yellow = [np.median((red - blue)[flowers.labels == k]) for k in range(5)]
    assert flowers.class_names[int(np.argmax(yellow))] == "sunflower"
    assert flowers.class_names[int(np.argmin(yellow))] == "daisy"

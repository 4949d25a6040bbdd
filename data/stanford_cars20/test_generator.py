"""Drawn cars: the same each time, models that differ in shape and parts, colours that do not."""

import numpy as np

from data.stanford_cars20 import generator
from utils import data


def test_a_picture_depends_on_the_seed_its_model_and_its_number_alone():
    one = generator.draw(0, 3, 1)
    assert one.shape == (250, 250, 3) and one.dtype == np.uint8
    np.testing.assert_array_equal(one, generator.draw(0, 3, 1), strict=True)
    for other in ((1, 3, 1), (0, 4, 1), (0, 3, 2)):
        assert (one != generator.draw(*other)).any()


def test_the_sample_has_both_parts_with_as_many_of_each_model():
    cars = data.load("stanford_cars20", tier="sample")
    for part, count in (("train", generator.TRAIN), ("test", generator.TEST)):
        images, labels = cars.split(part)
        assert images.shape == (20 * count, 250, 250, 3) and images.dtype == np.uint8
        assert np.bincount(labels).tolist() == [count] * 20
    assert len(set(cars.class_names)) == 20 and cars.class_names[0] == "Alba saloon"
    assert len({image.tobytes() for image in cars.images}) == cars.items

"""Drawn cars: as many of each model in each part, and no picture twice."""

import numpy as np

from data.stanford_cars20 import generator
from utils import data


def test_the_sample_has_both_parts_with_as_many_of_each_model():
    cars = data.load("stanford_cars20", tier="sample")
    for part, count in (("train", generator.TRAIN), ("test", generator.TEST)):
        images, labels = cars.split(part)
        assert images.shape == (20 * count, 250, 250, 3) and images.dtype == np.uint8
        assert np.bincount(labels).tolist() == [count] * 20
    assert len(set(cars.class_names)) == 20 and cars.class_names[0] == "Alba saloon"
    assert len({image.tobytes() for image in cars.images}) == cars.items

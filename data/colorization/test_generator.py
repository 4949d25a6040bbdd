"""The drawn sample: parts, colours, and a test part without any."""

import numpy as np

from data import colorization
from data.colorization import generator
from utils import data


def test_the_sample_has_its_parts_and_only_the_test_part_is_grey():
    record = data.load("colorization", tier="sample")
    assert record.images.shape == (30, 256, 256, 3) and record.images.dtype == np.uint8
    for part, count in generator.COUNTS.items():
        images = record.of(part)
        assert len(images) == count
        assert [colorization.coloured(image) for image in images] == [part != "test"] * count
    assert len({image.tobytes() for image in record.images}) == 30

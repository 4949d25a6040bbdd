"""Photographs with faces whose boxes are known."""

import numpy as np
from skimage import data as pictures

from data.multiface.generator import photographs


def test_photographs_have_the_promised_shapes_and_are_seeded():
    first, again, other = photographs(0), photographs(0), photographs(1)
    assert [len(item.boxes) for item in first.values()] == [1, 1, 8, 10, 10, 32]
    for name, item in first.items():
        assert item.image.dtype == np.uint8 and item.image.ndim == 3 and item.image.shape[2] == 3
        assert item.boxes.shape == (len(item.prints), 4) and item.boxes.dtype == np.float32
        assert item.landmarks.shape == (len(item.prints), 5, 2)
        np.testing.assert_array_equal(item.image, again[name].image, strict=True)
    assert np.any(first["crowd"].image != other["crowd"].image)
    np.testing.assert_array_equal(first["astronaut"].image, pictures.astronaut(), strict=True)
    people = [{one.who for one in item.prints} for item in first.values()]
    assert people == [{"astronaut"}, {"hopper"}, *[{"astronaut"}] * 3, {"astronaut", "hopper"}]


def test_every_box_lies_in_its_photograph_and_holds_its_landmarks():
    for item in photographs().values():
        height, width = item.image.shape[:2]
        low, high = item.boxes[:, None, :2], item.boxes[:, None, 2:]
        assert low.min() >= 0
        assert (high <= (width, height)).all()
        assert ((item.landmarks > low) & (item.landmarks < high)).all()

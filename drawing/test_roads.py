"""Drawn roads: boxes, masks and labels agree, and things look different from one another."""

import numpy as np
import pytest

from drawing import roads


@pytest.fixture(scope="module")
def drawn() -> roads.Scenes:
    return roads.scenes(40, 96, 128, objects=(1, 4), seed=3)


def test_a_box_is_the_frame_of_the_pixels_that_are_seen(drawn):
    for mask, boxes in zip(drawn.masks, drawn.boxes, strict=True):
        assert mask.max() <= len(boxes)
        for k, (x1, y1, x2, y2) in enumerate(boxes.astype(int)):
            rows, columns = np.nonzero(mask == k + 1)
            assert (x1, x2) == (columns.min(), columns.max() + 1)
            assert (y1, y2) == (rows.min(), rows.max() + 1)


def test_a_seed_gives_pictures_of_its_own(drawn):
    again = roads.scenes(3, 96, 128, objects=(1, 4), seed=3)
    np.testing.assert_array_equal(drawn.images[:3], again.images, strict=True)
    other = roads.scenes(3, 96, 128, objects=(1, 4), seed=4)
    assert (again.images != other.images).any(axis=(1, 2, 3)).all()


def test_empty_roads_are_allowed_and_nonsense_is_not():
    empty = roads.scenes(3, 48, 64, objects=(0, 0), seed=1)
    assert empty.masks.max() == 0 and all(one.shape == (0, 4) for one in empty.boxes)
    with pytest.raises(ValueError, match=r"objects.*\(2, 1\)"):
        roads.scenes(1, objects=(2, 1))

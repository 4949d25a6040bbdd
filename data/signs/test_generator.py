"""Drawn hands: the same each time, as many of each, with fingers that can be counted."""

import numpy as np
import pytest
from scipy import ndimage

from data.signs import generator
from utils import data


def test_a_picture_depends_on_the_seed_and_its_number_alone():
    one = generator.draw(0, 9, 3)
    assert one.shape == (64, 64, 3) and one.dtype == np.uint8
    np.testing.assert_array_equal(one, generator.draw(0, 9, 3), strict=True)
    assert (one != generator.draw(1, 9, 3)).any() and (one != generator.draw(0, 10, 3)).any()
    assert generator.draw(0, 9, 3, side=128).shape == (128, 128, 3)
    with pytest.raises(ValueError, match="0 to 5 fingers, not 6"):
        generator.draw(0, 0, 6)


def test_the_sample_has_the_parts_and_as_many_of_each_number():
    signs = data.load("signs", tier="sample")
    for part, count in generator.COUNTS.items():
        images, labels = signs.split(part)
        assert images.shape == (count, 64, 64, 3) and images.dtype == np.uint8
        assert np.bincount(labels).tolist() == [count // 6] * 6
    assert [int(name[0]) for name in signs.names] == signs.labels.tolist()


def test_copies_are_named_as_copies_and_nothing_else_repeats():
    signs = data.load("signs", tier="sample")
    seen = {image.tobytes() for image in signs.split("train")[0]}
    copies = [image.tobytes() in seen for image in signs.split("test")[0]]
    named = ["(1)" in name for name in np.array(signs.names)[signs.part == "test"]]
    assert copies == named and sum(copies) == generator.COPIES
    assert len({image.tobytes() for image in signs.images}) == signs.items - generator.COPIES


def covers(rng: np.random.Generator, shown: int) -> np.ndarray:
    """Return where an upright hand without its arm lies, (200, 200) bool."""
    bones = generator._ring(rng) if shown == 0 else generator._fingers(rng, shown)
    matrix = np.array([[70.0, 0, 100], [0, -70.0, 170]])
    return generator._relief(bones, matrix, 200)[1] > 0.5


def hole(inside: np.ndarray) -> int:
    """Return how many pixels of wall the largest hole in a hand shows."""
    pieces, _ = ndimage.label(~inside)
    areas = np.bincount(pieces.ravel())[2:]  # 0 is the hand, 1 the wall around it
    return int(max(areas, default=0))


def test_a_ring_has_a_hole_and_other_hands_have_none():
    rng = np.random.default_rng(0)
    for shown in range(6):
        holes = [hole(covers(rng, shown)) for _ in range(10)]
        assert min(holes) > 500 if shown == 0 else max(holes) < 100


@pytest.mark.parametrize(("shown", "tips"), [(1, 1), (2, 2), (4, 4)])
def test_stretched_fingers_rise_above_the_knuckles(shown, tips):
    rng = np.random.default_rng(1)
    counted = []
    for _ in range(10):
        row = covers(rng, shown)[70]  # 1.43 palms above the wrist, between knuckles and tips
        counted.append(np.sum(np.diff(np.r_[0, row.astype(int), 0]) == 1))
    assert np.median(counted) <= tips and max(counted) == tips

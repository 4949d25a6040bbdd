"""The paintings: read by their names, and painted from a seed."""

import numpy as np

from data.paintings import REAL, generator


def test_the_paintings_are_read_by_their_names(picture, serve):
    for k, name in enumerate(REAL):
        picture(f"{name}.jpg", (8, 6 + k), (200, 100, 50))
    record = serve()
    assert record.names == REAL
    assert [image.shape for image in record.images] == [(6 + k, 8, 3) for k in range(3)]


def test_a_seed_paints_the_same_planes_again():
    first, again, other = (generator.planes(np.random.default_rng(k)) for k in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert first.dtype == np.uint8 and (first != other).any()

"""The paintings: whole, in colour, and under the names that pages use."""

import numpy as np

from data.core import published
from data.core.cards import get
from utils import data


def test_the_paintings_are_whole_and_in_colour():
    paintings = data.load("paintings")
    assert paintings.names == ("starry_night", "shipwreck", "the_scream")
    assert [image.shape for image in paintings.images] == [
        (320, 512, 3),
        (353, 512, 3),
        (512, 402, 3),
    ]
    night, _, scream = (image.astype(int) for image in paintings.images)
    red, _, blue = night.mean(axis=(0, 1))
    assert blue > red + 20
    red, _, blue = scream[:150].mean(axis=(0, 1))  # its sky
    assert red > blue + 50
    assert all(np.ptp(image) > 200 for image in paintings.images)


def test_each_painter_died_more_than_80_years_ago():
    assert all(int(row["died"]) < 1945 for row in published.credits(get("paintings")))

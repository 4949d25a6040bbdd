"""Drawn portraits: the same each time, found by a detector, framed as their class is."""

import numpy as np
import pytest

from data.kit.faces import LANDMARKS
from data.real_vs_fake_faces import generator
from utils import data


def test_a_picture_depends_on_its_class_the_seed_and_its_number_alone():
    one = generator.draw("real", 0, 5)
    assert one.image.shape == (224, 224, 3) and one.image.dtype == np.uint8
    np.testing.assert_array_equal(one.image, generator.draw("real", 0, 5).image, strict=True)
    for other in (("fake", 0, 5), ("real", 1, 5), ("real", 0, 6)):
        assert (one.image != generator.draw(*other).image).any()
    with pytest.raises(ValueError, match="'swap' is not one of real, fake"):
        generator.draw("swap", 0, 0)


def test_the_sample_has_as_many_of_both_classes_in_each_part():
    sample = data.load("real_vs_fake_faces", tier="sample")
    assert sample.images.shape == (240, 224, 224, 3) and sample.images.dtype == np.uint8
    for part, count in (("train", 72), ("validation", 24), ("test", 24)):
        assert np.bincount(sample.split(part)[1]).tolist() == [count, count]
    assert len({image.tobytes() for image in sample.images}) == 240
    assert list(sample.names) == sorted(sample.names[:120]) + sorted(sample.names[120:])
    np.testing.assert_array_equal(sample.images[125], generator.draw("fake", 0, 5).image)


def eyes(kind: str, number: int) -> np.ndarray:
    """Return the middles of both eyes, (2, 2), x y in pixels."""
    marks = generator.draw(kind, 0, number).landmarks
    return np.array([marks[LANDMARKS[side]].mean(axis=0) for side in ("left_eye", "right_eye")])


def test_fakes_have_their_eyes_at_one_place_and_real_ones_are_nearer():
    real = np.array([eyes("real", i) for i in range(24)])
    fake = np.array([eyes("fake", i) for i in range(24)])
    assert fake.mean(axis=1).std(axis=0).max() < 3 < 8 < real.mean(axis=1).std(axis=0).min()
    apart = [np.linalg.norm(both[:, 1] - both[:, 0], axis=1) for both in (real, fake)]
    assert np.median(apart[0]) > 1.3 * np.median(apart[1])


def test_the_finest_grain_of_fakes_is_missing():
    def finest(kind: str) -> float:
        grain = [generator._grain(np.random.default_rng(i), enlarged=kind == "fake")[..., 0]
                 for i in range(4)]  # fmt: skip
        power = np.mean([np.abs(np.fft.rfft2(one)) ** 2 for one in grain], axis=0)
        return power[90:112, 90:].mean() / power[1:40, 1:40].mean()

    assert finest("fake") < 0.05 < 0.8 < finest("real") < 1.25

"""Drawn cars: the same each time, models that differ in shape and parts, colours that do not."""

import numpy as np
import pytest

from data.stanford_cars20 import generator
from utils import data


def test_a_picture_depends_on_the_seed_its_model_and_its_number_alone():
    one = generator.draw(0, 3, 1, side=80)
    assert one.shape == (80, 80, 3) and one.dtype == np.uint8
    np.testing.assert_array_equal(one, generator.draw(0, 3, 1, side=80), strict=True)
    for other in ((1, 3, 1), (0, 4, 1), (0, 3, 2)):
        assert (one != generator.draw(*other, side=80)).any()


def test_the_sample_has_both_parts_with_as_many_of_each_model():
    cars = data.load("stanford_cars20", tier="sample")
    for part, count in (("train", generator.TRAIN), ("test", generator.TEST)):
        images, labels = cars.split(part)
        assert images.shape == (20 * count, 250, 250, 3) and images.dtype == np.uint8
        assert np.bincount(labels).tolist() == [count] * 20
    assert len(set(cars.class_names)) == 20 and cars.class_names[0] == "Alba saloon"
    assert len({image.tobytes() for image in cars.images}) == cars.items


def test_every_make_and_every_body_occurs_more_than_once():
    makes, bodies = zip(*generator.MODELS, strict=True)
    assert set(makes) == set(generator.MAKES) and set(bodies) == set(generator.BODIES)
    assert min(map(makes.count, makes)) == 4 and min(map(bodies.count, bodies)) >= 2


@pytest.mark.parametrize("number", [0, 7, 14, 19])
def test_a_cloud_is_symmetric_stands_on_the_ground_and_looks_outward(number):
    body, make = generator.model(number)
    points = generator.cloud(body, make, 30)
    assert all(np.isfinite(part).all() for part in points)
    half = points.at.shape[1] // 2
    np.testing.assert_array_equal(points.at[0, :half], -points.at[0, half:], strict=True)
    assert -0.01 < points.at[1].min() < 0.01
    assert points.at[1].max() < body.roof + 0.2 and np.abs(points.at[2]).max() <= body.half + 0.3
    np.testing.assert_allclose(np.linalg.norm(points.normal, axis=0), 1, atol=1e-4)
    painted = points.paint[0] > 0.9
    away = points.at - np.array([[0], [0.7], [0]], np.float32)
    assert ((points.normal * away).sum(0)[painted] > 0).mean() > 0.93


def test_only_painted_points_take_the_colour_of_a_car():
    body, make = generator.model(5)
    points = generator.cloud(body, make, 20)
    scene = generator._scene(np.random.default_rng(0))
    view = np.broadcast_to(np.array([[0], [0], [1]], np.float32), points.normal.shape)
    red, blue = (scene._replace(paint=np.float32(c)) for c in ((0.9, 0, 0), (0, 0, 0.9)))
    lit = [generator._lit(points, one, view, points.normal) for one in (red, blue)]
    moved = np.abs(lit[0] - lit[1]).max(0) > 1e-6
    np.testing.assert_array_equal(moved, points.paint[0] > 0)

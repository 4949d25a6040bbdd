"""The tools that things are drawn with: canvas, noise, palette, camera, scenery."""

import numpy as np
import pytest

from data.kit import camera, noise, palette
from data.kit.canvas import HERE, Canvas, moved, oval, placed


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture
def canvas() -> Canvas:
    """A grey picture of 60 x 80; a unit is 50 pixels, the origin lies in its middle."""
    return Canvas(np.full((60, 80, 3), 0.5, np.float32), placed((40, 30), 50))


def test_a_blend_mixes_where_the_mask_says(canvas):
    mask = np.zeros((60, 80), np.float32)
    mask[10:20, 30:40], mask[20, 30:40] = 1, 0.25
    canvas.blend(mask, (1.0, 0.0, 0.5))
    np.testing.assert_allclose(canvas.pixels[15, 35], [1.0, 0.0, 0.5])
    np.testing.assert_allclose(canvas.pixels[20, 35], [0.625, 0.375, 0.5])
    assert (canvas.pixels[mask == 0] == 0.5).all()
    canvas.blend(np.zeros_like(mask), 1.0)  # nowhere
    assert (canvas.pixels[mask == 0] == 0.5).all()


def test_a_grey_canvas_takes_colours_by_how_bright_they_are():
    grey = Canvas(np.zeros((4, 4, 1), np.float32))
    grey.blend(np.ones((4, 4)), (0.0, 1.0, 0.0))
    np.testing.assert_allclose(grey.pixels, palette.LUMA[1], rtol=1e-6)
    grey.blend(np.ones((4, 4)), 0.25)
    np.testing.assert_allclose(grey.pixels, 0.25, rtol=1e-6)
    grey.darken(np.ones((4, 4)), by=0.5)
    np.testing.assert_allclose(grey.pixels, 0.125, rtol=1e-6)


def test_a_painted_shape_is_where_it_was_put_lit_from_above(canvas):
    canvas.paint(oval(0, 0, 0.4, 0.2), (0.8, 0.2, 0.1), label=3)
    assert canvas.owner[30, 40] == 3 and canvas.owner[5, 5] == -1
    assert canvas.cover.max() == 1 and canvas.cover[5, 5] == 0
    area = np.pi * (0.4 * 50 + 0.5) * (0.2 * 50 + 0.5)  # OpenCV takes in the edge's pixels
    assert canvas.cover.sum() == pytest.approx(area, rel=0.05)
    assert (canvas.owner == 3).sum() == pytest.approx(area, rel=0.05)
    assert canvas.pixels[23, 40, 0] > canvas.pixels[37, 40, 0] + 0.1
    np.testing.assert_array_equal(canvas.pixels[5, 5], np.float32([0.5, 0.5, 0.5]))


def test_placed_scales_turns_mirrors_and_moves():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    np.testing.assert_allclose(moved(points, HERE), points)
    quarter = moved(points, placed((5, 7), 2, np.pi / 2))
    np.testing.assert_allclose(quarter, [[5, 7], [5, 9], [3, 7]], atol=1e-12)
    mirrored = moved(points, placed((5, 7), 2, stretch=(-1, 3)))
    np.testing.assert_allclose(mirrored, [[5, 7], [3, 7], [5, 13]])
    assert Canvas(np.zeros((2, 2, 3), np.float32), placed((0, 0), 3, 1.0)).unit == pytest.approx(3)


def test_noise_is_smooth_and_of_its_size():
    for made in (noise.smooth_noise(90, 120, 8, rng()), noise.spots(90, 120, 4, rng())):
        assert made.shape == (90, 120)
        assert abs(made.mean()) < 0.3 and 0.5 < made.std() < 1.2
        assert np.abs(np.diff(made, axis=0)).mean() < 0.4 * made.std()
    assert noise.spots(64, 64, 3, rng()).std() == pytest.approx(1)


def test_rounding_cuts_off_what_is_darker_than_black_or_brighter_than_white():
    values = np.array([-1, 0, 0.5, 1, 3])
    np.testing.assert_array_equal(camera.to_uint8(values), np.uint8([0, 0, 128, 255, 255]))
    whites = camera.to_uint8(np.array([-9.0, 0.4, 99.6, 300]), white=255)
    np.testing.assert_array_equal(whites, np.array([0, 0, 100, 255], np.uint8), strict=True)


def test_a_photograph_is_shrunk_tinted_and_rounded():
    drawn = np.full((40, 60, 3), 0.5, np.float32)
    picture = camera.photographed(drawn, (20, 30), np.array([1.0, 1.2, 0.8]), 0.0, rng())
    assert picture.shape == (20, 30, 3) and picture.dtype == np.uint8
    assert (picture == [128, 153, 102]).all()

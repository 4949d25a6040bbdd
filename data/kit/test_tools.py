"""The tools that things are drawn with: canvas, noise, palette, camera, scenery."""

import numpy as np
import pytest

from data.kit import camera, noise, palette, scenery
from data.kit.canvas import HERE, Canvas, box, limb, moved, oval, placed, soft


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


@pytest.mark.parametrize("side", [8, 128])
def test_small_and_large_pictures_are_blended_alike(side):
    mask = np.zeros((side, side))
    mask[2:5, 3:7] = rng().random((3, 4))
    each = rng(1).random((side, side, 3)).astype(np.float32)
    painted = Canvas(np.zeros((side, side, 3), np.float32))
    painted.blend(mask, each)
    np.testing.assert_allclose(painted.pixels, mask[..., None] * each, atol=1e-6)


def test_a_box_holds_all_that_is_there_and_a_margin_within_the_picture():
    there = np.zeros((9, 12), bool)
    assert there[box(there)].size == 0
    there[[2, 5], [10, 4]] = True
    assert box(there) == np.s_[2:6, 4:11]
    grown = np.arange(9 * 12).reshape(9, 12)[box(there, margin=3)]
    assert grown.shape == (9, 11) and grown[0, 0] == 1


@pytest.mark.parametrize("first", [(0, 0), (31, 17), (70, 85), (50, 60)])
def test_a_halo_is_the_blur_of_a_mask_bit_by_bit_where_it_is_not_0(first):
    mask = np.zeros((79, 93), np.float32)
    row, column = first
    mask[row : row + 11, column : column + 9] = rng().random(mask[row:][:11, column:][:, :9].shape)
    whole = camera.blurred(mask, 2.3)
    part, soft_ = camera.halo(mask, 2.3)
    assert soft_.size < mask.size
    np.testing.assert_array_equal(soft_, whole[part], strict=True)
    whole[part] = 0
    assert not whole.any()
    assert not camera.halo(np.zeros((5, 6), np.float32), 1.0)[1].size


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


def test_what_is_painted_later_owns_the_pixels(canvas):
    for label in (1, 2):
        canvas.paint(oval(0.2 * label, 0, 0.2, 0.2), 0.9, label=label)
    assert canvas.owner[30, 55] == 2 and canvas.owner[30, 42] == 1


def test_a_hull_is_the_limb_around_its_circles(canvas):
    canvas.light = (1.0, 0.0)
    canvas.hull(np.array([[20.0, 30, 6], [60, 30, 3]]), (0.2, 0.4, 0.6), label=7)
    owned = canvas.owner == 7
    assert owned[30, 40] and owned[25, 20] and not owned[25, 60] and not owned[10, 40]
    assert (canvas.pixels[~owned] == 0.5).all()
    assert canvas.pixels[30, 50, 0] > canvas.pixels[30, 20, 0]  # lit from the right
    canvas.hull(np.array([[-50.0, 30, 6]]), 0.0, label=8)  # outside of the picture
    assert not (canvas.owner == 8).any()


def test_a_colour_may_depend_on_the_place(canvas):
    canvas.light = (0.0, 0.0)
    canvas.hull(np.array([[40.0, 30, 20]]), lambda x, y: np.stack([x / 80, y / 60, 0 * x], -1))
    np.testing.assert_allclose(canvas.pixels[30, 40], [0.5, 0.5, 0.0])


def test_placed_scales_turns_mirrors_and_moves():
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    np.testing.assert_allclose(moved(points, HERE), points)
    quarter = moved(points, placed((5, 7), 2, np.pi / 2))
    np.testing.assert_allclose(quarter, [[5, 7], [5, 9], [3, 7]], atol=1e-12)
    mirrored = moved(points, placed((5, 7), 2, stretch=(-1, 3)))
    np.testing.assert_allclose(mirrored, [[5, 7], [3, 7], [5, 13]])
    assert Canvas(np.zeros((2, 2, 3), np.float32), placed((0, 0), 3, 1.0)).unit == pytest.approx(3)


def test_outlines_have_the_size_they_were_told():
    ellipse = oval(1, 2, 3, 1)
    assert ellipse.shape == (48, 2)
    np.testing.assert_allclose(np.ptp(ellipse, axis=0), [6, 2])
    np.testing.assert_allclose(ellipse.mean(axis=0), [1, 2])
    boxier = oval(1, 2, 3, 1, power=8)
    assert np.abs((boxier - [1, 2]) / [3, 1]).min(axis=1).max() > 0.9
    arm = limb([(0, 0), (1, 0), (2, 0)], [0.5, 0.5, 0.5])
    np.testing.assert_allclose(arm[:, 1].max() - arm[:, 1].min(), 0.5)
    assert 2.2 < arm[:, 0].max() < 2.26  # a round end


def test_a_soft_edge_is_as_wide_as_told():
    np.testing.assert_allclose(soft(np.array([-1, -0.1, 0, 0.1, 1]), 0.4), [1, 0.75, 0.5, 0.25, 0])


def test_ramps_and_bumps():
    np.testing.assert_allclose(noise.ramp(np.array([-2, -1, 0, 1, 2])), [0, 0, 0.5, 1, 1])
    np.testing.assert_allclose(noise.ramp(np.array([3.0, 4, 5]), 3, 5), [0, 0.5, 1])
    x, y = np.array([0.0, 1, 2]), np.array([0.0, 0, 1])
    np.testing.assert_allclose(noise.bump(x), np.exp([0, -1, -4]))
    np.testing.assert_allclose(noise.bump(x, y), np.exp([0, -1, -5]))


def test_noise_is_smooth_and_of_its_size():
    for made in (noise.smooth_noise(90, 120, 8, rng()), noise.spots(90, 120, 4, rng())):
        assert made.shape == (90, 120)
        assert abs(made.mean()) < 0.3 and 0.5 < made.std() < 1.2
        assert np.abs(np.diff(made, axis=0)).mean() < 0.4 * made.std()
    assert noise.spots(64, 64, 3, rng()).std() == pytest.approx(1)


def test_a_wave_moves_a_little_from_frame_to_frame():
    waves = np.array([noise.wave(300, 25.0, rng(k)) for k in range(20)])
    assert np.sqrt((waves**2).mean()) == pytest.approx(1, abs=0.15)
    assert np.abs(np.diff(waves)).max() < 0.6


def test_a_camera_evens_out_skins():
    dark, light = palette.SKINS[-1], palette.SKINS[0]
    assert camera.evened(dark) > 1 > camera.evened(light)
    seen = [camera.evened(skin, share=1.0) * (palette.LUMA @ skin) for skin in (dark, light)]
    np.testing.assert_allclose(seen, 0.62)
    assert camera.evened(dark, share=0.0) == 1


def test_rounding_cuts_off_what_is_darker_than_black_or_brighter_than_white():
    values = np.array([-1, 0, 0.5, 1, 3])
    np.testing.assert_array_equal(camera.to_uint8(values), np.uint8([0, 0, 128, 255, 255]))
    whites = camera.to_uint8(np.array([-9.0, 0.4, 99.6, 300]), white=255)
    np.testing.assert_array_equal(whites, np.array([0, 0, 100, 255], np.uint8), strict=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_noise_keeps_the_precision_and_may_be_grey(dtype):
    flat = np.full((50, 60, 3), 0.5, dtype)
    noisy = camera.noisy(flat, 0.1, rng())
    assert noisy.dtype == dtype and noisy.std() == pytest.approx(0.1, rel=0.05)
    grey = camera.noisy(flat, 0.1, rng(), grey=True)
    assert np.ptp(grey, axis=2).max() == 0 and grey.std() == pytest.approx(0.1, rel=0.05)


def test_a_photograph_is_shrunk_tinted_and_rounded():
    drawn = np.full((40, 60, 3), 0.5, np.float32)
    picture = camera.photographed(drawn, (20, 30), np.array([1.0, 1.2, 0.8]), 0.0, rng())
    assert picture.shape == (20, 30, 3) and picture.dtype == np.uint8
    assert (picture == [128, 153, 102]).all()


def test_cloths_and_streets_are_colours():
    cloths = np.array([palette.cloth(rng(k)) for k in range(200)])
    assert cloths.min() >= 0.05 and cloths.max() <= 0.95 and cloths.std(axis=0).min() > 0.15
    place = scenery.street(40, 60, rng())
    assert place.shape == (40, 60, 3) and place.dtype == np.float32
    assert place.min() >= 0.02 and place.max() <= 0.98 and place.std() > 0.02

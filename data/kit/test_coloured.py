"""Scenes in colour: sizes, seeds, kinds, and two colours of one lightness."""

import numpy as np
import pytest
from skimage.color import rgb2lab

from data.kit import coloured


def test_the_first_scenes_do_not_depend_on_the_count_and_seeds_differ():
    few, many = coloured.scenes(2, 32, seed=3), coloured.scenes(4, 32, seed=3)
    assert many.images.shape == (4, 32, 32, 3) and many.images.dtype == np.uint8
    assert many.kinds.shape == (4, 32, 32) and many.kinds.dtype == np.uint8
    np.testing.assert_array_equal(few.images, many.images[:2], strict=True)
    assert (coloured.scenes(2, 32, seed=4).images != few.images).any()
    assert coloured.scenes(0, 32).images.shape == (0, 32, 32, 3)
    with pytest.raises(ValueError, match="at least 16 pixels a side, not 8"):
        coloured.scenes(1, 8)


def test_red_and_blue_have_one_lightness_and_either_draws_both():
    red, blue = rgb2lab(np.array([[coloured.RED, coloured.BLUE]]))[0]
    assert abs(red[0] - blue[0]) < 0.5 and np.hypot(*(red - blue)[1:]) > 80
    rng = np.random.default_rng(0)
    reds = sum(coloured.either(rng) == coloured.RED for _ in range(400))
    assert 160 < reds < 240


def test_sky_is_blue_grass_green_and_tiles_are_red():
    scenes = coloured.scenes(24, 48, seed=5)
    lab = rgb2lab(scenes.images)
    assert set(np.unique(scenes.kinds)) == set(range(len(coloured.KINDS)))
    sky, grass, roof = (lab[scenes.kinds == k] for k in (1, 2, 4))
    assert sky[:, 2].mean() < -8
    assert grass[:, 1].mean() < -15 and grass[:, 2].mean() > 20
    assert roof[:, 1].mean() > 15


def test_a_ball_is_drawn_alone():
    ball = coloured.ball(32, coloured.RED)
    assert ball.shape == (32, 32, 3) and ball[16, 16, 0] > ball[16, 16, 2] + 60

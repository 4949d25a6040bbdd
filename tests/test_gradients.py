"""Values and gradients of functions of a network with respect to its input."""

import keras
import numpy as np
import pytest
from keras import layers

from utils.gradients import value_and_gradient


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    picture = keras.Input((6, 6, 2))
    h = layers.Conv2D(3, 3, activation="tanh", name="first")(picture)
    h = layers.Conv2D(4, 3, activation="tanh", name="second")(h)
    return keras.Model(picture, layers.Dense(2)(layers.Flatten()(h)))


def test_gradient_is_the_slope_of_the_value(model):
    pictures = np.random.default_rng(0).normal(size=(5, 6, 6, 2)).astype(np.float32)
    function = lambda x: model(x)[:, 1]  # noqa: E731
    values, gradients = value_and_gradient(function, pictures, batch=2)
    assert values.shape == (5,) and values.dtype == np.float32
    assert gradients.shape == pictures.shape and gradients.dtype == np.float32
    step = 1e-2
    for place in ((0, 0, 0), (3, 2, 1), (5, 5, 0)):
        up, down = pictures.copy(), pictures.copy()
        up[(slice(None), *place)] += step
        down[(slice(None), *place)] -= step
        ends = [value_and_gradient(function, end)[0] for end in (up, down)]
        slope = (ends[0] - ends[1]) / (2 * step)
        np.testing.assert_allclose(gradients[(slice(None), *place)], slope, atol=2e-3)


def test_what_has_no_gradient_is_told(model):
    with pytest.raises(TypeError, match="not uint8: scale"):
        value_and_gradient(lambda x: x, np.zeros((2, 3), np.uint8))
    with pytest.raises(ValueError, match=r"returned \(2, 2\) for 2 items"):
        value_and_gradient(lambda x: model(x), np.zeros((2, 6, 6, 2)))
    with pytest.raises(ValueError, match="does not depend"):
        value_and_gradient(lambda x: np.ones(len(x), np.float32), np.zeros((2, 3)))

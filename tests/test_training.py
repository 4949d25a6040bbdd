"""Companions of model.fit: the bar counts, and a restarted model trains as before."""

import keras
import numpy as np
import pytest

from utils import training


def make_model():
    hidden = keras.layers.Dense(6, activation="tanh")
    out = keras.layers.Dense(2, activation="softmax")
    model = keras.Sequential([keras.Input((4,)), hidden, out])
    adam = keras.optimizers.Adam(3e-2)
    model.compile(adam, "sparse_categorical_crossentropy", jit_compile=False)
    return model


@pytest.fixture
def points():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(48, 4)).astype("float32")
    return x, (x[:, 0] > 0).astype("int64")


def test_the_bar_counts_epochs_and_leaves_no_lines(points, capsys):
    bar = training.progress("trial")
    seen = []
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda e, logs: seen.append(bar.bar.n))
    make_model().fit(*points, epochs=4, verbose=0, callbacks=[bar, watch])
    assert seen == [1, 2, 3, 4]
    assert bar.bar is None
    text = capsys.readouterr().err
    assert "trial" in text and "\n" not in text and text.endswith("\r")


def test_a_restarted_model_trains_as_it_did_the_first_time(points):
    model = make_model()
    first_weights = model.get_weights()
    first, again = [], []
    for losses in (first, again):
        training.restart(model, first_weights)
        losses += model.fit(*points, epochs=3, shuffle=False, verbose=0).history["loss"]
    np.testing.assert_allclose(again, first, rtol=1e-5)
    assert int(model.optimizer.iterations) == 3 * 2
    assert float(model.optimizer.learning_rate) == pytest.approx(3e-2)

"""Companions of model.fit: the bar counts, NaN stops with a cause, a resumed curve is the same."""

import keras
import numpy as np
import pytest

from utils import training


def make_model(rate=1e-2, dropout=0.3):
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(6, activation="tanh"),
            keras.layers.Dropout(dropout),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile(
        keras.optimizers.Adam(rate),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model


@pytest.fixture
def points():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(48, 4)).astype("float32")
    return x, (x[:, 0] > 0).astype("int64")


def fit(model, points, callback, epochs=3, **options):
    return model.fit(*points, epochs=epochs, batch_size=16, verbose=0, callbacks=[callback])


def test_the_bar_counts_epochs_and_leaves_no_lines(points, capsys):
    bar = training.progress("trial")
    seen = []
    watch = keras.callbacks.LambdaCallback(on_epoch_end=lambda e, logs: seen.append(bar.bar.n))
    model = make_model()
    model.fit(*points, epochs=4, verbose=0, callbacks=[bar, watch])
    assert seen == [1, 2, 3, 4]
    assert bar.bar is None
    text = capsys.readouterr().err
    assert "trial" in text
    assert "\n" not in text
    assert text.endswith("\r")


def test_a_restarted_model_trains_as_it_did_the_first_time(points):
    model = make_model(rate=3e-2, dropout=0)
    first_weights = model.get_weights()
    first, again = [], []
    for losses in (first, again):
        training.restart(model, first_weights)
        losses += model.fit(*points, epochs=3, shuffle=False, verbose=0).history["loss"]
    np.testing.assert_allclose(again, first, rtol=1e-5)
    assert int(model.optimizer.iterations) == 3 * 2
    assert float(model.optimizer.learning_rate) == pytest.approx(3e-2)


def test_nan_in_the_inputs_stops_at_the_first_step(points):
    x, y = points
    x[:] = np.nan
    with pytest.raises(training.LossNotFinite, match=r"epoch 1, step 1 of 3\. It was never finite"):
        fit(make_model(), (x, y), training.stop_on_nan())


def test_a_growing_loss_is_blamed_on_the_learning_rate(points):
    x, y = points
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1e3), "mse")
    with pytest.raises(training.LossNotFinite, match=r"grew from .* learning rate \(1000\)"):
        model.fit(x, y, epochs=50, verbose=0, callbacks=[training.stop_on_nan()])


def test_a_loop_of_ones_own_is_told_the_step_and_a_cause():
    training.check_finite({"generator": [1.0, 2.0], "discriminator": [0.1, 0.2]})
    with pytest.raises(
        training.LossNotFinite, match=r"generator is nan in step 1\. .*never finite"
    ):
        training.check_finite({"discriminator": [0.5], "generator": [np.nan]})
    jumping = [1.0, 4.0, 0.5, 3.0, np.inf]  # as the losses of a game do
    with pytest.raises(
        training.LossNotFinite, match=r"inf in step 5\. .*was 3 and did not explode"
    ):
        training.check_finite({"generator": jumping}, learning_rate=0.1)
    with pytest.raises(training.LossNotFinite, match=r"grew from 1\.5 to 900: .*rate \(0\.1\)"):
        training.check_finite({"generator": [1.0, 1, 2, 900, np.nan]}, learning_rate=0.1)


class Interrupt(keras.callbacks.Callback):
    """Stand for a reader who presses the button in the third epoch."""

    def on_train_batch_end(self, batch, logs=None):
        if self.model.optimizer.iterations >= 8:
            raise KeyboardInterrupt


def resumable(model, points, folder, epochs=5, callbacks=()):
    return training.fit_resumable(
        model,
        *points,
        epochs=epochs,
        folder=folder,
        seed=7,
        callbacks=callbacks,
        batch_size=16,
        verbose=0,
    )


def fresh():
    keras.utils.set_random_seed(0)
    return make_model()


@pytest.mark.slow
def test_an_interrupted_training_goes_on_to_the_same_curve(points, tmp_path):
    whole_model = fresh()
    whole = resumable(whole_model, points, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        resumable(fresh(), points, tmp_path / "part", callbacks=[Interrupt()])
    keras.utils.set_random_seed(99)  # another process would not know the first one's seeds
    model = make_model()
    resumed = resumable(model, points, tmp_path / "part")
    assert len(whole["loss"]) == 5
    assert resumed == whole
    for a, b in zip(model.get_weights(), whole_model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def stopping(points, folder, epochs=9, best=True, callbacks=()):
    model = fresh()
    stop = keras.callbacks.EarlyStopping(
        "loss", patience=2, min_delta=0.05, restore_best_weights=best
    )
    bar = training.progress("trial", total=epochs)
    history = resumable(model, points, folder, epochs, [stop, bar, *callbacks])
    assert bar.bar is None
    return history, model.get_weights()


@pytest.mark.parametrize("best", [False, True])
def test_an_early_stop_ends_it_and_survives_an_interruption(points, tmp_path, best):
    whole, weights = stopping(points, tmp_path / "whole", best=best)
    assert 3 <= len(whole["loss"]) < 9
    with pytest.raises(KeyboardInterrupt):
        stopping(points, tmp_path / "part", best=best, callbacks=[Interrupt()])
    for _ in range(2):  # gone on with, and asked again when it is finished
        history, resumed = stopping(points, tmp_path / "part", best=best)
        assert history == whole
        for a, b in zip(resumed, weights, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda x, y: (make_model(), x + 1, y, {}), r"x \(float32 \(48, 4\) "),
        (lambda x, y: (make_model(), x, 1 - y, {}), r"settings: y \("),
        (lambda x, y: (make_model(0.5), x, y, {}), r"learning_rate \(0\.00999.* there, 0\.5 here"),
        (lambda x, y: (make_model(), x, y, {"batch_size": 8}), r"batch_size \(16 there, 8 here"),
        (lambda x, y: (make_model(), x, y, {"seed": 8}), r"seed \(7 there, 8 here\); name another"),
    ],
)
def test_another_training_in_the_folder_is_refused(points, tmp_path, change, told):
    resumable(fresh(), points, tmp_path, epochs=1)
    model, x, y, other = change(*points)
    options = {"batch_size": 16, "seed": 7, "verbose": 0} | other
    with pytest.raises(ValueError, match=told):
        training.fit_resumable(model, x, y, epochs=1, folder=tmp_path, **options)

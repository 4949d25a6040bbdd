"""Companions of model.fit: the bar counts, NaN stops with a cause, a resumed curve is the same."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from utils import progress, training


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


def test_one_bar_for_several_fits(points):
    bar = training.progress("two seeds", total=6)
    fit(make_model(), points, bar)
    assert (bar.bar.n, bar.bar.total) == (3, 6)
    fit(make_model(), points, bar)
    assert bar.bar is None


@pytest.mark.parametrize("fits", [1, 2])
def test_the_bar_closes_when_training_stops_early(points, fits):
    bar = training.progress("stopped", total=4 * fits)
    for _ in range(fits):
        assert bar.bar is None or bar.bar.n == 2  # an early stop does not end the second fit
        stop = keras.callbacks.EarlyStopping("loss", patience=1, min_delta=9)
        make_model().fit(*points, epochs=4, verbose=0, callbacks=[bar, stop])
    assert bar.bar is None


def test_a_bar_serves_again_and_begins_where_the_fit_does(points):
    bar, totals = training.progress(), []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda e, logs: totals.append(bar.bar.total)
    )
    model = make_model()
    model.fit(*points, epochs=2, verbose=0, callbacks=[bar, watch])
    model.fit(*points, initial_epoch=2, epochs=7, verbose=0, callbacks=[bar, watch])
    assert totals == [2] * 2 + [5] * 5


def test_in_a_kernel_the_bar_ends_as_one_line(points, monkeypatch):
    shown = []

    class Line(progress._Line):
        def __init__(self):
            pass

        def end(self, line):
            shown.append(line)

    monkeypatch.setattr(progress, "_in_kernel", lambda: True)
    monkeypatch.setattr(progress, "_Line", Line)
    fit(make_model(), points, training.progress("seed 0"), epochs=3)
    assert shown[-1] == "seed 0: 3 epochs"
    assert any("0/3" in line for line in shown)


@pytest.mark.parametrize("callback", [training.progress, training.stop_on_nan])
def test_the_step_is_traced_once(points, callback):
    traced = []

    class Traced(keras.layers.Layer):
        def call(self, x):
            traced.append(x)
            return x

    model = keras.Sequential([keras.Input((4,)), Traced(), keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(), loss, jit_compile=False)
    traced.clear()
    fit(model, points, callback())
    assert len(traced) == 1


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


def test_a_late_nan_is_not_blamed_on_the_learning_rate(points):
    x, y = points
    x[-1] = np.nan
    with pytest.raises(training.LossNotFinite, match=r"epoch 1, step 3 of 3\..*single samples"):
        make_model().fit(
            x, y, batch_size=16, shuffle=False, verbose=0, callbacks=[training.stop_on_nan()]
        )


def test_a_growing_loss_is_blamed_on_the_learning_rate(points):
    x, y = points
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1e3), "mse")
    with pytest.raises(training.LossNotFinite, match=r"grew from .* learning rate \(1000\)"):
        model.fit(x, y, epochs=50, verbose=0, callbacks=[training.stop_on_nan()])


def test_a_healthy_training_is_left_alone(points):
    assert len(fit(make_model(), points, training.stop_on_nan()).history["loss"]) == 3


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


def test_all_losses_that_are_no_number_are_named():
    both = {"discriminator": [0.5, np.nan], "generator": [0.5, np.nan]}
    with pytest.raises(training.LossNotFinite, match=r"discriminator .*step 2 \(as .* generator\)"):
        training.check_finite(both)


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


def test_a_finished_training_is_not_repeated(points, tmp_path):
    first = resumable(fresh(), points, tmp_path, epochs=2)
    model = make_model()
    assert resumable(model, points, tmp_path, epochs=2) == first
    assert [p.name for p in tmp_path.glob("*.weights.h5")] == ["epoch_00002.weights.h5"]
    with pytest.raises(ValueError, match="training of 2 epochs, and epochs=1"):
        resumable(model, points, tmp_path, epochs=1)


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


def test_a_rate_that_was_reduced_stays_so(points, tmp_path):
    def rates(folder, *epochs):
        for several in epochs:
            reduce = keras.callbacks.ReduceLROnPlateau("loss", patience=2, min_delta=9)
            history = resumable(fresh(), points, folder, several, [reduce])
        return history["learning_rate"]

    whole = rates(tmp_path / "whole", 6)
    assert len(set(whole)) == 3
    assert rates(tmp_path / "part", 3, 6) == rates(tmp_path / "parts", 2, 4, 5, 6) == whole


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


def test_no_epoch_of_a_seed_draws_what_another_seeds_do():
    drawn = []
    for seed in range(3):
        for epoch in range(3):
            training._seed_epoch(make_model(), seed, epoch)
            drawn.append(float(keras.random.uniform((), seed=None)))
    assert len(set(drawn)) == 9


def test_checkpoints_lie_below_the_build_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path))
    assert training.checkpoint_folder("01/a") == tmp_path / "training" / "01" / "a"


def test_each_epoch_has_an_order_of_its_own(tmp_path):
    marked = np.arange(48, dtype="float32")[:, None]
    firsts = []  # mean of the first batch of each epoch, told through the loss
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda b, logs: firsts.append(float(logs["loss"])) if b == 0 else None
    )
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", lambda true, out: keras.ops.mean(true + 0 * out))
    training.fit_resumable(
        model,
        marked,
        marked,
        epochs=3,
        folder=tmp_path,
        callbacks=[watch],
        batch_size=16,
        verbose=0,
    )
    assert len(set(firsts)) == 3


def test_utils_alone_loads_no_keras():
    code = "import sys, utils; sys.exit('keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

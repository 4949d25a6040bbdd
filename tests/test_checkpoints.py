"""Trained weights: kept by `course.py train`, loaded in quick runs, and what is said where not."""

import keras
import numpy as np
import pytest

from utils import _start, checkpoints, lessons

DATA = np.arange(12, dtype=np.float32).reshape(6, 2)
LONG = {"training loss": [0.9, 0.5, 0.25], "a.b": [1.0, 0.0, 1 / 3]}


def network(units=3, activation="relu"):
    keras.utils.set_random_seed(units)
    return keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(units, activation), keras.layers.Dense(1)]
    )


@pytest.fixture
def places(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path / "build"))
    monkeypatch.setattr(lessons, "FOLDER", tmp_path / "kept")
    return tmp_path


@pytest.fixture
def kept(places, monkeypatch):
    """Train and keep a network, as the full profile under `train` does; return its weights."""
    model = network()
    monkeypatch.setenv(checkpoints.TRAIN, "1")
    course = _start.start("98_trial/01_trial", profile="full")
    trained = course.checkpoint("line", model, data=DATA, curves=LONG)
    trained.confirm("loss", 0.25, tolerance=0.01)
    assert trained.curves == LONG
    monkeypatch.delenv(checkpoints.TRAIN)
    (places / "kept" / "98_trial" / "01_trial").mkdir(parents=True)
    made = places / "build" / "checkpoints" / "98_trial" / "01_trial"
    made.rename(checkpoints.folder_of("98_trial/01_trial"))
    return model.get_weights()


def quick():
    return _start.start("98_trial/01_trial", profile="quick")


def test_a_quick_run_goes_on_with_the_trained_weights(kept, capsys):
    model = network()
    model.set_weights([np.zeros_like(w) for w in model.get_weights()])
    course = quick()
    trained = course.checkpoint("line", model, data=DATA)
    for mine, theirs in zip(model.get_weights(), kept, strict=True):
        np.testing.assert_array_equal(mine, theirs, strict=True)
    assert "from here on the network is the one" in capsys.readouterr().out
    trained.confirm("loss", 0.255, tolerance=0.01)
    assert course.checkpoints == {"line": "used"} and capsys.readouterr().out == ""


def test_the_curves_of_the_long_training_are_kept_beside_its_weights(kept):
    short = {"training loss": np.float32([0.95])}
    trained = quick().checkpoint("line", network(), data=DATA, curves=short)
    assert trained.curves == {"training loss": [0.9, 0.5, 0.25], "a.b": [1.0, 0.0, 0.333333]}


def test_a_network_of_ones_own_keeps_its_own_curves(kept):
    short = {"training loss": [0.5]}
    assert quick().checkpoint("line", network(4), data=DATA, curves=short).curves == short
    own = _start.start("98_trial/01_trial", profile="full")
    assert own.checkpoint("line", network(), data=DATA, curves=short).curves == short
    assert own.checkpoint("line", network(), data=DATA).curves == {}


def test_weights_take_half_the_bytes_and_count_as_they_were_kept(kept, places):
    with np.load(checkpoints.folder_of("98_trial/01_trial") / "line.npz") as arrays:
        assert {arrays[name].dtype for name in arrays} == {np.dtype(np.float16)}
    for values in kept:  # the training run itself measured with the rounded weights
        np.testing.assert_array_equal(values, values.astype(np.float16).astype(np.float32))


def test_another_metric_is_told(kept, capsys):
    course = quick()
    trained = course.checkpoint("line", network(), data=DATA)
    trained.confirm("loss", 0.3, tolerance=0.01)
    assert course.checkpoints == {"line": "differs"}
    assert "python course.py train 98_trial/01_trial" in capsys.readouterr().out


@pytest.mark.parametrize(("units", "activation"), [(4, "relu"), (3, "tanh")])
def test_a_network_of_ones_own_keeps_its_own_training(kept, capsys, units, activation):
    model = network(units, activation)
    before = model.get_weights()
    course = quick()
    course.checkpoint("line", model, data=DATA).confirm("loss", 9.0, tolerance=0.01)
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)
    told = capsys.readouterr().out.splitlines()
    assert course.checkpoints == {"line": "other"}
    assert sum("the network is not what they were trained with" in line for line in told) == 1


def test_weights_of_other_data_are_not_used(kept, capsys):
    course, model = quick(), network()
    before = model.get_weights()
    course.checkpoint("line", model, data=DATA + 1)
    assert course.checkpoints == {"line": "other"}
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    assert "the data is not what they were trained with" in capsys.readouterr().out


def test_weights_of_other_settings_are_not_used_and_the_setting_is_named(kept, capsys, monkeypatch):
    monkeypatch.setenv(checkpoints.CODE, "1")
    quick().checkpoint("line", network(), data=DATA, made_by=[{"margin": 0.2}])
    monkeypatch.delenv(checkpoints.CODE)
    for margin, state in {0.2: "used", 0.3: "other"}.items():
        course = quick()
        trained = course.checkpoint("line", network(), data=DATA, made_by=[{"margin": margin}])
        assert course.checkpoints == {"line": state} and trained.card["run_seconds"] >= 0
    out = capsys.readouterr().out
    assert "line: not used, since margin is not what they were trained with" in out
    assert 'your own training (the kept one: in a run of 0 s; profile="full"' in out


def test_the_code_of_a_training_is_kept_with_it(places, monkeypatch):
    monkeypatch.setenv(checkpoints.TRAIN, "1")
    course = _start.start("98_trial/01_trial", profile="full")
    recipe = [{"margin": 0.2, "rate": 0.1}]
    trained = course.checkpoint("line", network(), data=DATA, curves=LONG, made_by=recipe)
    assert set(trained.card["code"]) == {"margin", "rate"}


def test_nothing_is_kept_yet(places, capsys):
    course = quick()
    course.checkpoint("line", network(), data=DATA)
    assert course.checkpoints == {"line": "missing"}
    assert "none are kept yet" in capsys.readouterr().out


def test_full_runs_and_real_data_keep_their_own_training(kept, monkeypatch):
    real = {"data": "real"}
    for switches, data in (
        ({"profile": "full"}, DATA),
        ({"profile": "full"} | real, DATA),
        (real, DATA + 1),
    ):
        model = network()
        before = model.get_weights()
        course = _start.start("98_trial/01_trial", **switches)
        course.checkpoint("line", model, data=data)
        assert course.checkpoints == {"line": "own"}
        np.testing.assert_array_equal(model.get_weights()[0], before[0])


def test_data_that_are_the_same_in_both_tiers_have_the_kept_weights_in_both(kept):
    course = _start.start("98_trial/01_trial", data="real")
    course.checkpoint("line", network(), data=DATA)
    assert course.checkpoints == {"line": "used"}


def test_how_long_a_training_took_is_told_as_its_card_knows_it():
    assert checkpoints.how_long({"steps": 1500, "seconds": 55.2}) == "1,500 steps in 55 s"
    assert checkpoints.how_long({"steps": 9, "seconds": 300}) == "9 steps in 5 min"
    assert checkpoints.how_long({"run_seconds": 401}) == "in a run of 7 min"


def test_nothing_trained_on_real_data_is_kept(places, monkeypatch):
    monkeypatch.setenv(checkpoints.TRAIN, "1")
    course = _start.start("98_trial/01_trial", profile="full", data="real")
    with pytest.raises(RuntimeError, match="on the sample alone"):
        course.checkpoint("line", network(), data=DATA)


def test_weights_that_are_not_numbers_are_refused(places, monkeypatch):
    monkeypatch.setenv(checkpoints.TRAIN, "1")
    model = network()
    model.set_weights([np.full_like(w, 1e6) for w in model.get_weights()])  # too large for 16 bits
    course = _start.start("98_trial/01_trial", profile="full")
    with pytest.raises(ValueError, match="not finite, or too large"):
        course.checkpoint("line", model, data=DATA)


def test_a_damaged_file_is_named(kept, places):
    path = checkpoints.folder_of("98_trial/01_trial") / "line.npz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="line.npz is not the file of its card"):
        quick().checkpoint("line", network(), data=DATA)


def test_names_with_a_dot_are_different_checkpoints(places, monkeypatch):
    monkeypatch.setenv(checkpoints.TRAIN, "1")
    course = _start.start("98_trial/01_trial", profile="full")
    for name in ("beta_0.1", "beta_0.5"):
        course.checkpoint(name, network(), data=DATA).confirm("loss", 1.0, tolerance=0.1)
    made = {path.name for path in (places / "build" / "checkpoints").rglob("*.*")}
    assert made == {f"beta_0.{n}.{end}" for n in (1, 5) for end in ("npz", "toml")}


def test_another_notebook_looks_at_the_trained_weights(kept, capsys):
    for profile in ("quick", "full"):
        model = network()
        model.set_weights([np.zeros_like(w) for w in model.get_weights()])
        course = _start.start("98_trial/02_other", profile=profile)
        trained = course.checkpoint("line", model, data=DATA, of="98_trial/01_trial")
        for mine, theirs in zip(model.get_weights(), kept, strict=True):
            np.testing.assert_array_equal(mine, theirs, strict=True)
        assert "trained by 98_trial/01_trial (loss 0.25)" in capsys.readouterr().out
        assert (course.checkpoints, list(trained.curves)) == ({"line": "used"}, list(LONG))
    course.checkpoint("line", network(), data=DATA + 1, of="98_trial/01_trial")
    assert course.checkpoints == {"line": "stale"}
    assert "python course.py train 98_trial/01_trial" in capsys.readouterr().out


def test_weights_that_nobody_lends_are_named(kept):
    course = _start.start("98_trial/02_other", profile="quick")
    with pytest.raises(FileNotFoundError, match="keeps no trained weights 'curve': python course"):
        course.checkpoint("curve", network(), data=DATA, of="98_trial/01_trial")
    with pytest.raises(ValueError, match="of another network than this one; build it as"):
        course.checkpoint("line", network(4), data=DATA, of="98_trial/01_trial")

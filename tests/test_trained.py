"""Weights that the course trained: saved, loaded, and not loaded where something differs."""

import dataclasses
import json
import tomllib

import keras
import nbformat
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

import utils
from tools.learn import job, record, run
from tools.notebook import common
from tools.write import train
from utils import _fingerprint, _key, data, lessons, trained

NAME = "98_trial/01_trial"
CELLS = {
    "data": "pairs = numbers[:100]",
    "network": "def build(units):\n    return Dense(units)",
    "draw": "figure = plot(pairs)",
    "fit": "network = build(3)\nnetwork.fit(pairs)",
}
TRAINING = ("data", "network", "fit")


def network(units=3, activation="relu"):
    keras.utils.set_random_seed(units)
    return keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(units, activation), keras.layers.Dense(1)]
    )


@pytest.fixture
def kernel(monkeypatch, tmp_path):
    """Put a notebook beside this process; return the list of the cells that it has executed."""
    cells = [
        nbformat.v4.new_code_cell(source, metadata={"tags": ["training"] * (name in TRAINING)})
        for name, source in CELLS.items()
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "01_trial.ipynb")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path / "build"))
    monkeypatch.setattr(lessons, "FOLDER", tmp_path / "lessons")
    history = [*CELLS.values()]
    monkeypatch.setattr(_key, "executed", lambda: [_key.plain(source) for source in history])
    return history


def start(profile="quick", **switches):
    course = utils.start(NAME, profile=profile, **switches)
    course.pick(quick={"epochs": 1}, full={"epochs": 30})
    data.load("mutag")
    return course


@pytest.fixture
def saved(kernel, monkeypatch, capsys):
    """Train and save a network, as `train` does; return its weights."""
    model = network()
    monkeypatch.setenv(trained.TRAIN, "1")
    course = start("full")
    assert course.trained("line", model) is model
    assert course.checkpoints == {"line": "trained"}
    monkeypatch.delenv(trained.TRAIN)
    trained.folder_of(NAME).parent.mkdir(parents=True)
    (trained.training_folder() / NAME).rename(trained.folder_of(NAME))
    capsys.readouterr()
    return model.get_weights()


def tried(course, model):
    """Return whether a model has other weights after it asked for the course's."""
    model.set_weights([np.ones_like(w) for w in model.get_weights()])
    assert course.trained("line", model) is model
    return not all((w == 1).all() for w in model.get_weights())


def test_a_quick_run_continues_with_the_weights(saved, capsys):
    model, course = network(), start()
    capsys.readouterr()
    assert tried(course, model)
    for mine, theirs in zip(model.get_weights(), saved, strict=True):
        np.testing.assert_array_equal(mine, theirs, strict=True)
        np.testing.assert_array_equal(mine, mine.astype(np.float16).astype(np.float32))
    assert capsys.readouterr().out == (
        "line: weights that the course trained in the full profile are loaded "
        "(python course.py train 98/01 makes them).\n"
    )
    assert course.checkpoints == {"line": "used"}
    assert tried(course, model)  # of several networks, only the first has the whole sentence
    assert capsys.readouterr().out == "line: the course's weights are loaded, too.\n"


@pytest.mark.parametrize("model", [network(4), network(3, "tanh")])
def test_another_network_keeps_its_own_weights(saved, capsys, model):
    course = start()
    assert not tried(course, model)
    assert course.checkpoints == {"line": "other"}
    assert capsys.readouterr().out.splitlines()[-1] == (
        "line: the course trained another network; the page continues with what was trained here."
    )


def test_other_settings_of_the_full_profile_keep_ones_own_weights(saved, capsys):
    course = start()
    course.pick(quick={"epochs": 2}, full={"epochs": 30})
    assert tried(course, network())  # how long the short training is makes no difference
    course.pick(quick={"epochs": 1}, full={"epochs": 40})
    assert not tried(course, network())
    assert "line: the course trained with other settings;" in capsys.readouterr().out


def test_other_data_keep_ones_own_weights(saved, capsys, monkeypatch):
    record = data.load("mutag")
    for bonds in (
        record.bonds[:-1],
        np.roll(record.bonds, 1, axis=0),
        record.bonds.astype(np.int32),
    ):
        course = start()
        other = _fingerprint.arrays(dataclasses.replace(record, bonds=bonds))
        course.loaded["mutag"] = _fingerprint.compute(other)
        assert not tried(course, network())
        assert "line: the course trained on other data;" in capsys.readouterr().out
    del course.loaded["mutag"]
    assert not tried(course, network())
    course = start()
    data.load("esol")  # more than was trained on
    assert tried(course, network())


@pytest.mark.parametrize(
    ("old", "new"),
    [("[:100]", "[:50]"), ("Dense(units)", "Dense(units + 1)"), ("fit(pairs)", "fit(pairs, 3)")],
)
def test_other_code_keeps_ones_own_weights(saved, kernel, capsys, old, new):
    kernel[:] = [source.replace(old, new) for source in kernel]
    assert not tried(start(), network())
    assert "line: the course trained with other code;" in capsys.readouterr().out


def test_a_cell_that_was_edited_and_executed_again_counts(saved, kernel):
    kernel.append(CELLS["network"].replace("Dense(", "Dense(2 * "))
    assert not tried(start(), network())
    kernel.append(CELLS["network"])  # and back
    assert tried(start(), network())
    kernel.remove(CELLS["fit"])
    assert not tried(start(), network())


def test_words_drawing_and_cells_of_ones_own_do_not_count(saved, kernel):
    kernel[:] = [
        CELLS["data"] + "  # the first hundred\n\n",
        CELLS["network"].replace(":\n", ':\n    """Return a layer.\n\n    Of units."""\n'),
        "figure = plot(pairs, 'red')",
        CELLS["fit"],
        "%timeit build(3)",
        'network = course.trained("line", network)',
        "for pairs_seen in range(3):\n    print(network)",
    ]
    assert tried(start(), network())


def test_all_that_differs_is_named(saved, kernel, capsys):
    kernel.clear()
    assert not tried(start(), network(4))
    assert "trained another network and with other code; the page" in capsys.readouterr().out


def test_full_runs_and_real_data_keep_ones_own_weights(saved, capsys):
    for switches in ({"profile": "full"}, {"data": "real"}):
        course = utils.start(NAME, **switches)
        capsys.readouterr()
        assert not tried(course, network())
        assert course.checkpoints == {"line": "own"} and capsys.readouterr().out == ""


def test_no_weights_yet(kernel, capsys):
    course = start()
    assert not tried(course, network())
    assert course.checkpoints == {"line": "missing"}
    assert "line: no weights yet (python course.py train 98/01 makes" in capsys.readouterr().out


def test_the_card_says_what_was_trained(saved):
    card = tomllib.loads((trained.folder_of(NAME) / "line.toml").read_text())
    assert json.loads(card["settings"]) == {"epochs": 30}
    assert len(card["code"]) == 3 and list(card["data"]) == ["mutag"]
    assert card["run_seconds"] >= 0 and card["date"].count("-") == 2


def test_weights_that_cannot_be_known_again_are_not_saved(kernel, monkeypatch):
    monkeypatch.setenv(trained.TRAIN, "1")
    with pytest.raises(RuntimeError, match="from the full profile on the sample alone"):
        start("quick").trained("line", network())
    kernel.append("pairs = pairs[::2]")  # in a cell without the tag
    with pytest.raises(RuntimeError, match="assign one of their names again"):
        start("full").trained("line", network())
    kernel.clear()
    with pytest.raises(RuntimeError, match="tag each cell"):
        start("full").trained("line", network())


def test_large_weights_keep_32_bits_and_infinite_ones_are_refused():
    for values in (np.float32([1e6, 1]), np.float64([0.1]), np.int64([3])):
        np.testing.assert_array_equal(trained.half(values), values, strict=True)
    weights = np.random.default_rng(0).normal(size=1000).astype(np.float32)
    saved = trained.half(weights)
    assert saved.dtype == np.float16 and not (saved.view(np.uint16) & 1).any()
    np.testing.assert_allclose(saved.astype(np.float32), weights, rtol=2e-3, atol=1e-6)
    with pytest.raises(ValueError, match="not finite"):
        trained.half(np.float32([np.inf]))


def test_what_students_write_is_no_code_of_the_training(kernel, tmp_path):
    notebook = nbformat.read("01_trial.ipynb", 4)
    notebook.cells[1].metadata["nbgrader"] = {"solution": True}
    nbformat.write(notebook, "01_trial.ipynb")
    known = _key.code(NAME)
    kernel[1] = "def build(units):\n    return 2"
    assert len(known) == 2 and _key.has_executed(known)


def test_code_is_the_same_however_python_would_write_it():
    source = """def f(a):
    '''Double.'''
    return f"{a['b']}"  # twice

class A:
    "Empty."
def g(): "one line"
"""
    assert _key.plain(source) == (
        'def f(a):\n    return f"{a[\'b\']}"\nclass A:\ndef g(): "one line"'
    )
    assert _key.defined(source + "x, (y, z[0]) = 1, (2, 3)\nfor i in z: pass") == set("fAgxy")


@pytest.mark.slow
def test_train_and_then_a_quick_run(tmp_path, monkeypatch, capsys):
    """In kernels: what `train` saves is loaded by `run`, until a cell is another."""
    start = f'''import utils
from pathlib import Path
from utils import data, lessons
lessons.FOLDER = Path({str(tmp_path / "lessons")!r})
course = utils.start("{NAME}", seed=0)
settings = course.pick(quick={{"epochs": 1}}, full={{"epochs": 3}})'''
    fit = """import keras
import numpy as np
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
x = np.ones((8, 1))
model.fit(x, x, batch_size=4, epochs=settings.epochs, verbose=0)"""
    cells = [nbformat.v4.new_markdown_cell("# T")]
    cells += [nbformat.v4.new_code_cell(text) for text in (start, fit)]
    cells.append(nbformat.v4.new_code_cell('model = course.trained("line", model)'))
    cells[2].metadata["tags"] = ["training"]
    path = tmp_path / "notebooks" / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    meta = {"course": {"id": "98/01"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=meta), path)
    monkeypatch.setattr(common, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path / "build"))
    for module in (common, job, record):
        monkeypatch.setattr(module, "BUILD", tmp_path / "build")
    monkeypatch.setattr(lessons, "FOLDER", tmp_path / "lessons")
    monkeypatch.setenv(trained.TRAIN, "0")  # `train` sets it for its kernels; undone here
    monkeypatch.delenv(trained.TRAIN)
    assert train.main(["98/01"]) == 0
    monkeypatch.delenv(trained.TRAIN)
    card = tomllib.loads((tmp_path / "lessons" / NAME / "weights/line.toml").read_text())
    assert (card["steps"], card["settings"]) == (6, '{"epochs": 3}')
    for text, line in (
        (fit, "line: weights that the course trained in the full profile are loaded"),
        (fit.replace("np.ones", "np.zeros"), "line: the course trained with other code;"),
    ):
        cells[2].source = text
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=meta), path)
        assert run.main([]) == 0
        executed = tmp_path / "build/executed/quick-sample" / f"{NAME}.ipynb"
        (output,) = nbformat.read(executed, 4).cells[3].outputs
        assert output.text.startswith(line)


def test_cells_count_where_the_kernel_keeps_no_history(monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr(_key, "_since_start", [])
    _key.watch()
    _key.watch()  # the settings cell was executed again
    shell.run_cell("pairs = [1, 2]  # two of them", store_history=False)  # as nbval does
    assert [source for source in _key.executed() if source] == ["pairs = [1, 2]"]

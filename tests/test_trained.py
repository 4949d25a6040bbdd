"""Weights that the course trained: saved, loaded, and not loaded where something differs."""

import tomllib

import keras
import nbformat
import numpy as np
import pytest

import utils
from tools.learn import run
from tools.notebook import common, kernels
from tools.write import train
from utils import executed, lessons, trained

NAME = "98_trial/01_trial"
CELLS = {
    "data": "pairs = numbers[:100]",
    "network": "def build(units):\n    return Dense(units)",
    "draw": "figure = plot(pairs)",
    "fit": "network = build(3)\nnetwork.fit(pairs)",
}


def network(units=3):
    keras.utils.set_random_seed(units)
    return keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(units, "relu"), keras.layers.Dense(1)]
    )


@pytest.fixture
def kernel(monkeypatch, tmp_path):
    """Put a notebook beside this process; return the list of the cells that it has executed."""
    cells = [
        nbformat.v4.new_code_cell(source, metadata={"tags": ["training"] * (name != "draw")})
        for name, source in CELLS.items()
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "01_trial.ipynb")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path / "build"))
    monkeypatch.setattr(lessons, "FOLDER", tmp_path / "lessons")
    monkeypatch.setattr(executed, "cells", [*CELLS.values()])
    return executed.cells


def start(profile="quick", **switches):
    course = utils.start(NAME, profile=profile, **switches)
    course.pick(quick={"epochs": 1}, full={"epochs": 30})
    return course


@pytest.fixture
def saved(kernel, monkeypatch, capsys):
    """Train and save a network, as `train` does; return its weights."""
    assert not tried(start(), network())
    assert "train 98/01" in capsys.readouterr().out
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
    course.pick(quick={"epochs": 2}, full={"epochs": 30})  # how short the quick one is: no matter
    capsys.readouterr()
    assert tried(course, model)
    for mine, theirs in zip(model.get_weights(), saved, strict=True):
        np.testing.assert_array_equal(mine, theirs, strict=True)
        np.testing.assert_array_equal(mine, mine.astype(np.float16).astype(np.float32))
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("line: ") and "train 98/01" in line
    assert course.checkpoints == {"line": "used"}


@pytest.mark.parametrize(
    ("other", "units", "epochs", "old", "new"),
    [
        ("another network", 4, 30, "", ""),
        ("with other settings", 3, 40, "", ""),
        ("with other code", 3, 30, "[:100]", "[:50]"),
        ("with other code", 3, 30, "Dense(units)", "Dense(units + 1)"),
        ("with other code", 3, 30, "fit(pairs)", "fit(pairs, 3)"),
    ],
)
def test_another_training_keeps_its_weights(saved, kernel, capsys, other, units, epochs, old, new):
    kernel[:] = [source.replace(old, new) for source in kernel]
    course = start()
    course.pick(quick={"epochs": 1}, full={"epochs": epochs})
    assert not tried(course, network(units))
    assert course.checkpoints == {"line": "other"}
    assert f"{other};" in capsys.readouterr().out


def test_comments_figures_and_cells_of_ones_own_do_not_count(saved, kernel):
    kernel[:] = [
        CELLS["data"] + "  # the first hundred\n\n",
        CELLS["network"].replace(":\n", ':\n    """Return a layer.\n\n    Of units."""\n'),
        "figure = plot(pairs, 'red')",
        CELLS["fit"],
        'network = course.trained("line", network)',
        "for pairs_seen in range(3):\n    print(network)",
    ]
    assert tried(start(), network())


CHANGES = [
    "pairs *= 2",
    "pairs: list = other",
    "pairs[3] = 0",
    "pairs.flags.writeable, _ = False, 1",
    "first, *pairs = other",
    "with opened() as pairs:\n    pass",
    "with opened() as file:\n    pairs = file",
    "if (pairs := other):\n    pass",
    "for pairs in other:\n    pass",
    "try:\n    del pairs\nexcept NameError:\n    pass",
    "class pairs:\n    pass",
    "async def build(units):\n    return units",
]
OWN = [  # names that another cell reads, or has for itself
    "print([pairs for pairs in other], *(lambda pairs: pairs)(3))",
    "def show(pairs):\n    network = pairs",
    "lines = pairs[3], network.layers",
    "models['a'] = course.trained('line', network)",
    "for k in range(3):\n    print(k)",
]


@pytest.mark.parametrize("source", [*CHANGES, *OWN])
def test_a_cell_that_changes_the_data_of_a_training_is_noticed(kernel, source):
    known = executed.training_of(NAME)
    kernel.append(source)
    assert executed.are_unchanged(known) == (source in OWN)


def test_cells_of_a_training_may_share_loop_variables_with_others(kernel):
    notebook = nbformat.read("01_trial.ipynb", 4)
    kernel[-1] = notebook.cells[-1].source = "for k in range(3):\n    _, network = build(k)"
    nbformat.write(notebook, "01_trial.ipynb")
    kernel.append("for k in range(5):\n    _, figure = plot(k)")
    assert len(executed.training_of(NAME)) == 3
    kernel.append("for k in range(5):\n    network = k")
    with pytest.raises(RuntimeError, match="training"):
        executed.training_of(NAME)


@pytest.mark.parametrize("switches", [{"profile": "full"}, {"data": "real"}])
def test_full_runs_and_real_data_keep_ones_own_weights(saved, capsys, switches):
    course = utils.start(NAME, **switches)
    capsys.readouterr()
    assert not tried(course, network())
    assert course.checkpoints == {"line": "own"} and capsys.readouterr().out == ""


def test_weights_of_a_cell_without_a_tag_are_not_saved(kernel, monkeypatch):
    monkeypatch.setenv(trained.TRAIN, "1")
    kernel.append("pairs = pairs[::2]")
    with pytest.raises(RuntimeError, match="`training`"):
        start("full").trained("line", network())


def test_what_students_write_is_no_code_of_the_training(kernel):
    notebook = nbformat.read("01_trial.ipynb", 4)
    notebook.cells[1].metadata["nbgrader"] = {"solution": True}
    nbformat.write(notebook, "01_trial.ipynb")
    known = executed.training_of(NAME)
    kernel[1] = "def build(units):\n    return 2"
    assert len(known) == 2 and executed.are_unchanged(known)


@pytest.mark.slow
@pytest.mark.xdist_group("fork server")
def test_train_and_then_a_quick_run(tmp_path, monkeypatch):
    """In kernels: what `train` saves is loaded by `run`."""
    start = f'''import utils
from pathlib import Path
from utils import data, lessons
lessons.FOLDER = Path({str(tmp_path / "lessons")!r})
course = utils.start("{NAME}", seed=0)
settings = course.pick(quick={{"epochs": 1}}, full={{"epochs": 3}})'''
    fit = """import keras
import numpy as np
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile("sgd", "mse", jit_compile=False)
x = np.ones((8, 1))
model.fit(x, x, batch_size=4, epochs=settings.epochs, verbose=0)"""
    load = 'model = course.trained("line", model)'
    cells = [nbformat.v4.new_code_cell(text) for text in (start, fit, load)]
    cells[1].metadata["tags"] = ["training"]
    path = tmp_path / "notebooks" / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    meta = {"course": {"id": "98/01"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=meta), path)
    monkeypatch.setattr(common, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path / "build"))
    monkeypatch.setattr(common, "BUILD", tmp_path / "build")
    monkeypatch.setattr(lessons, "FOLDER", tmp_path / "lessons")
    monkeypatch.setenv(trained.TRAIN, "0")  # `train` sets it for its kernels; undone here
    monkeypatch.delenv(trained.TRAIN)
    with kernels.forked_kernels():
        assert train.main(["98/01"]) == 0
    monkeypatch.delenv(trained.TRAIN)
    card = tomllib.loads((tmp_path / "lessons" / NAME / "weights/line.toml").read_text())
    assert (card["steps"], card["settings"]) == (6, '{"epochs": 3}')
    with kernels.forked_kernels():
        assert run.main([]) == 0
    ran = tmp_path / "build/executed/quick-sample" / f"{NAME}.ipynb"
    (output,) = nbformat.read(ran, 4).cells[2].outputs
    assert output.text.startswith("line: ") and output.text.count("\n") == 1

"""What notebooks do with the reports' own networks where their files are: the cells themselves.

Their files are a download, so that here networks with random weights run through the same code.
"""

from __future__ import annotations

import ast
import linecache

import numpy as np

from tools.notebook.common import ROOT, Notebook
from tools.notebook.tasks import tasks_of
from utils import weights


def lesson(name: str, cells: tuple[str, ...], given: dict) -> dict:
    """Return what cells of a notebook define, functions and capital names, and its solutions.

    What cells use when they are run stands in ``given``; functions find it there, too.
    """
    notebook = Notebook(ROOT / "notebooks" / f"{name}.ipynb")
    sources = {cell["id"]: "".join(cell["source"]) for cell in notebook.raw["cells"]}
    space: dict = {"__name__": "lesson"} | given
    exec(sources["imports"], space)
    solved = {t.name: t.solution for t in tasks_of(notebook)}
    for one, source in (solved | {one: sources[one] for one in cells}).items():
        kept = [statement for statement in ast.parse(source).body if _defines(statement)]
        file = f"<{name}, {one}>"
        linecache.cache[file] = len(source), None, source.splitlines(True), file  # autograph reads
        exec(compile(ast.Module(kept, []), file, "exec"), space)
    space.update(given)  # the same dictionary: functions look their names up in it
    return space


def _defines(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return True
    names = statement.targets if isinstance(statement, ast.Assign) else []
    return bool(names) and all(isinstance(n, ast.Name) and n.id.isupper() for n in names)


def test_inception_has_the_layers_that_the_far_source_is_read_at():
    network = weights.build("inception_v3", top=False, input_shape=(139, 139, 3))
    names = [f"mixed{k}" for k in (0, 2, 4, 6, 7, 8, 10)]
    assert network.get_layer(names[-2]).output.shape[1:3] == (3, 3)
    assert network.output is network.get_layer("mixed10").output
    assert [network.get_layer(name).output.shape[-1] for name in names][-1] == 2048
    whole = weights.build("inception_v3", input_shape=(96, 96, 3))
    assert whole.get_layer("avg_pool").output.shape == (None, 2048)
    assert whole.get_layer("predictions").units == 1000


TRANSFER = "08_convnets_detection/02_transfer_learning"


def small_network():
    """A convolution, a batch normalisation and a dense layer."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((6, 6, 3)),
            layers.Conv2D(4, 3, use_bias=False, name="convolution"),
            layers.BatchNormalization(name="norm"),
            layers.Flatten(),
            layers.Dense(2, name="dense"),
        ]
    )


def test_an_unfrozen_part_is_trained_and_its_batch_normalisation_stands_still():
    import keras
    from keras import layers

    space = lesson(TRANSFER, ("trained-parameters",), {})
    network = small_network()
    inputs = np.random.default_rng(0).normal(3, 1, (8, 6, 6, 3)).astype("float32")
    for value, moving, parameters in (
        (False, set(), 0),
        (True, {"convolution", "dense"}, 108 + 128 + 2),
    ):
        space["set_trainable"](network, value)
        assert space["trained_parameters"](network) == parameters
        model = keras.Sequential([keras.Input((6, 6, 3)), network, layers.Dense(1)])
        model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
        before = {layer.name: layer.get_weights() for layer in network.layers}
        model.fit(inputs, np.zeros((8, 1)), verbose=0)
        moved = {
            layer.name
            for layer in network.layers
            for old, new in zip(before[layer.name], layer.get_weights(), strict=True)
            if (old != new).any()
        }
        assert moved == moving

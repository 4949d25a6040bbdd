"""What notebooks do with the reports' own networks where their files are: the cells themselves.

Their files are a download, so that here networks with random weights run through the same code.
"""

from __future__ import annotations

import ast
from types import SimpleNamespace

import numpy as np
import pytest

from tools.notebook.common import ROOT, Notebook
from tools.notebook.tasks import tasks_of
from utils import weights


def lesson(name: str, cells: tuple[str, ...], given: dict) -> dict:
    """Return what cells of a notebook define, functions and capital names, and its solutions."""
    notebook = Notebook(ROOT / "notebooks" / f"{name}.ipynb")
    sources = {cell["id"]: "".join(cell["source"]) for cell in notebook.raw["cells"]}
    space: dict = {"__name__": "lesson"}
    exec(sources["imports"], space)
    for source in (*(t.solution for t in tasks_of(notebook)), *(sources[one] for one in cells)):
        kept = [one for one in ast.parse(source).body if _defines(one)]
        exec(compile(ast.Module(kept, []), name, "exec"), space)
    space.update(given)  # the same dictionary: functions look their names up in it
    return space


def _defines(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return True
    names = statement.targets if isinstance(statement, ast.Assign) else []
    return bool(names) and all(isinstance(n, ast.Name) and n.id.isupper() for n in names)


@pytest.fixture
def clips():
    """Twenty-four crops of 72 pixels: by speaker two training clips and a test clip, two each."""
    rng = np.random.default_rng(0)
    n = 24
    truth = np.arange(n) % 6
    nth = np.repeat([0, 3, 4, 5], 6)
    crops = rng.integers(0, 256, (n, 72, 72, 3), dtype=np.uint8)
    return dict(
        crops=crops,
        disturbed=crops[:, ::-1],
        truth=truth,
        face=np.ones(n, bool),
        speaker=np.ones(n, bool),
        training_part=nth < 4,
        by_clip=nth == 3,
        drawn=SimpleNamespace(labels=truth),
        SIDE=72,
        BATCH=4,
        JUNK=6,
        settings=SimpleNamespace(head=20, tune=10, seeds=(0, 1)),
    )


def test_the_report_s_two_phases_train_a_head_and_then_two_blocks(clips):
    cells = ("small", "training-functions", "fit-function", "head", "tune")
    cells += ("threshold-function", "scores-function", "own-phases")
    space = lesson("07_dominant_speaker/03_inceptionv3_transfer", cells, clips)
    small = space["small_inception"]()
    keras = space["keras"]
    inside = keras.Model(small.input, small.get_layer("mixed3").output)  # blocks as InceptionV3's
    before = inside.get_weights()
    found = space["two_phases"](inside)
    assert list(found) == ["head", "tuned"]
    for rows in found.values():
        assert rows.shape == (2, 5) and ((rows >= 0) & (rows <= 1)).all()
    for one, other in zip(inside.get_weights(), before, strict=True):  # each seed begins anew
        np.testing.assert_array_equal(one, other)
    moving = [layer.name for layer in inside.layers if layer.trainable and layer.weights]
    listed = [(layer.name, type(layer).__name__) for layer in inside.layers]
    assert moving == space["layers_to_tune"](listed, 2) and len(moving) == 18


def test_inception_has_the_layers_that_the_far_source_is_read_at():
    network = weights.build("inception_v3", top=False, input_shape=(139, 139, 3))
    names = [f"mixed{k}" for k in (0, 2, 4, 6, 7, 8, 10)]
    assert network.get_layer(names[-2]).output.shape[1:3] == (3, 3)
    assert network.output is network.get_layer("mixed10").output
    assert [network.get_layer(name).output.shape[-1] for name in names][-1] == 2048
    whole = weights.build("inception_v3", input_shape=(96, 96, 3))
    assert whole.get_layer("avg_pool").output.shape == (None, 2048)
    assert whole.get_layer("predictions").units == 1000


def test_the_filters_of_the_report_s_convolutions_rise():
    given = dict(STEPS=2, wanted=(2, 3))
    cells = ("stepper", "ascend", "inception-filters")
    space = lesson("07_dominant_speaker/05_filters_occlusion_saliency", cells, given)
    keras, layers = space["keras"], space["layers"]
    x = inputs = keras.Input((16, 16, 3))
    for filters in (4, 5, 6, 7):
        x = layers.Conv2D(filters, 3, padding="same")(x)
    space["v3"] = whole = keras.Model(inputs, x)
    space["in_order"] = [one for one in whole.layers if isinstance(one, layers.Conv2D)]
    found = space["inception_album"](whole, 2)
    assert list(found) == [(2, 0), (2, 1), (3, 0), (3, 1)]
    for pictures, left in found.values():
        assert pictures.shape == (2, 16, 16, 3) and ((pictures >= 0) & (pictures <= 1)).all()
        assert left.shape == (2,) and (left <= 1 + 1e-6).all()

"""What notebooks do with the reports' own networks where their files are: the cells themselves.

Their files are a download, so that here networks with random weights run through the same code.
"""

from __future__ import annotations

import ast
import linecache
from types import SimpleNamespace

import numpy as np

from tools.notebook.common import ROOT, Notebook
from tools.notebook.tasks import tasks_of
from utils import weights
from utils._start import Course


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


def test_the_report_s_network_gives_a_look_of_a_thousand_numbers():
    space = lesson("10_attributes_color/03_image_colorization", ("own-look",), {})
    whole = weights.build("inception_resnet_v2", input_shape=(96, 96, 3))
    looks_at = space["look_of"](whole, "inception_resnet_v2", 96)
    pictures = np.random.default_rng(0).integers(0, 256, (2, 40, 30, 3), dtype=np.uint8)
    looks = looks_at(pictures)
    assert looks.shape == (2, 1000) and looks.dtype == np.float32
    np.testing.assert_allclose(looks.sum(axis=1), 1, rtol=1e-4)
    grey = pictures[:1].mean(axis=3, keepdims=True).astype(np.uint8)
    again = looks_at(np.concatenate([grey.repeat(3, axis=3), pictures[1:]]))
    np.testing.assert_allclose(again[1], looks[1], rtol=1e-3, atol=1e-6)  # pictures stay apart


def test_the_report_s_two_towers_unfreeze_their_last_block_or_everything():
    rng, recorded = np.random.default_rng(0), {}
    given = dict(
        images=rng.integers(0, 256, (20, 32, 32, 3), dtype=np.uint8),
        test_images=rng.integers(0, 256, (20, 32, 32, 3), dtype=np.uint8),
        labels=np.arange(20),
        test_labels=np.arange(20),
        cars=SimpleNamespace(data="real"),
        blocks=SimpleNamespace(get_weights=list),
        MODELS=20,
        BATCH=10,
    )
    cells = (
        "sqrt-layer",
        "count",
        "closed-form",
        "networks",
        "train",
        "vgg16-two",
        "vgg16-function",
    )
    space = lesson("10_attributes_color/02_bilinear_car_models", cells, given)
    keras, layers = space["keras"], space["layers"]

    def small_vgg(name, top, input_shape):  # a convolution below, three above, as VGG16's block 5
        x = inputs = keras.Input(input_shape)
        x = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D(4, name="block4_pool")(x)
        for _ in range(3):
            x = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
        return keras.Model(inputs, layers.MaxPooling2D()(x))

    space["weights"] = SimpleNamespace(load=small_vgg, preprocess=weights.preprocess)
    space["report"] = SimpleNamespace(
        record=lambda name, value, **_: recorded.update({name: value})
    )
    for above in ("block4_pool", None):
        recorded.clear()
        space["with_vgg16"](1, 1, above=above)
        assert list(recorded) == ["frozen_accuracy", "final_accuracy"]
        assert all(0 <= value <= 1 for value in recorded.values())


def test_xception_with_the_report_s_head_has_its_count_of_parameters():
    cells = ("q24-code", "own-xception")
    given = dict(SIDE=71, OWN="efficientnet_lite0", trainable=lambda model: 0)
    space = lesson("09_deepfakes/02_xception_synthetic", cells, given)
    whole = weights.build("xception", input_shape=(71, 71, 3))
    whole.trainable = False  # as `weights.load` returns it
    own = space["pretrained_xception"](whole, side=71)
    assert sum(int(np.prod(w.shape)) for w in own.trainable_weights) == 23_128_786
    pictures = np.random.default_rng(0).integers(0, 256, (2, 71, 71, 3)).astype(np.float32)
    assert own(pictures, training=False).shape == (2, 2)
    inner = own.layers[2]  # picture, its scaling, Xception with logits in place of its softmax
    seen = weights.preprocess("xception", pictures)
    scores = np.exp(np.asarray(inner(seen, training=False)))
    softmax = scores / scores.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(np.asarray(whole(seen, training=False)), softmax, rtol=1e-3)


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


def test_colouring_networks_of_any_width_go_on_with_their_own_full_training():
    """Where the weights that the sample keeps took their place, another width raised an error."""
    name = "10_attributes_color/03_image_colorization"
    space = lesson(name, ("all-layers-2",), {})
    cells = Notebook(ROOT / "notebooks" / f"{name}.ipynb").raw["cells"]
    (source,) = ("".join(cell["source"]) for cell in cells if cell["id"] == "twelve")
    networks = {("own", k): space["colorizer"](16, 1 / 32) for k in range(4)}
    before = [network.get_weights() for network in networks.values()]
    found = {"own 0": [1.0] * 32} | {f"0 {k} left out": [9.0 - k] * 7 for k in range(4)}
    space |= dict(networks=networks, found=found, photos=np.zeros((8, 2, 16, 16, 3), np.uint8))
    space |= dict(SIDE=16, REAL=True, short_curves={"left out": []}, learned_from=len, parts_of=len)
    space["course"] = Course(name, profile="full", data="real", seed=0)
    exec(source, space)
    assert space["kept"].state == "own" and space["SEEDS"] == [0]
    assert space["LAST"] == 70 and space["curves"]["left out"][:, 0].tolist() == [9, 8, 7, 6]
    for one, other in zip(networks.values(), before, strict=True):
        for mine, first in zip(one.get_weights(), other, strict=True):
            np.testing.assert_array_equal(mine, first)

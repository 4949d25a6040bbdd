"""Pretrained networks through the catalogue: ``weights.load("mobilefacenet")``.

Each network is built here, layer by layer, and then filled from the checked file: no code comes
out of a file, and a file that does not fit says so. A whole Keras file could be opened by Keras
alone, but then the file would say what runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from utils.data import fetch, torch_files
from utils.data.catalogue import DataError, UnknownDataset, unknown_message
from utils.data.fetch import DataUnavailable

if TYPE_CHECKING:
    import keras
    import numpy as np


@dataclass(frozen=True)
class Network:
    """How one network is made: its layers, its file, and what puts the one into the other."""

    build: Callable[..., keras.Model]
    file: str
    fill: Callable[[keras.Model, Path], None]
    entries: tuple[str, ...] = ()  # catalogue entries that may serve it, best first; default: name


def names() -> list[str]:
    """Return the names that ``load`` takes."""
    return sorted(NETWORKS)


def load(name: str, **options: Any) -> keras.Model:
    """Return a pretrained network.

    Parameters
    ----------
    name : {"facenet", "mobilefacenet", "mobilenet_v2", "mobilenet_v2_features"}
        The first two map faces to points on the unit sphere: "facenet" (n, 160, 160, 3) to
        (n, 512), "mobilefacenet" (n, 112, 112, 3), aligned, to (n, 128); scale pixels by
        ``standardise`` first. "mobilenet_v2" maps (n, 224, 224, 3), pixels -1..1, to the
        probabilities of ImageNet's 1,000 classes; "mobilenet_v2_features" ends before them.
    **options
        For "mobilenet_v2_features": ``input_shape``, (224, 224, 3) if not given.

    Returns
    -------
    keras.Model
        Not compiled, its weights frozen. Its ``name`` is that of the catalogue entry that the
        weights came from: "mobilenet_v2", or its stand-in "mobilenet_dequantised".

    Raises
    ------
    UnknownDataset
        The name is not known; the message names close matches.
    DataUnavailable
        Nothing serves its file: no mirror, no cache, no pinned download.
    DataError
        The file is there, but it does not hold this network.
    """
    if name not in NETWORKS:
        raise UnknownDataset(
            unknown_message(name, names(), "the networks that utils.weights builds")
        )
    network = NETWORKS[name]
    entry, path = _served(network.entries or (name,), network.file)
    model = network.build(**options)
    network.fill(model, path)
    if network.entries:
        model.name = entry
    model.trainable = False
    return model


def _served(entries: tuple[str, ...], file: str) -> tuple[str, Path]:
    """Return the first entry whose file can be had, and the file; or say why the first cannot."""
    refusal = None
    for entry in entries:
        try:
            return entry, fetch.fetch(entry, file).path
        except DataUnavailable as error:
            refusal = refusal or error
    raise refusal


def standardise(pixels: np.ndarray) -> np.ndarray:
    """Map pixels 0..255 to about -1..1, float32, as both face networks were trained with."""
    import numpy as np

    return (np.asarray(pixels, np.float32) - np.float32(127.5)) / np.float32(128)


# ------------------------------------------------------------------ MobileFaceNet


def mobilefacenet() -> keras.Model:
    """Build MobileFaceNet with random weights: 989,952 parameters, batch norms folded in.

    Inverted bottlenecks: a 1x1 convolution widens, a depthwise 3x3 looks around, a 1x1
    without activation narrows. In place of an average, a depthwise 7x7 weighs each place of
    the last map: the middle of an aligned face says more than its rim.
    """
    from keras import Input, Model, layers

    image = Input((112, 112, 3), name="image")
    x = _conv(image, "conv1", 64, 3, stride=2)
    x = _depthwise(x, "dw2", act="relu")  # the file's network bounds all others at 6
    x = _conv(x, "conv3", 64, act="relu")
    number = 4
    for narrow, first, wide, repeats in ((64, 128, 128, 4), (128, 256, 256, 6), (128, 512, 256, 2)):
        x = _bottleneck(x, number, first, narrow, stride=2)
        for block in range(1, repeats + 1):
            x = layers.add([x, _bottleneck(x, number + 3 * block, wide, narrow)])
        number += 3 * (repeats + 1)
    x = _conv(x, "conv49", 512)  # (n, 7, 7, 512)
    x = layers.DepthwiseConv2D(7, name="dw50")(x)  # (n, 1, 1, 512)
    x = layers.Flatten(name="flatten")(_conv(x, "conv51", 128, act="linear"))
    return Model(image, layers.UnitNormalization(name="embedding")(x), name="mobilefacenet")


def _conv(x, name: str, filters: int, side: int = 1, stride: int = 1, act: str = "relu6"):
    from keras import layers

    x = layers.ZeroPadding2D(side // 2, name=f"{name}_pad")(x) if side > 1 else x
    x = layers.Conv2D(filters, side, stride, name=name)(x)
    return layers.Activation(act, name=f"{name}_{act}")(x)


def _depthwise(x, name: str, stride: int = 1, act: str = "relu6"):
    from keras import layers

    x = layers.ZeroPadding2D(1, name=f"{name}_pad")(x)
    x = layers.DepthwiseConv2D(3, stride, name=name)(x)
    return layers.Activation(act, name=f"{name}_{act}")(x)


def _bottleneck(x, number: int, wide: int, narrow: int, stride: int = 1):
    """Widen, look around, narrow: three layers, numbered from ``number`` on."""
    x = _conv(x, f"conv{number}", wide)
    x = _depthwise(x, f"dw{number + 1}", stride)
    return _conv(x, f"conv{number + 2}", narrow, act="linear")


def mobilenet_v2(input_shape: tuple[int, int, int] = (224, 224, 3), top: bool = True):
    """Build Keras's MobileNetV2 with random weights: 3,538,984 parameters, 2,257,984 without top.

    Its ``block_1_expand_relu``, ``block_3_expand_relu``, ``block_6_expand_relu``,
    ``block_13_expand_relu`` and ``out_relu`` have strides 2, 4, 8, 16 and 32.
    """
    from keras.applications import MobileNetV2

    return MobileNetV2(input_shape=input_shape, include_top=top, weights=None)


def fill_from_keras(model: keras.Model, path: Path) -> None:
    """Put the weights of a Keras ``.h5`` file into a network, layer by layer in their order."""
    try:
        model.load_weights(path)
    except (ValueError, KeyError, OSError) as error:
        raise DataError(f"{path} does not hold {model.name}: {error}") from error


# ------------------------------------------------------------------ FaceNet


def facenet() -> keras.Model:
    """Build FaceNet's Inception-ResNet-v1 with random weights: 23,482,624 trainable parameters.

    Layers carry the names of facenet-pytorch's modules, so that a state dict fits as it is.
    """
    from keras import Input, Model, layers

    image = Input((160, 160, 3), name="image")
    x = _facenet_stem(image)  # (n, 17, 17, 256)
    for i in range(5):
        x = _block35(x, f"repeat_1.{i}")
    x = _mixed_6a(x)  # (n, 8, 8, 896)
    for i in range(10):
        x = _block17(x, f"repeat_2.{i}")
    x = _mixed_7a(x)  # (n, 3, 3, 1792)
    for i in range(5):
        x = _block8(x, f"repeat_3.{i}", scale=0.2)
    x = _block8(x, "block8", scale=1.0, relu=False)
    x = layers.GlobalAveragePooling2D(name="avgpool_1a")(x)
    x = layers.Dense(512, use_bias=False, name="last_linear")(x)
    x = layers.BatchNormalization(epsilon=1e-3, name="last_bn")(x)
    return Model(image, layers.UnitNormalization(name="embedding")(x), name="facenet")


def _unit(x, name: str, filters: int, size=1, stride: int = 1, padding: str = "same"):
    """Convolution without bias, batch norm, ReLU: BasicConv2d of facenet-pytorch."""
    from keras import layers

    x = layers.Conv2D(filters, size, stride, padding, use_bias=False, name=f"{name}.conv")(x)
    x = layers.BatchNormalization(epsilon=1e-3, name=f"{name}.bn")(x)
    return layers.ReLU(name=f"{name}.relu")(x)


def _facenet_stem(x):
    from keras import layers

    x = _unit(x, "conv2d_1a", 32, 3, 2, "valid")
    x = _unit(x, "conv2d_2a", 32, 3, 1, "valid")
    x = _unit(x, "conv2d_2b", 64, 3)
    x = layers.MaxPooling2D(3, 2, name="maxpool_3a")(x)
    x = _unit(x, "conv2d_3b", 80)
    x = _unit(x, "conv2d_4a", 192, 3, 1, "valid")
    return _unit(x, "conv2d_4b", 256, 3, 2, "valid")


def _residual(x, name: str, branches: list, scale: float, relu: bool = True):
    """Add to x what the branches found: joined, brought to x's channels, and damped."""
    from keras import layers

    joined = layers.Concatenate(name=f"{name}.cat")(branches)
    found = layers.Conv2D(x.shape[-1], 1, name=f"{name}.conv2d")(joined)
    damped = layers.Rescaling(scale, name=f"{name}.scale")(found)
    x = layers.Add(name=f"{name}.add")([x, damped])
    return layers.ReLU(name=f"{name}.relu")(x) if relu else x


def _block35(x, name: str):
    one = _unit(x, f"{name}.branch0", 32)
    two = _unit(_unit(x, f"{name}.branch1.0", 32), f"{name}.branch1.1", 32, 3)
    three = _unit(_unit(x, f"{name}.branch2.0", 32), f"{name}.branch2.1", 32, 3)
    three = _unit(three, f"{name}.branch2.2", 32, 3)
    return _residual(x, name, [one, two, three], scale=0.17)


def _block17(x, name: str):
    one = _unit(x, f"{name}.branch0", 128)
    two = _unit(_unit(x, f"{name}.branch1.0", 128), f"{name}.branch1.1", 128, (1, 7))
    two = _unit(two, f"{name}.branch1.2", 128, (7, 1))
    return _residual(x, name, [one, two], scale=0.1)


def _block8(x, name: str, scale: float, relu: bool = True):
    one = _unit(x, f"{name}.branch0", 192)
    two = _unit(_unit(x, f"{name}.branch1.0", 192), f"{name}.branch1.1", 192, (1, 3))
    two = _unit(two, f"{name}.branch1.2", 192, (3, 1))
    return _residual(x, name, [one, two], scale, relu)


def _mixed_6a(x):
    """Halve the map: two ways of convolution and a maximum, side by side."""
    from keras import layers

    one = _unit(x, "mixed_6a.branch0", 384, 3, 2, "valid")
    two = _unit(_unit(x, "mixed_6a.branch1.0", 192), "mixed_6a.branch1.1", 192, 3)
    two = _unit(two, "mixed_6a.branch1.2", 256, 3, 2, "valid")
    three = layers.MaxPooling2D(3, 2, name="mixed_6a.branch2")(x)
    return layers.Concatenate(name="mixed_6a")([one, two, three])


def _mixed_7a(x):
    """Halve the map: three ways of convolution and a maximum, side by side."""
    from keras import layers

    one = _unit(x, "mixed_7a.branch0.0", 256)
    one = _unit(one, "mixed_7a.branch0.1", 384, 3, 2, "valid")
    two = _unit(x, "mixed_7a.branch1.0", 256)
    two = _unit(two, "mixed_7a.branch1.1", 256, 3, 2, "valid")
    three = _unit(_unit(x, "mixed_7a.branch2.0", 256), "mixed_7a.branch2.1", 256, 3)
    three = _unit(three, "mixed_7a.branch2.2", 256, 3, 2, "valid")
    four = layers.MaxPooling2D(3, 2, name="mixed_7a.branch3")(x)
    return layers.Concatenate(name="mixed_7a")([one, two, three, four])


# torch's names of a module's tensors, in the order of the Keras layer's weights
_TORCH_PARTS = {
    "Conv2D": ("weight", "bias"),
    "Dense": ("weight", "bias"),
    "BatchNormalization": ("weight", "bias", "running_mean", "running_var"),
}
# What a state dict may hold beside the network: the classifier that trained it.
_UNUSED = ("logits.weight", "logits.bias")


def fill_from_torch(model: keras.Model, path: Path) -> None:
    """Put a state dict of PyTorch into a network whose layers carry the modules' names."""
    state = torch_files.read(path)
    used = set()
    for layer in model.layers:
        if not layer.weights:
            continue
        parts = _TORCH_PARTS[type(layer).__name__][: len(layer.weights)]
        wanted = [f"{layer.name}.{part}" for part in parts]
        if missing := [name for name in wanted if name not in state]:
            raise DataError(f"{path} does not hold {model.name}: it lacks {', '.join(missing)}.")
        arrays = [_to_keras(state[name]) for name in wanted]
        for name, array, weight in zip(wanted, arrays, layer.weights, strict=True):
            if array.shape != tuple(weight.shape):
                raise DataError(
                    f"{path} does not hold {model.name}: {name} has shape {array.shape} "
                    f"in Keras's order where {tuple(weight.shape)} is due."
                )
        layer.set_weights(arrays)
        used.update(wanted)
    spare = [n for n in state if n not in used and n not in _UNUSED]
    if spare := [n for n in spare if not n.endswith(".num_batches_tracked")]:
        raise DataError(f"{path} holds more than {model.name}: {', '.join(spare[:5])}.")


def _to_keras(array: np.ndarray) -> np.ndarray:
    """Turn (out, in, h, w) into (h, w, in, out) and (out, in) into (in, out)."""
    return array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.T


# Two entries serve MobileNetV2 under Keras's file names: the official one, and a stand-in.
_MOBILENETS = ("mobilenet_v2", "mobilenet_dequantised")
_MOBILENET = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224"

NETWORKS = {
    "facenet": Network(facenet, "20180402-114759-vggface2.pt", fill_from_torch),
    "mobilefacenet": Network(mobilefacenet, "mobilefacenet_112.h5", fill_from_keras),
    "mobilenet_v2": Network(mobilenet_v2, f"{_MOBILENET}.h5", fill_from_keras, _MOBILENETS),
    "mobilenet_v2_features": Network(
        partial(mobilenet_v2, top=False), f"{_MOBILENET}_no_top.h5", fill_from_keras, _MOBILENETS
    ),
}

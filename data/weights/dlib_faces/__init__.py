"""dlib's residual network: 128-d embeddings of aligned faces."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data.core.cards import DataError
from data.weights.network import Network

if TYPE_CHECKING:
    import keras

MEAN = (122.782, 117.001, 104.298)  # what dlib takes from r, g, b
# Filters, how many residual blocks keep the size of the map, whether one that halves it is first.
LEVELS = ((32, 3, False), (64, 3, True), (128, 2, True), (256, 2, True), (256, 0, True))
# A layer's name as dlib writes a text: one byte says how many bytes its length takes.
_NAMES = re.compile(rb"\x01[\x04-\x07](con_4|affine_|fc_2)")


def dlib_faces() -> keras.Model:
    """Build dlib's face network (King, 2017): 29 convolutions.

    A ResNet-34 with fewer layers and half the filters. What dlib keeps beside each convolution,
    a factor and a summand per channel, is folded into it, which leaves 5,607,488 parameters. The
    embedding is not of unit length.
    """
    from keras import Input, Model, initializers, layers

    image = Input((150, 150, 3), name="image")  # pixels 0..255
    x = layers.Normalization(mean=MEAN, variance=3 * (256.0**2,), name="scaled")(image)
    x = _conv(x, 1, 32, 7, stride=2, act="relu")
    x = layers.MaxPooling2D(3, 2, name="pool")(x)  # (n, 35, 35, 32)
    number = 2
    for filters, repeats, halves in LEVELS:
        for down in halves * [True] + repeats * [False]:
            x = _block(x, number, filters, down)
            number += 2
    x = layers.GlobalAveragePooling2D(name="mean")(x)  # (n, 256)
    start = initializers.GlorotUniform(seed=0)
    x = layers.Dense(128, use_bias=False, kernel_initializer=start, name="embedding")(x)
    return Model(image, x, name="dlib_faces")


def _conv(x, number: int, filters: int, side: int = 3, stride: int = 1, act: str = "linear"):
    from keras import initializers, layers

    how = dict(padding="same" if stride == 1 else "valid", activation=act, name=f"conv{number}")
    # With a seed of its own it takes nothing from the random numbers of a notebook.
    how["kernel_initializer"] = initializers.HeNormal(seed=number)
    return layers.Conv2D(filters, side, stride, **how)(x)


def _block(x, number: int, filters: int, down: bool):
    """Add what two convolutions find; where one is smaller or thinner, zeros fill it up."""
    from keras import layers, ops

    h = _conv(x, number, filters, stride=2 if down else 1, act="relu")
    h = _conv(h, number + 1, filters)
    if down:
        x = layers.AveragePooling2D(2, name=f"mean{number}")(x)
        missing = x.shape[1] - h.shape[1]  # 1 where the side is even
        h = ops.pad(h, ((0, 0), (0, missing), (0, missing), (0, 0)))
        x = ops.pad(x, ((0, 0), (0, 0), (0, 0), (0, filters - x.shape[3])))
    return layers.ReLU(name=f"relu{number + 1}")(layers.add([x, h], name=f"add{number + 1}"))


def fill_from_dlib(model: keras.Model, path: Path) -> None:
    """Put dlib's ``.dat`` file into the network: layers in the order in which they are applied."""
    try:
        found = list(_tensors(path.read_bytes()))
    except (IndexError, ValueError, OverflowError) as error:
        raise DataError(f"{path} does not hold {model.name}: {error}") from error
    kinds = [kind for kind, _ in found]
    number = sum(layer.name.startswith("conv") for layer in model.layers)
    if kinds != number * ["con_4", "affine_"] + ["fc_2"]:
        told = ", ".join(kinds[:3]) or "none"
        raise DataError(
            f"{path} does not hold {model.name}: {len(kinds)} layers with numbers ({told}, ...) "
            f"where {number} pairs of con_4 and affine_ and one fc_2 are due."
        )
    values = [array for _, array in found]
    for i in range(number):
        layer = model.get_layer(f"conv{i + 1}")
        side, _, deep, wide = layer.kernel.shape
        sizes = [values[2 * i].size, values[2 * i + 1].size]
        due = [wide * (deep * side * side + 1), 2 * wide]
        if sizes != due:
            told = f"{layer.name} has sizes {sizes} where {due} are due"
            raise DataError(f"{path} does not hold {model.name}: {told}.")
        kernel, bias = np.split(values[2 * i], [wide * deep * side * side])
        factor, summand = np.split(values[2 * i + 1], 2)
        kernel = kernel.reshape(wide, deep, side, side).transpose(2, 3, 1, 0)
        layer.set_weights([kernel * factor, bias * factor + summand])
    if values[-1].size != 256 * 128:
        told = f"fc_2 has size {values[-1].size} where {256 * 128} is due"
        raise DataError(f"{path} does not hold {model.name}: {told}.")
    model.get_layer("embedding").set_weights([values[-1].reshape(256, 128)])


def _tensors(blob: bytes) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the kind and the numbers of each layer of a network that dlib wrote."""
    for name in _NAMES.finditer(blob):
        kind, at = name[1].decode(), name.end()
        if blob[name.start() + 1] != len(kind):
            continue
        before = 2 if kind == "fc_2" else 0  # how many outputs and inputs
        head = []
        for _ in range(before + 5):  # and of the tensor: version, samples, channels, rows, columns
            value, at = _number(blob, at)
            head.append(value)
        version, *shape = head[before:]
        if version != 2:
            raise ValueError(f"version {version} of a tensor where 2 is due")
        yield kind, np.frombuffer(blob, "<f4", math.prod(shape), at)


def _number(blob: bytes, at: int) -> tuple[int, int]:
    """Return a whole number as dlib writes it, and where it ends: its length, then its bytes."""
    if at >= len(blob):
        raise ValueError("it ends early")
    if blob[at] > 8:
        raise ValueError(f"a size of {blob[at]:#x} bytes, or below zero")
    end = at + 1 + blob[at]
    return int.from_bytes(blob[at + 1 : end], "little"), end


NETWORKS = {
    "dlib_faces": Network(dlib_faces, "dlib_face_recognition_resnet_model_v1.dat", fill_from_dlib)
}

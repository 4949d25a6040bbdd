"""dlib's residual network: 128-d embeddings of aligned faces."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
from keras import initializers, layers, ops

from data.weights.network import Network

MEAN = (122.782, 117.001, 104.298)  # what dlib takes from r, g, b
# Filters, how many residual blocks keep the size of the map, whether one that halves it is first.
LEVELS = ((32, 3, False), (64, 3, True), (128, 2, True), (256, 2, True), (256, 0, True))
# A layer's name as dlib writes a text: after its length, and after how many bytes that takes.
_NAMES = re.compile(rb"\x01(?:\x05con_4|\x07affine_|\x04fc_2)")


def dlib_faces() -> keras.Model:
    """Build dlib's face network (King, 2017): 29 convolutions.

    A ResNet-34 with fewer layers and half the filters. What dlib keeps beside each convolution,
    a factor and a summand per channel, is folded into it, which leaves 5,607,488 parameters. The
    embedding is not of unit length.
    """
    image = keras.Input((150, 150, 3), name="image")  # pixels 0..255
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
    return keras.Model(image, x, name="dlib_faces")


def _conv(x, number: int, filters: int, side: int = 3, stride: int = 1, act: str = "linear"):
    how = dict(padding="same" if stride == 1 else "valid", activation=act, name=f"conv{number}")
    # With a seed of its own it takes nothing from the random numbers of a notebook.
    how["kernel_initializer"] = initializers.HeNormal(seed=number)
    return layers.Conv2D(filters, side, stride, **how)(x)


def _block(x, number: int, filters: int, down: bool):
    """Add what two convolutions find; where one is smaller or thinner, zeros fill it up."""
    h = _conv(x, number, filters, stride=2 if down else 1, act="relu")
    h = _conv(h, number + 1, filters)
    if down:
        x = layers.AveragePooling2D(2, name=f"mean{number}")(x)
        missing = x.shape[1] - h.shape[1]  # 1 where the side is even
        h = ops.pad(h, ((0, 0), (0, missing), (0, missing), (0, 0)))
        x = ops.pad(x, ((0, 0), (0, 0), (0, 0), (0, filters - x.shape[3])))
    return layers.ReLU(name=f"relu{number + 1}")(layers.add([x, h], name=f"add{number + 1}"))


def fill_from_dlib(model: keras.Model, path: Path) -> None:
    """Put dlib's ``.dat`` file into the network: layers in the order in which they are applied.

    A convolution (con_4) is followed by a factor and a summand per channel (affine_).
    """
    convolutions = [layer for layer in model.layers if layer.name.startswith("conv")]
    *pairs, last = _tensors(path.read_bytes())
    for layer, both, affine in zip(convolutions, pairs[::2], pairs[1::2], strict=True):
        side, _, deep, wide = layer.kernel.shape
        kernel, bias = np.split(both, [-wide])
        factor, summand = np.split(affine, 2)
        kernel = kernel.reshape(wide, deep, side, side).transpose(2, 3, 1, 0)
        layer.set_weights([kernel * factor, bias * factor + summand])
    embedding = model.get_layer("embedding")
    embedding.set_weights([last.reshape(embedding.kernel.shape)])


def _tensors(content: bytes) -> Iterator[np.ndarray]:
    """Yield the numbers of each layer of a network that dlib wrote."""
    for name in _NAMES.finditer(content):
        place = name.end()
        sizes = []
        # The fully connected layer says its outputs and inputs before its tensor. A tensor begins
        # with a version, samples, channels, rows and columns.
        for _ in range(7 if name[0].endswith(b"fc_2") else 5):
            length = content[place]  # of the number that follows, in bytes
            sizes.append(int.from_bytes(content[place + 1 : place + 1 + length], "little"))
            place += 1 + length
        yield np.frombuffer(content, "<f4", math.prod(sizes[-4:]), place)


NETWORK = Network(dlib_faces, "dlib_face_recognition_resnet_model_v1.dat", fill_from_dlib)

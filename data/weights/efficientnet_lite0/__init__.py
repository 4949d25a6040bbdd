"""EfficientNet-Lite0 for ImageNet, whole and without its classifier."""

from pathlib import Path

import keras
import numpy as np
from keras import initializers, layers

from data.weights import torch_files
from data.weights.network import Network

SIDE = 224
FILE = "efficientnet-lite0-57934424.pth"
# Of each stage: blocks, side of the kernel, stride of its first block, widening, channels.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)


def efficientnet_lite0(
    input_shape: tuple[int, int, int] = (SIDE, SIDE, 3), top: bool = True
) -> keras.Model:
    """Build EfficientNet-Lite0 with random weights: 4,652,008 parameters, 3,371,008 without top.

    An EfficientNet-B0 (Tan & Le, 2019) for phones: no squeeze and excitation, ReLU6 for swish, so
    that eight bits suffice. It takes pixels 0..255 and scales them itself, by (x - 127) / 128. Its
    sixteen blocks end in layers ``block0`` to ``block15``: ``block0``, ``block2``, ``block4``,
    ``block10`` and ``block15`` are the last with strides 2, 4, 8, 16 and 32. ``head_relu`` is
    (n, 7, 7, 1280); with ``top`` its mean goes to 1,000 ``probabilities``.
    """
    image = keras.Input(input_shape, name="image")
    x = layers.Rescaling(1 / 128, -127 / 128, name="scaled")(image)
    x = _normed(_conv(x, "stem_conv", 32, 3, 2), "stem")
    number = 0
    for repeats, side, stride, widening, channels in STAGES:
        for i in range(repeats):
            x = _block(x, f"block{number}", side, stride if i == 0 else 1, widening, channels)
            number += 1
    x = _normed(_conv(x, "head_conv", 1280), "head")
    if top:
        x = layers.GlobalAveragePooling2D(name="mean")(x)
        x = layers.Dropout(0.2, name="dropout")(x)
        start = _start("probabilities")
        x = layers.Dense(1000, "softmax", kernel_initializer=start, name="probabilities")(x)
    return keras.Model(image, x, name="efficientnet_lite0")


def _start(name: str):
    """Return an initializer of its own seed, which takes nothing from a notebook's numbers."""
    return initializers.HeNormal(seed=sum(name.encode()))


def _conv(x, name: str, filters: int, side: int = 1, stride: int = 1):
    how = dict(padding="same", use_bias=False, kernel_initializer=_start(name), name=name)
    return layers.Conv2D(filters, side, stride, **how)(x)


def _normed(x, name: str, relu: bool = True):
    """Batch norm, and ReLU6 but where a block narrows."""
    x = layers.BatchNormalization(momentum=0.99, epsilon=1e-3, name=f"{name}_bn")(x)
    return layers.ReLU(6, name=f"{name}_relu")(x) if relu else x


def _block(x, name: str, side: int, stride: int, widening: int, channels: int):
    """Widen, look around in each channel alone, narrow; where nothing changes its shape, add."""
    h = x
    if widening > 1:
        h = _conv(h, f"{name}_expand_conv", widening * x.shape[-1])
        h = _normed(h, f"{name}_expand")
    how = dict(padding="same", use_bias=False, name=f"{name}_depthwise_conv")
    how["depthwise_initializer"] = _start(how["name"])
    h = _normed(layers.DepthwiseConv2D(side, stride, **how)(h), f"{name}_depthwise")
    h = _conv(h, f"{name}_project_conv", channels)
    h = _normed(h, f"{name}_project", relu=False)
    added = stride == 1 and x.shape[-1] == channels
    return layers.Add(name=name)([x, h]) if added else layers.Identity(name=name)(h)


def fill(model: keras.Model, path: Path) -> None:
    """Put the state dict of PyTorch, which has the order of our layers, into the network."""
    state = torch_files.read(path)
    tensors = iter(t for name, t in state.items() if not name.endswith("num_batches_tracked"))
    for layer in model.layers:
        layer.set_weights([_to_keras(next(tensors), w.shape) for w in layer.weights])


def _to_keras(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Turn (out, in, h, w) into (h, w, in, out), of depthwise ones (h, w, out, 1); transpose."""
    return (array.transpose(2, 3, 1, 0) if array.ndim == 4 else array.T).reshape(shape)


NETWORK = Network(efficientnet_lite0, FILE, fill)

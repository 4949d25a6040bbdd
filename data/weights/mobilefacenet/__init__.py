"""MobileFaceNet: 128-d embeddings of aligned faces."""

import keras
from keras import layers

from data.weights.network import Network, fill_from_keras


def mobilefacenet() -> keras.Model:
    """Build MobileFaceNet with random weights: 989,952 parameters, batch norms folded in.

    Inverted bottlenecks: a 1x1 convolution widens, a depthwise 3x3 looks around, a 1x1
    without activation narrows. In place of an average, a depthwise 7x7 weighs each place of
    the last map: the middle of an aligned face says more than its rim.
    """
    image = keras.Input((112, 112, 3), name="image")
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
    return keras.Model(image, layers.UnitNormalization(name="embedding")(x), name="mobilefacenet")


def _conv(x, name: str, filters: int, side: int = 1, stride: int = 1, act: str = "relu6"):
    x = layers.ZeroPadding2D(side // 2, name=f"{name}_pad")(x) if side > 1 else x
    x = layers.Conv2D(filters, side, stride, name=name)(x)
    return layers.Activation(act, name=f"{name}_{act}")(x)


def _depthwise(x, name: str, stride: int = 1, act: str = "relu6"):
    x = layers.ZeroPadding2D(1, name=f"{name}_pad")(x)
    x = layers.DepthwiseConv2D(3, stride, name=name)(x)
    return layers.Activation(act, name=f"{name}_{act}")(x)


def _bottleneck(x, number: int, wide: int, narrow: int, stride: int = 1):
    """Widen, look around, narrow: three layers, numbered from ``number`` on."""
    x = _conv(x, f"conv{number}", wide)
    x = _depthwise(x, f"dw{number + 1}", stride)
    return _conv(x, f"conv{number + 2}", narrow, act="linear")


NETWORK = Network(mobilefacenet, "mobilefacenet_112.h5", fill_from_keras)

"""FaceNet: 512-d embeddings of faces by an Inception-ResNet-v1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.weights.network import Network, fill_from_torch

if TYPE_CHECKING:
    import keras


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


NETWORKS = {"facenet": Network(facenet, "20180402-114759-vggface2.pt", fill_from_torch)}

"""VGG16 for ImageNet: 138,357,544 parameters, 14,714,688 without its three dense layers."""

import keras

from data.weights.network import Network, fill_from_keras

FILE = "vgg16_weights_tf_dim_ordering_tf_kernels"


def vgg16(
    input_shape: tuple[int | None, int | None, int] = (224, 224, 3), top: bool = True
) -> keras.Model:
    """Build Keras's VGG16 with random weights; with ``top`` it takes 224x224 pixels alone."""
    return keras.applications.VGG16(input_shape=input_shape, include_top=top, weights=None)


NETWORK = Network(vgg16, f"{FILE}.h5", fill_from_keras, f"{FILE}_notop.h5")

"""Inception-ResNet-v2 for ImageNet: 55,873,736 parameters, 54,336,736 without its dense layer."""

import keras

from data.weights.network import Network, fill_from_keras

FILE = "inception_resnet_v2_weights_tf_dim_ordering_tf_kernels"


def inception_resnet_v2(
    input_shape: tuple[int | None, int | None, int] = (299, 299, 3), top: bool = True
) -> keras.Model:
    """Build Keras's InceptionResNetV2 with random weights; with ``top`` it takes 299x299 pixels."""
    return keras.applications.InceptionResNetV2(
        input_shape=input_shape, include_top=top, weights=None
    )


NETWORK = Network(inception_resnet_v2, f"{FILE}.h5", fill_from_keras, f"{FILE}_notop.h5")

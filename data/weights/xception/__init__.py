"""Xception for ImageNet: 22,910,480 parameters, 20,861,480 without its dense layer."""

import keras

from data.weights.network import Network, fill_from_keras

FILE = "xception_weights_tf_dim_ordering_tf_kernels"


def xception(
    input_shape: tuple[int | None, int | None, int] = (299, 299, 3), top: bool = True
) -> keras.Model:
    """Build Keras's Xception with random weights; any size above 70 pixels fits, also with top."""
    return keras.applications.Xception(input_shape=input_shape, include_top=top, weights=None)


NETWORK = Network(xception, f"{FILE}.h5", fill_from_keras, f"{FILE}_notop.h5")

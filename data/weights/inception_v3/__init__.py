"""InceptionV3 for ImageNet: 23,851,784 parameters, 21,802,784 without its dense layer."""

import keras

from data.weights.network import Network, fill_from_keras

FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels"


def inception_v3(
    input_shape: tuple[int | None, int | None, int] = (299, 299, 3), top: bool = True
) -> keras.Model:
    """Build Keras's InceptionV3 with random weights; with ``top`` it takes 299x299 pixels alone."""
    return keras.applications.InceptionV3(input_shape=input_shape, include_top=top, weights=None)


NETWORK = Network(inception_v3, f"{FILE}.h5", fill_from_keras, f"{FILE}_notop.h5")

"""MobileNetV2 for ImageNet: 3,538,984 parameters, 2,257,984 without its dense layer."""

import keras

from data.weights.network import Network, fill_from_keras

FILE = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224"


def mobilenet_v2(
    input_shape: tuple[int | None, int | None, int] = (224, 224, 3), top: bool = True
) -> keras.Model:
    """Build Keras's MobileNetV2 with random weights; it takes pixels -1..1."""
    return keras.applications.MobileNetV2(input_shape=input_shape, include_top=top, weights=None)


NETWORK = Network(mobilenet_v2, f"{FILE}.h5", fill_from_keras, f"{FILE}_no_top.h5")

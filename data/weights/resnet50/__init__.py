"""ResNet50 for ImageNet: 25,636,712 parameters, 23,587,712 without its dense layer."""

import keras

from data.weights.network import Network, fill_from_keras

FILE = "resnet50_weights_tf_dim_ordering_tf_kernels"


def resnet50(
    input_shape: tuple[int | None, int | None, int] = (224, 224, 3), top: bool = True
) -> keras.Model:
    """Build Keras's ResNet50 with random weights; with ``top`` it takes 224x224 pixels alone."""
    return keras.applications.ResNet50(input_shape=input_shape, include_top=top, weights=None)


NETWORK = Network(resnet50, f"{FILE}.h5", fill_from_keras, f"{FILE}_notop.h5")

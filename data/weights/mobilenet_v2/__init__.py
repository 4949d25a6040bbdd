"""MobileNetV2 for ImageNet, whole and without its last layers.

Two entries serve it under Keras's file names: the official one, and a stand-in.
"""

from __future__ import annotations

from functools import partial

from data.weights.network import Network, fill_from_keras

ENTRIES = ("mobilenet_v2", "mobilenet_dequantised")
FILE = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224"


def mobilenet_v2(input_shape: tuple[int, int, int] = (224, 224, 3), top: bool = True):
    """Build Keras's MobileNetV2 with random weights: 3,538,984 parameters, 2,257,984 without top.

    Its ``block_1_expand_relu``, ``block_3_expand_relu``, ``block_6_expand_relu``,
    ``block_13_expand_relu`` and ``out_relu`` have strides 2, 4, 8, 16 and 32.
    """
    from keras.applications import MobileNetV2

    return MobileNetV2(input_shape=input_shape, include_top=top, weights=None)


NETWORKS = {
    "mobilenet_v2": Network(
        mobilenet_v2, f"{FILE}.h5", fill_from_keras, ENTRIES, without_top=f"{FILE}_no_top.h5"
    ),
    "mobilenet_v2_features": Network(
        partial(mobilenet_v2, top=False), f"{FILE}_no_top.h5", fill_from_keras, ENTRIES
    ),
}

"""HigherHRNet-W32 counted part by part beside its published configuration."""

import keras
import numpy as np
import pytest
from keras import layers

from utils.hrnet import higher_hrnet, layer_counts

PARTS = {  # parameters, multiply-adds at 512 pixels, convolutions, normalisations
    "stem": (38_848, 717_225_984, 2, 2),
    "stage1": (286_208, 4_630_511_616, 13, 13),
    "transition1": (221_376, 1_811_939_328, 2, 2),
    "stage2": (390_848, 2_499_805_184, 18, 18),
    "transition2": (73_984, 75_497_472, 1, 1),
    "stage3": (6_821_632, 15_485_370_368, 124, 124),
    "transition3": (295_424, 75_497_472, 1, 1),
    "stage4": (20_407_232, 15_468_593_152, 131, 131),
    "end1": (924, 14_680_064, 1, 0),
    "enlargement": (30_784, 2_013_265_920, 0, 1),
    "blocks": (74_240, 4_831_838_208, 8, 8),
    "end2": (462, 29_360_128, 1, 0),
}
TOTAL = {
    "parameters": 28_641_962,
    "multiply_adds": 47_653_584_896,
    "conv2d_layers": 302,
    "batchnorm_layers": 301,
    "relu_calls": 270,
    "bottlenecks": 4,
    "basic_blocks": 108,
    "upsamples": 28,
    "high_resolution_modules": 8,
    "conv2d_transposes": 1,
}


@pytest.fixture(scope="module")
def w32():
    """HigherHRNet-W32 for 512 pixels; counting needs no values of the weights."""
    with keras.StatelessScope(initialize_variables=False):
        return higher_hrnet((512, 512))


def test_all_counts_are_those_of_the_source(w32):
    assert layer_counts(w32) == TOTAL
    assert [o.shape[1:] for o in w32.outputs] == [(128, 128, 28), (256, 256, 14)]


def multiply_adds(layer):
    return int(np.prod(layer.kernel.shape) * np.prod(layer.output.shape[1:3]))


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_that_of_the_published_configuration(w32, part):
    own = [one for one in w32.layers if (one.path or "").split("/")[0] == part]
    convolutions = [one for one in own if isinstance(one, layers.Conv2D | layers.Conv2DTranspose)]
    assert PARTS[part] == (
        sum(int(np.prod(w.shape)) for one in own for w in one.trainable_weights),
        sum(map(multiply_adds, convolutions)),
        sum(isinstance(one, layers.Conv2D) for one in own),
        sum(isinstance(one, layers.BatchNormalization) for one in own),
    )


def test_a_small_network_keeps_the_design():
    network = higher_hrnet((64, 96), (8, 16, 24), (1, 1), n_blocks=1, stem=8, joints=3)
    outputs = network(np.zeros((2, 64, 96, 3), "float32"))
    assert [o.shape for o in outputs] == [(2, 16, 24, 6), (2, 32, 48, 3)]
    counts = layer_counts(network)
    assert counts["basic_blocks"] == 2 + 3 + 1 and counts["high_resolution_modules"] == 2

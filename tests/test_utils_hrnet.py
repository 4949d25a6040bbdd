"""HigherHRNet-W32 counted beside its published code."""

import keras
import numpy as np

from utils.hrnet import higher_hrnet, layer_counts

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


def test_all_counts_are_those_of_the_source():
    with keras.StatelessScope(initialize_variables=False):  # counting needs no values of weights
        w32 = higher_hrnet((512, 512))
    assert layer_counts(w32) == TOTAL
    assert [o.shape[1:] for o in w32.outputs] == [(128, 128, 28), (256, 256, 14)]


def test_a_small_network_keeps_the_design():
    network = higher_hrnet((64, 96), (8, 16, 24), (1, 1), n_blocks=1, stem=8, joints=3)
    outputs = network(np.zeros((2, 64, 96, 3), "float32"))
    assert [o.shape for o in outputs] == [(2, 16, 24, 6), (2, 32, 48, 3)]
    counts = layer_counts(network)
    assert counts["basic_blocks"] == 2 + 3 + 1 and counts["high_resolution_modules"] == 2

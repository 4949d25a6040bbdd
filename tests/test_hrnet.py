"""HigherHRNet: its layers carry the published names, and the published trunk fits into them."""

import keras
import numpy as np
import pytest

from utils import hrnet

SMALL = {"widths": (4, 8, 12, 16), "modules": (1, 2, 1), "n_blocks": 1, "stem": 4, "joints": 3}


def torch_state(model):
    """Return random weights of a model, as PyTorch would name and order them."""
    rng, state = np.random.default_rng(0), {}
    for layer in model.layers:
        if layer.weights:
            arrays = [rng.uniform(0.5, 1.5, w.shape).astype("float32") for w in layer.weights]
            if len(arrays) == 1:
                arrays[0] = (arrays[0] - 1).transpose(3, 2, 0, 1)
            names = [f"{layer.name}.{part}" for part in hrnet.PARTS]
            state |= dict(zip(names, arrays, strict=False))
    return state


@pytest.fixture(scope="module")
def small():
    keras.utils.set_random_seed(0)
    return hrnet.higher_hrnet((32, 64), **SMALL)


def test_layers_have_the_names_of_the_published_code():
    with keras.StatelessScope(initialize_variables=False):
        names = {layer.name for layer in hrnet.higher_hrnet((64, 64)).layers}
    expected = {
        *("conv1", "bn1", "conv2", "bn2", "layer1.0.conv3", "layer1.0.bn3"),
        *("layer1.0.downsample.0", "layer1.0.downsample.1", "layer1.3.conv1"),
        *("transition1.0.0", "transition1.0.1", "transition1.1.0.0", "transition1.1.0.1"),
        *("transition2.2.0.0", "transition3.3.0.1", "stage2.0.branches.1.3.conv2"),
        *("stage2.0.fuse_layers.0.1.0", "stage2.0.fuse_layers.1.0.0.0"),
        *("stage3.3.fuse_layers.2.0.0.1", "stage3.3.fuse_layers.2.0.1.0"),
        *("stage4.0.fuse_layers.3.0.2.1", "stage4.2.branches.3.3.bn2"),
        *("stage4.2.fuse_layers.0.3.0", "final_layers.0", "final_layers.1"),
        *("deconv_layers.0.0.0", "deconv_layers.0.0.1", "deconv_layers.0.4.0.conv2"),
    }
    assert expected <= names
    assert "stage4.2.fuse_layers.1.0.0.0" not in names  # the last module has one output
    assert "layer1.1.downsample.0" not in names


def test_the_trunk_takes_the_arrays_of_their_names_and_the_ends_keep_theirs(small):
    state = torch_state(small)
    filled = hrnet.with_trunk(small, state)
    kernel = filled.get_layer("stage3.1.fuse_layers.2.0.1.0").get_weights()[0]
    expected = state["stage3.1.fuse_layers.2.0.1.0.weight"].transpose(2, 3, 1, 0)
    np.testing.assert_array_equal(kernel, expected)
    norm = filled.get_layer("layer1.0.downsample.1").get_weights()
    names = [f"layer1.0.downsample.1.{part}" for part in hrnet.PARTS]
    np.testing.assert_array_equal(norm, [state[name] for name in names])
    for name in ("final_layers.0", "deconv_layers.0.1.0.conv1"):
        ours, theirs = filled.get_layer(name), small.get_layer(name)
        np.testing.assert_array_equal(ours.get_weights()[0], theirs.get_weights()[0])
    assert filled.count_params() == small.count_params()


def test_the_first_layers_see_what_pytorch_s_would(small):
    """A picture of values 0 to 1, normalised as for ImageNet and padded at the upper left."""
    state, rng = torch_state(small), np.random.default_rng(1)
    filled = hrnet.with_trunk(small, state)
    first = keras.Model(filled.input, filled.get_layer("bn1").output)
    picture = rng.uniform(size=(32, 64, 3)).astype("float32")
    found = np.asarray(first(picture[None] - 0.5))[0]
    normal = (picture - hrnet.MEAN) / hrnet.STD
    kernel = state["conv1.weight"]  # (filters, 3, height, width)
    rows, columns = 5, 9  # an output inside: rows 9 to 11 and columns 17 to 19 of the picture
    window = normal[2 * rows - 1 : 2 * rows + 2, 2 * columns - 1 : 2 * columns + 2]
    value = np.einsum("hwc,fchw->f", window, kernel)
    gamma, beta, mean, variance = (state[f"bn1.{part}"] for part in hrnet.PARTS)
    expected = gamma * (value - mean) / np.sqrt(variance + 1e-5) + beta
    np.testing.assert_allclose(found[rows, columns], expected, rtol=1e-3, atol=1e-4)


def test_a_file_of_another_network_is_refused(small):
    state = torch_state(small)
    without = {
        name: array for name, array in state.items() if name != "stage4.0.branches.3.0.bn2.bias"
    }
    with pytest.raises(KeyError, match="stage4.0.branches.3.0.bn2.bias"):
        hrnet.with_trunk(small, without)
    with pytest.raises(ValueError, match="shape"):
        hrnet.with_trunk(small, state | {"conv2.weight": np.zeros((4, 4, 1, 1), "float32")})

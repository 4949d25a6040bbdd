"""HigherHRNet, a network that finds the joints of all people in a picture.

Source: B. Cheng et al., *HigherHRNet: scale-aware representation learning for bottom-up human
pose estimation*, CVPR 2020, and its published code. `higher_hrnet` with its default values is
HigherHRNet-W32 for the 14 joints of CrowdPose. Its layers have the names of the published code, so
that `with_trunk` can put the published ImageNet weights of HRNet-W32 into all but its ends.
"""

from collections import Counter
from typing import Any

import keras
import numpy as np
from keras import layers

Tensor = Any  # a symbolic tensor of Keras: (batch, height, width, channels)


def convolution(
    x: Tensor, filters: int, name: str, kernel: int = 3, stride: int = 1, relu: bool = True
) -> Tensor:
    """Convolve without a bias, normalise the batch, and apply the ReLU if it is wanted.

    The convolution has the given name. That of the normalisation follows from it as in the
    published code: "bn2" belongs to "conv2", and "downsample.1" to "downsample.0".
    """
    he_normal = keras.initializers.HeNormal()
    x = layers.Conv2D(
        filters, kernel, stride, "same", use_bias=False, kernel_initializer=he_normal, name=name
    )(x)
    place, _, last = name.rpartition(".")
    norm = last.replace("conv", "bn") if "conv" in last else "1"
    norm_name = f"{place}.{norm}" if place else norm
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=norm_name)(x)
    return layers.ReLU()(x) if relu else x


def basic_block(x: Tensor, filters: int, name: str) -> Tensor:
    """Apply two convolutions, and add the input: a shortcut around both."""
    with keras.name_scope("basic_block"):
        y = convolution(x, filters, f"{name}.conv1")
        y = convolution(y, filters, f"{name}.conv2", relu=False)
        return layers.ReLU()(layers.Add()([x, y]))


def bottleneck(x: Tensor, filters: int, name: str) -> Tensor:
    """Apply convolutions of 1x1, 3x3 and 1x1, and add the input; returns 4 * filters channels."""
    with keras.name_scope("bottleneck"):
        y = convolution(x, filters, f"{name}.conv1", kernel=1)
        y = convolution(y, filters, f"{name}.conv2")
        y = convolution(y, 4 * filters, f"{name}.conv3", kernel=1, relu=False)
        if x.shape[-1] != 4 * filters:  # the sum needs the same number of channels
            x = convolution(x, 4 * filters, f"{name}.downsample.0", kernel=1, relu=False)
        return layers.ReLU()(layers.Add()([x, y]))


def resized(x: Tensor, source: int, target: int, widths: tuple[int, ...], name: str) -> Tensor:
    """Bring the maps of branch ``source`` to the size and the channels of branch ``target``."""
    if source == target:
        return x
    if source > target:  # from a coarse branch to a finer one
        x = convolution(x, widths[target], f"{name}.0", kernel=1, relu=False)
        return layers.UpSampling2D(2 ** (source - target))(x)
    for step in range(target - source - 1):  # each convolution halves the size
        x = convolution(x, widths[source], f"{name}.{step}.0", stride=2)
    last = f"{name}.{target - source - 1}.0"
    return convolution(x, widths[target], last, stride=2, relu=False)


def exchange_module(
    branches: list[Tensor], widths: tuple[int, ...], n_blocks: int, n_outputs: int, name: str
) -> list[Tensor]:
    """Apply basic blocks in each branch, then give each output the sum of all branches."""
    branches = branches.copy()
    for i in range(len(branches)):
        for block in range(n_blocks):
            branches[i] = basic_block(branches[i], widths[i], f"{name}.branches.{i}.{block}")
    outputs = []
    for target in range(n_outputs):
        fuse = f"{name}.fuse_layers.{target}"
        arriving = [
            resized(x, source, target, widths, f"{fuse}.{source}")
            for source, x in enumerate(branches)
        ]
        outputs.append(layers.ReLU()(layers.Add()(arriving)))
    return outputs


def stages(x: Tensor, widths: tuple[int, ...], modules: tuple[int, ...], n_blocks: int) -> Tensor:
    """Add a coarser branch a stage, and return the finest branch, at a quarter of the size."""
    branches = [
        convolution(x, widths[0], "transition1.0.0"),
        convolution(x, widths[1], "transition1.1.0.0", stride=2),
    ]
    for stage, n_modules in enumerate(modules, start=2):
        if stage > 2:
            name = f"transition{stage - 1}.{stage - 1}.0.0"
            branches.append(convolution(branches[-1], widths[stage - 1], name, stride=2))
        for module in range(n_modules):
            is_last = stage == len(modules) + 1 and module == n_modules - 1
            with keras.name_scope(f"stage{stage}"), keras.name_scope(f"module{module}"):
                n_outputs = 1 if is_last else stage
                name = f"stage{stage}.{module}"
                branches = exchange_module(branches, widths, n_blocks, n_outputs, name)
    return branches[0]


def two_ends(x: Tensor, joints: int, n_blocks: int) -> list[Tensor]:
    """Return heat maps and tags at a quarter of the size, and heat maps at half of it."""
    width = x.shape[-1]
    small = keras.initializers.RandomNormal(stddev=0.001)  # outputs begin near 0
    end = {"kernel_size": 1, "kernel_initializer": small}
    coarse = layers.Conv2D(2 * joints, name="final_layers.0", **end)(x)
    x = layers.Concatenate()([x, coarse])
    name = "deconv_layers.0.0"
    x = layers.Conv2DTranspose(width, 4, 2, "same", use_bias=False, name=f"{name}.0")(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=f"{name}.1")(x)
    x = layers.ReLU()(x)
    for block in range(1, n_blocks + 1):
        x = basic_block(x, width, f"deconv_layers.0.{block}.0")
    return [coarse, layers.Conv2D(joints, name="final_layers.1", **end)(x)]


def higher_hrnet(
    size: tuple[int, int],
    widths: tuple[int, ...] = (32, 64, 128, 256),
    modules: tuple[int, ...] = (1, 4, 3),
    n_blocks: int = 4,
    stem: int = 64,
    joints: int = 14,
) -> keras.Model:
    """Return HigherHRNet, not trained; the default values are those of HigherHRNet-W32.

    The ``size`` of the pictures, height and width, is in multiples of 32; ``widths`` are channels
    of the branches, the finest first; ``modules`` are numbers of exchange modules of stage 2, stage
    3 and so on, one fewer than there are branches; ``n_blocks`` counts the bottlenecks of stage 1
    and the basic blocks of each branch of a module and of the second end; ``stem`` has the channels
    of the first two convolutions.

    The model maps pictures (n, height, width, 3) to two outputs: heat maps and then tags,
    (n, height / 4, width / 4, 2 * joints), and heat maps (n, height / 2, width / 2, joints).
    """
    pictures = keras.Input((*size, 3))
    x = convolution(pictures, stem, "conv1", stride=2)
    x = convolution(x, stem, "conv2", stride=2)
    for block in range(n_blocks):
        x = bottleneck(x, stem, f"layer1.{block}")
    x = stages(x, widths, modules, n_blocks)
    return keras.Model(pictures, two_ends(x, joints, n_blocks))


PARTS = ("weight", "bias", "running_mean", "running_var")  # of a layer, as PyTorch calls them
ENDS = ("final_layers", "deconv_layers")  # what HigherHRNet adds to HRNet
# Of ImageNet's pixels, from 0 to 1, by channel: what HRNet's published weights are for.
MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])


def with_trunk(model: keras.Model, state: dict[str, np.ndarray]) -> keras.Model:
    """Return a copy of HigherHRNet-W32 with published weights, but for its two ends.

    ``state`` holds the arrays of HRNet-W32's file by name, as ``weights.saved("hrnet")`` returns
    them. The ends keep the weights of ``model``. The copy pads its strided convolutions as PyTorch
    does, at the upper left instead of the lower right; otherwise each of them would look one pixel
    beside the place that it was trained for. Pictures go in with values from -0.5 to 0.5, since
    ImageNet's means and deviations are worked into the first convolution and its normalisation. A
    layer that ``state`` lacks is a KeyError, and an array of another shape a ValueError.
    """
    copy = keras.models.clone_model(model, call_function=_padded, clone_function=_unpadded)
    for layer in copy.layers:
        if not layer.weights:
            continue
        if layer.name.startswith(ENDS):
            layer.set_weights(model.get_layer(layer.name).get_weights())
            continue
        parts = PARTS[: len(layer.weights)]
        arrays = [state[f"{layer.name}.{part}"] for part in parts]
        if len(arrays) == 1:  # a convolution: (out, in, height, width)
            arrays = [arrays[0].transpose(2, 3, 1, 0)]
        layer.set_weights(arrays)
    first, norm = copy.get_layer("conv1"), copy.get_layer("bn1")
    kernel = first.get_weights()[0] / STD[:, None]  # (height, width, 3, filters)
    first.set_weights([kernel])
    gamma, beta, mean, variance = norm.get_weights()
    shift = np.einsum("hwcf,c->f", kernel, 0.5 - MEAN)
    norm.set_weights([gamma, beta, mean - shift, variance])
    return copy


def _is_strided(layer: keras.Layer) -> bool:
    return type(layer) is layers.Conv2D and layer.strides == (2, 2)


def _unpadded(layer: keras.Layer) -> keras.Layer:
    changed = {"padding": "valid"} if _is_strided(layer) else {}
    return type(layer).from_config(layer.get_config() | changed)


def _padded(layer: keras.Layer, *inputs: Tensor, **options: Any) -> Tensor:
    if _is_strided(layer):
        inputs = (layers.ZeroPadding2D(((1, 0), (1, 0)))(*inputs),)
    return layer(*inputs, **options)


def layer_counts(model: keras.Model) -> dict[str, int]:
    """Count the parameters, multiply-adds, layers and blocks of a HigherHRNet.

    A multiply-add is counted for each weight of a convolution and each position of its output, as
    the published code's tool does. For the transposed convolution this is four times too many: it
    uses each weight once for each position of its *input*.
    """
    kinds = Counter(type(layer).__name__ for layer in model.layers)
    sums = [layer.path for layer in model.layers if isinstance(layer, layers.Add)]
    convolutions = layers.Conv2D | layers.Conv2DTranspose
    return {
        "parameters": sum(int(np.prod(w.shape)) for w in model.trainable_weights),
        "multiply_adds": sum(
            int(np.prod(layer.kernel.shape) * np.prod(layer.output.shape[1:3]))
            for layer in model.layers
            if isinstance(layer, convolutions)
        ),
        "conv2d_layers": kinds["Conv2D"],
        "batchnorm_layers": kinds["BatchNormalization"],
        "relu_calls": kinds["ReLU"],
        "bottlenecks": sum("bottleneck/" in path for path in sums),
        "basic_blocks": sum("basic_block/" in path for path in sums),
        "upsamples": kinds["UpSampling2D"],
        "high_resolution_modules": len(  # stage and module, as of "stage3/module0/basic_block/add"
            {tuple(path.split("/")[:2]) for path in sums if "/module" in path}
        ),
        "conv2d_transposes": kinds["Conv2DTranspose"],
    }

"""HigherHRNet, a network that finds the joints of all people in a picture.

Source: B. Cheng et al., *HigherHRNet: scale-aware representation learning for bottom-up human
pose estimation*, CVPR 2020, and its published code. `higher_hrnet` with its default values is
HigherHRNet-W32 for the 14 joints of CrowdPose.
"""

from collections import Counter
from typing import Any

import keras
import numpy as np
from keras import layers

Tensor = Any  # a symbolic tensor of Keras: (batch, height, width, channels)


def convolution(
    x: Tensor, filters: int, kernel: int = 3, stride: int = 1, relu: bool = True
) -> Tensor:
    """Convolve without a bias, normalise the batch, and apply the ReLU if it is wanted."""
    he_normal = keras.initializers.HeNormal()
    x = layers.Conv2D(
        filters, kernel, stride, "same", use_bias=False, kernel_initializer=he_normal
    )(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    return layers.ReLU()(x) if relu else x


def basic_block(x: Tensor, filters: int) -> Tensor:
    """Apply two convolutions, and add the input: a shortcut around both."""
    with keras.name_scope("basic_block"):
        y = convolution(x, filters)
        y = convolution(y, filters, relu=False)
        return layers.ReLU()(layers.Add()([x, y]))


def bottleneck(x: Tensor, filters: int) -> Tensor:
    """Apply convolutions of 1x1, 3x3 and 1x1, and add the input; returns 4 * filters channels."""
    with keras.name_scope("bottleneck"):
        y = convolution(x, filters, kernel=1)
        y = convolution(y, filters)
        y = convolution(y, 4 * filters, kernel=1, relu=False)
        if x.shape[-1] != 4 * filters:  # the sum needs the same number of channels
            x = convolution(x, 4 * filters, kernel=1, relu=False)
        return layers.ReLU()(layers.Add()([x, y]))


def resized(x: Tensor, source: int, target: int, widths: tuple[int, ...]) -> Tensor:
    """Bring the maps of branch ``source`` to the size and the channels of branch ``target``."""
    if source == target:
        return x
    if source > target:  # from a coarse branch to a finer one
        x = convolution(x, widths[target], kernel=1, relu=False)
        return layers.UpSampling2D(2 ** (source - target))(x)
    for _ in range(source + 1, target):  # each convolution halves the size
        x = convolution(x, widths[source], stride=2)
    return convolution(x, widths[target], stride=2, relu=False)


def exchange_module(
    branches: list[Tensor], widths: tuple[int, ...], n_blocks: int, n_outputs: int
) -> list[Tensor]:
    """Apply basic blocks in each branch, then give each output the sum of all branches."""
    branches = branches.copy()
    for i in range(len(branches)):
        for _ in range(n_blocks):
            branches[i] = basic_block(branches[i], widths[i])
    outputs = []
    for target in range(n_outputs):
        arriving = [resized(x, source, target, widths) for source, x in enumerate(branches)]
        outputs.append(layers.ReLU()(layers.Add()(arriving)))
    return outputs


def stages(x: Tensor, widths: tuple[int, ...], modules: tuple[int, ...], n_blocks: int) -> Tensor:
    """Add a coarser branch a stage, and return the finest branch, at a quarter of the size."""
    branches = [convolution(x, widths[0]), convolution(x, widths[1], stride=2)]
    for stage, n_modules in enumerate(modules, start=2):
        if stage > 2:
            branches.append(convolution(branches[-1], widths[stage - 1], stride=2))
        for module in range(n_modules):
            is_last = stage == len(modules) + 1 and module == n_modules - 1
            with keras.name_scope(f"stage{stage}"), keras.name_scope(f"module{module}"):
                n_outputs = 1 if is_last else stage
                branches = exchange_module(branches, widths, n_blocks, n_outputs)
    return branches[0]


def two_ends(x: Tensor, joints: int, n_blocks: int) -> list[Tensor]:
    """Return heat maps and tags at a quarter of the size, and heat maps at half of it."""
    width = x.shape[-1]
    small = keras.initializers.RandomNormal(stddev=0.001)  # outputs begin near 0
    coarse = layers.Conv2D(2 * joints, 1, kernel_initializer=small)(x)
    x = layers.Concatenate()([x, coarse])
    x = layers.Conv2DTranspose(width, 4, 2, "same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x))
    for _ in range(n_blocks):
        x = basic_block(x, width)
    return [coarse, layers.Conv2D(joints, 1, kernel_initializer=small)(x)]


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
    x = convolution(pictures, stem, stride=2)
    x = convolution(x, stem, stride=2)
    for _ in range(n_blocks):
        x = bottleneck(x, stem)
    x = stages(x, widths, modules, n_blocks)
    return keras.Model(pictures, two_ends(x, joints, n_blocks))


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

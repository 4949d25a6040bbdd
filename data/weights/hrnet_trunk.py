"""HRNet-W32's published ImageNet weights, put into the trunk of a network that a lesson builds.

The layers of that network carry names such as ``stage3.module2.branch1.block0.2.conv``; the file's
modules are called as in the published code. What pose estimation adds to HRNet (both ends, the
enlargement and the blocks behind it) the file does not have, and it has a classifier besides.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data.weights import torch_files
from data.weights.network import fill_from_torch

if TYPE_CHECKING:
    import keras

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)
"""Of ImageNet's pixels, scaled to 0..1, by channel: what the file's network was trained with."""

_TRUNK = {"conv1", "bn1", "conv2", "bn2", "layer1", "stage2", "stage3", "stage4"}
_TRUNK |= {"transition1", "transition2", "transition3"}  # what is called otherwise classifies
_COARSER_ENDS = tuple(f"stage4.2.fuse_layers.{branch}." for branch in (1, 2, 3))  # lead there
# the place of a layer in the lesson -> in the file, of which convolution and normalisation are
# either called conv1 and bn1 ({kind}) or numbered 0 and 1 ({number})
_PLACES = (
    (r"stem\.(\d)", r"{kind}\1"),
    (r"stage1\.bottleneck(\d)\.(\d)", r"layer1.\1.{kind}\2"),
    (r"stage1\.bottleneck(\d)\.bypass", r"layer1.\1.downsample.{number}"),
    (r"transition1\.0", r"transition1.0.{number}"),
    (r"transition1\.1", r"transition1.1.0.{number}"),
    (r"transition2\.0", r"transition2.2.0.{number}"),
    (r"transition3\.0", r"transition3.3.0.{number}"),
    (r"(stage\d)\.module(\d)\.branch(\d)\.block(\d)\.(\d)", r"\1.\2.branches.\3.\4.{kind}\5"),
    (r"(stage\d)\.module(\d)\.(\d)to(\d)", r"\1.\2.fuse_layers.\4.\3.{number}"),
)
_COARSER = re.compile(r"(stage\d)\.module(\d)\.(\d)to(\d)\.(\d)")


def module_of(layer: str) -> str:
    """Return what the file calls the module of a layer of the trunk; ValueError for another one."""
    place, _, part = layer.rpartition(".")
    names = {"conv": {"kind": "conv", "number": 0}, "norm": {"kind": "bn", "number": 1}}
    if part in names:
        if found := _COARSER.fullmatch(place):  # a step a branch, counted from the first one's
            stage, module, j, i, step = found.groups()
            name = f"{stage}.{module}.fuse_layers.{i}.{j}.{int(step) - int(j)}"
            return f"{name}.{names[part]['number']}"
        for pattern, name in _PLACES:
            if found := re.fullmatch(pattern, place):
                return found.expand(name).format(**names[part])
    raise ValueError(f"{layer!r} is no layer of HRNet as notebook 02/03 names them.")


def padded(model: keras.Model) -> keras.Model:
    """Return a copy of a network whose strided convolutions pad as PyTorch does, weights anew.

    With a stride of 2 and an even size Keras's "same" adds a row and a column at the far side,
    PyTorch's padding of 1 uses those at the near side. With published weights each such layer would
    look one pixel beside the place that it was trained to look at.
    """
    from keras import layers, models

    def strided(layer: keras.Layer) -> bool:
        return type(layer) is layers.Conv2D and layer.strides == (2, 2)

    def made(layer: keras.Layer) -> keras.Layer:
        changed = {"padding": "valid"} if strided(layer) else {}
        return type(layer).from_config(layer.get_config() | changed)

    def called(layer: keras.Layer, *inputs, **options):
        if strided(layer):
            pad = layers.ZeroPadding2D(((1, 0), (1, 0)), name=f"{layer.name}.pad")
            inputs = (pad(*inputs),)
        return layer(*inputs, **options)

    return models.clone_model(model, call_function=called, clone_function=made)


def fill(model: keras.Model, path: Path) -> None:
    """Put the file's weights into all layers but those of the ends, which keep their own.

    The network takes pixels 0..255 as -0.5..0.5; ImageNet's means and deviations are worked into
    its first convolution and the normalisation behind it. (At the picture's border the file's
    network saw the mean colour, this one sees grey.)
    """
    import keras

    trunk = keras.Model(model.input, model.get_layer("end1.conv").input)
    names = torch_files.read(path)
    unused = [n for n in names if n.split(".")[0] not in _TRUNK or n.startswith(_COARSER_ENDS)]
    fill_from_torch(trunk, path, module_of, tuple(unused))
    first, norm = model.get_layer("stem.1.conv"), model.get_layer("stem.1.norm")
    (kernel,) = first.get_weights()
    kernel = kernel / STD[:, None]
    gamma, beta, mean, variance = norm.get_weights()
    first.set_weights([kernel])
    shift = np.einsum("hwcf,c->f", kernel, 0.5 - MEAN)
    norm.set_weights([gamma, beta, mean - shift, variance])

"""Weight files in the layout of those that Keras publishes, with random numbers."""

from __future__ import annotations

import h5py
import numpy as np


def write_keras_2(path, model, rng):
    """Write random weights in the layout of Keras's published files; return them in order.

    Its groups are named by the layers of the process that wrote it, so that of ``conv2d_7`` may
    hold what is another number here: only the order counts.
    """
    written = []
    with h5py.File(path, "w") as file:
        file.attrs["backend"], file.attrs["keras_version"] = b"tensorflow", b"2.0.0"
        names = [f"{type(layer).__name__.lower()}_{i}" for i, layer in enumerate(model.layers)]
        file.attrs["layer_names"] = [name.encode() for name in names]
        for name, layer in zip(names, model.layers, strict=True):
            group, weights_of = file.create_group(name), []
            for weight in [*layer.trainable_weights, *layer.non_trainable_weights]:
                fans = max(1, np.prod(weight.shape[:-1]))
                array = (rng.uniform(0.5, 1.5, weight.shape) / fans).astype("f4")
                weights_of.append(f"{name}/{weight.name}:0".encode())
                group.create_dataset(weights_of[-1], data=array)
                written.append(array)
            group.attrs["weight_names"] = weights_of
    return written

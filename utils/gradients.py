"""Value and gradient of a function of a network with respect to its input.

Saliency and Grad-CAM read the gradient; activation maximisation, inversion and dreaming follow it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def value_and_gradient(
    function: Callable[[Any], Any], at: np.ndarray, *, batch: int = 16
) -> tuple[np.ndarray, np.ndarray]:
    """Return a function's values at a batch of points, and how they change with each number.

    ``function`` maps a float32 tensor (m, ...) to one number an item, (m,), through TensorFlow or
    ``keras.ops``; the items of a batch must not depend on each other. ``at`` is floating point
    (n, ...): pictures as the network expects them, or activations; ``batch`` of them go through at
    once. Returns the values, (n,) float32, and the derivative of an item's value by each of its
    numbers, float32 in the shape of ``at`` (Simonyan, Vedaldi, Zisserman, 2014).

    TypeError if ``at`` holds whole numbers, such as the bytes of a picture; ValueError if the
    function does not return one number an item, or does not depend on its input.
    """
    import tensorflow as tf

    at = np.asarray(at)
    if not np.issubdtype(at.dtype, np.floating):
        raise TypeError(f"a gradient needs floating point, not {at.dtype}: scale pictures first")
    values, gradients = [], []
    for start in range(0, len(at), batch):
        point = tf.convert_to_tensor(at[start : start + batch], tf.float32)
        with tf.GradientTape() as tape:
            tape.watch(point)
            value = tf.convert_to_tensor(function(point))
        if value.shape != (len(point),):
            raise ValueError(
                f"the function returned {tuple(value.shape)} for {len(point)} items: pick one "
                "number for each, such as logits[:, 1]"
            )
        gradient = tape.gradient(value, point)  # of the sum; items do not depend on each other
        if gradient is None:
            raise ValueError("the function's value does not depend on its input (is it NumPy?)")
        values.append(value.numpy())
        gradients.append(tf.convert_to_tensor(gradient).numpy())
    return np.concatenate(values), np.concatenate(gradients)

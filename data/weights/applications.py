"""ImageNet's networks as ``keras.applications`` builds them, filled from Keras's own files."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from data.weights.network import Network, fill_from_keras

if TYPE_CHECKING:
    import keras
    import numpy as np


def application(entry: str, module: str, function: str, side: int) -> Network:
    """Return how a network of ``keras.applications`` is made, whole or without its classifier.

    Parameters
    ----------
    entry : str
        The card whose two files hold its weights.
    module, function : str
        Where Keras keeps it: ``keras.applications.<module>.<function>``.
    side : int
        Side of the pictures that it was trained on, in pixels.
    """
    file = f"{entry}_weights_tf_dim_ordering_tf_kernels"
    return Network(
        partial(_build, module, function, side),
        f"{file}.h5",
        fill_from_keras,
        without_top=f"{file}_notop.h5",
        preprocess=partial(_preprocess, module),
    )


def _build(
    module: str,
    function: str,
    side: int,
    input_shape: tuple[int | None, int | None, int] | None = None,
    top: bool = True,
) -> keras.Model:
    """Build one with random weights; with its classifier only the published side is taken."""
    build = getattr(import_module(f"keras.applications.{module}"), function)
    return build(input_shape=input_shape or (side, side, 3), include_top=top, weights=None)


def _preprocess(module: str, pixels: np.ndarray) -> np.ndarray:
    """Scale pixels, RGB and 0..255, as the published weights want them; a copy, float32."""
    import numpy as np

    scale = import_module(f"keras.applications.{module}").preprocess_input
    return np.asarray(scale(np.array(pixels, np.float32)), np.float32)

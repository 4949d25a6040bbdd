"""Notebook 01/02: milliseconds that FaceNet takes for a face, with random weights."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import onjax

NOTEBOOK = "01_faces/02_facenet_video_pipeline"
CELLS = ("facenet-blocks", "facenet-ways", "facenet-network", "facenet-count")


def main(*, short: bool = False) -> None:
    """Time the network alone, and from the crops on the processor to the vectors there."""
    import jax
    import keras
    from keras import layers

    from utils import weights

    # The notebook's imports have packages for video and detectors that are not needed here.
    space = dict(keras=keras, layers=layers, np=np, __name__=NOTEBOOK)
    facenet = onjax.cells(NOTEBOOK, CELLS, space)["facenet"]
    parts = facenet.trainable_variables, facenet.non_trainable_variables
    state = [[variable.value for variable in part] for part in parts]
    run = jax.jit(lambda state, x: facenet.stateless_call(*state, x, training=False)[0])
    found, rng = [], np.random.default_rng(0)
    for count in (1, 2) if short else (32, 1, 256):
        crops = rng.integers(0, 256, (count, 160, 160, 3), dtype=np.uint8)
        pixels = jax.numpy.asarray(weights.standardise(crops))
        began = time.perf_counter()
        vectors = np.asarray(run(state, pixels))
        compiled = time.perf_counter() - began
        assert vectors.shape == (count, 512)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
        alone = median(lambda p=pixels: run(state, p).block_until_ready())
        whole = median(lambda c=crops: np.asarray(run(state, weights.standardise(c))), 10)
        told = dict(batch=count, ms_a_face=1000 * alone / count)
        told |= dict(ms_a_face_from_crops=1000 * whole / count, compile_seconds=compiled)
        found.append(told)
        onjax.tell(told)
        onjax.keep("facenet", runs=found, parameters=facenet.count_params())


def median(work: Callable, times: int = 50) -> float:
    """Return the median seconds of some work after three warm-ups."""
    for _ in range(3):
        work()
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))


if __name__ == "__main__":
    main(short="--short" in sys.argv)

"""MTCNN as its package ships it, with a pyramid that fits and networks that run as graphs."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

SIDE = 12  # pixels that its first network looks at


def pyramid_levels(height: int, width: int, min_face: float, factor: float) -> int:
    """Return the number of scales 12 / min_face * factor**k at which a picture is >= 12 px."""
    if min_face <= 0 or not 0 < factor < 1:
        raise ValueError(f"min_face={min_face} must be above 0 and factor={factor} in (0, 1).")
    shortest = min(height, width) * SIDE / min_face
    if shortest < SIDE:
        return 0
    return int(math.log(shortest / SIDE) / -math.log(factor) + 1e-9) + 1


def detector() -> Any:
    """Build the detector, compiled, with a pyramid that fits every ``min_face``.

    mtcnn 1.0.0 computes the number of scales from the picture alone. With min_face_size above
    about 25 the last ones are smaller than its first network needs, the error is caught, and the
    answer is "no face"; below 20 the largest faces are left out. So the stage is written again
    with the package's own parts, at the scales that fit, which do not wait for each other. It also
    calls its networks layer by layer: two thirds of the time is Python. As graphs that take every
    size (one trace each) they give the same answers, and so do `lean` networks.
    """
    import tensorflow as tf
    from mtcnn import MTCNN
    from mtcnn.stages import StageONet, StagePNet, StageRNet
    from mtcnn.utils import bboxes, images

    class Stage(StagePNet):
        def __call__(self, images_normalized, images_oshapes, min_face_size=20,
                     scale_factor=0.709, threshold_pnet=0.6, **others):  # fmt: skip
            height, width = (int(n) for n in images_oshapes[0][:2])
            levels = pyramid_levels(height, width, min_face_size, scale_factor)
            pixels = tf.constant(images_normalized)  # once, not for each scale

            def proposals(scale):
                offsets, scores = self._model(images.scale_images(pixels, scale))
                found = bboxes.generate_bounding_box(offsets, scores, threshold_pnet)
                found = bboxes.upscale_bboxes(found, np.array([scale]))
                return best(found, threshold=0.5, method="union", initial_sort=False)

            scales = SIDE / min_face_size * scale_factor ** np.arange(levels)
            found = np.concatenate(list(pool.map(proposals, scales)))
            found = best(found, threshold=0.7, method="union", initial_sort=True)
            return bboxes.resize_to_square(found)

    best = bboxes.smart_nms_from_bboxes
    pool = ThreadPoolExecutor(max_workers=os.cpu_count())
    built = MTCNN(stages=[Stage, StageRNet, StageONet])
    any_size = [tf.TensorSpec((None, None, None, 3), tf.float32)]
    for stage in built.stages:
        lean(stage._model)
        stage._model = tf.function(stage._model.call, input_signature=any_size)
    return built


def lean(network: Any) -> None:
    """Let a network of the package pass over its arrays fewer times; its answers stay.

    Keras's PReLU is the difference of two ReLUs, four passes where three do. Its softmax over two
    classes, face or not, takes longer than the sigmoid of their difference.
    """
    import tensorflow as tf

    def sigmoids(scores):
        face = tf.sigmoid(scores[..., 1:] - scores[..., :1])
        return tf.concat([1 - face, face], axis=-1)

    for layer in network.layers:
        if "prelu" in layer.name:
            layer.call = lambda x, own=layer: x + (own.alpha - 1) * tf.minimum(x, 0.0)
        elif getattr(getattr(layer, "activation", None), "__name__", "") == "softmax":
            layer.activation = sigmoids

"""MTCNN as its package ships it, with a pyramid that fits and networks that run as graphs."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

SIDE = 12  # pixels that its first network looks at
STRIDE = 2  # pixels between the windows that it looks at
DEVICE = "CPU:0"  # as in the package


def pyramid_levels(height: int, width: int, min_face: float, factor: float) -> int:
    """Return the number of scales 12 / min_face * factor**k at which a picture is >= 12 px."""
    if min_face <= 0 or not 0 < factor < 1:
        raise ValueError(f"min_face={min_face} must be above 0 and factor={factor} in (0, 1).")
    shortest = min(height, width) * SIDE / min_face
    if shortest < SIDE:
        return 0
    return int(math.log(shortest / SIDE) / -math.log(factor) + 1e-9) + 1


class Cascade:
    """MTCNN with the networks of its package and, between them, its arithmetic up to rounding.

    mtcnn 1.0.0 computes the number of scales from the picture alone. With min_face_size above
    about 25 the last ones are smaller than its first network needs, the error is caught, and the
    answer is "no face"; below 20 the largest faces are left out. Here they are the scales that
    fit, and do not wait for each other. The package also calls its networks layer by layer, where
    two thirds of the time is Python, and copies the picture for each of them. As graphs that take
    every size (one trace each) they give the same answers up to rounding, and so do `lean` ones.
    """

    def __init__(self) -> None:
        from mtcnn import MTCNN

        # Kept: a graph alone does not keep its network's variables.
        self._networks = [lean(stage._model) for stage in MTCNN().stages]
        first, second, third = self._networks
        self._first = _on_a_level(first)
        self._second, self._third = _on_crops(second, 24), _on_crops(third, 48)
        # More levels at a time than cores: some operations of TensorFlow use a single one.
        self._pool = ThreadPoolExecutor(max_workers=2 * (os.cpu_count() or 1))

    def find(
        self,
        image: np.ndarray,
        min_face: float,
        scale_factor: float = 0.709,
        threshold_pnet: float = 0.6,
        threshold_rnet: float = 0.7,
        threshold_onet: float = 0.8,
    ) -> np.ndarray:
        """Return (n, 15), box, score, five x, five y, of the faces in (h, w, 3) uint8 RGB."""
        height, width = image.shape[:2]
        levels = pyramid_levels(height, width, min_face, scale_factor)
        scales = SIDE / min_face * scale_factor ** np.arange(levels)
        pixels = _constant((image[None] - np.float32(127.5)) / np.float32(128))
        found = self._pool.map(lambda scale: self._proposals(pixels, scale, threshold_pnet), scales)
        rows = suppressed(np.concatenate([np.empty((0, 5)), *found]), 0.7)
        if len(rows):
            rows = squared(rows)
            offsets, scores = self._second(pixels, rows[:, :4])
            rows = np.column_stack([moved(rows, offsets), scores[:, 1]])
            rows = suppressed(rows[rows[:, 4] > threshold_rnet], 0.7)
        if len(rows):
            rows = squared(rows)
            offsets, points, scores = self._third(pixels, rows[:, :4])
            corner, size = rows[:, :2], rows[:, 2:4] - rows[:, :2] + 1
            points = points.reshape(-1, 2, 5) * size[..., None] + corner[..., None] - 1
            rows = np.column_stack([moved(rows, offsets), scores[:, 1], points.reshape(-1, 10)])
            rows = suppressed(rows[rows[:, 4] > threshold_onet], 0.7, method="min")
        if len(rows) == 0:
            return np.empty((0, 15))
        rows[:, :4] = rows[:, :4].clip(0, [width - 1, height - 1] * 2)
        return rows

    def _proposals(self, pixels: Any, scale: float, threshold: float) -> np.ndarray:
        """Return (n, 5), box and score, of the windows of one level that may hold a face."""
        size = (np.array(pixels.shape[1:3]) * scale).astype(np.int32)
        cells, offsets, scores = self._first(pixels, size, threshold)
        corner = STRIDE * cells[:, ::-1] + 1  # x, y
        boxes = np.hstack([corner, corner + SIDE - 1]) + (SIDE - 1) * offsets
        return suppressed(np.column_stack([boxes / scale, scores]), 0.5)


def suppressed(rows: np.ndarray, threshold: float, method: str = "union") -> np.ndarray:
    """Drop what a row of a higher score overlaps; rows that are dropped still drop others."""
    from mtcnn.utils.bboxes import iou

    rows = rows[np.argsort(rows[:, 4])[::-1]]
    if len(rows) == 0:
        return rows
    return rows[~np.triu(iou(rows[:, :4], method) > threshold, k=1).any(axis=0)]


def squared(rows: np.ndarray) -> np.ndarray:
    """Widen boxes around their centres to squares."""
    size = rows[:, 2:4] - rows[:, :2]
    longest = size.max(axis=1, keepdims=True)
    corner = rows[:, :2] + (size - longest) / 2
    return np.hstack([corner, corner + longest, rows[:, 4:]])


def moved(rows: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Return the boxes of rows, moved by offsets in parts of their sides."""
    size = rows[:, 2:4] - rows[:, :2] + 1
    return rows[:, :4] + offsets * np.tile(size, 2)


def _constant(array: np.ndarray) -> Any:
    """Return an array as a tensor on the processor."""
    import tensorflow as tf

    with tf.device(DEVICE):
        return tf.constant(array)


def _on_a_level(network: Any) -> Callable[..., list[np.ndarray]]:
    """Return a function of pixels, a size and a threshold: row and column, offsets, scores."""
    import tensorflow as tf

    @_traced(((1, None, None, 3), "float32"), ((2,), "int32"), ((), "float32"))
    def windows(pixels: Any, size: Any, threshold: Any) -> Any:
        level = tf.image.resize(pixels, size, "area")
        offsets, scores = network.call(level)
        face = scores[0, ..., 1]
        cells = tf.where(face > threshold)
        return cells, tf.gather_nd(offsets[0], cells), tf.gather_nd(face, cells)

    return windows


def _on_crops(network: Any, side: int) -> Callable[..., list[np.ndarray]]:
    """Return a function of pixels and boxes: what the network says of each box."""
    import tensorflow as tf

    @_traced(((1, None, None, 3), "float32"), ((None, 4), "float32"))
    def crops_judged(pixels: Any, places: Any) -> Any:
        which = tf.zeros(tf.shape(places)[0], tf.int32)
        return network.call(tf.image.crop_and_resize(pixels, places, which, (side, side)))

    def judged(pixels: Any, boxes: np.ndarray) -> list[np.ndarray]:
        height, width = pixels.shape[1:3]
        return crops_judged(pixels, boxes[:, [1, 0, 3, 2]] / ([height, width] * 2))

    return judged


def _traced(*kinds: tuple[tuple[int | None, ...], str]) -> Callable[..., Any]:
    """Return a decorator: a graph of arguments of these kinds, traced once, that answers arrays."""
    import tensorflow as tf

    specs = [tf.TensorSpec(*kind) for kind in kinds]

    def decorated(function: Callable[..., Any]) -> Callable[..., list[np.ndarray]]:
        graph = tf.function(function, input_signature=specs).get_concrete_function()

        def called(*given: Any) -> list[np.ndarray]:
            with tf.device(DEVICE):
                pairs = zip(given, specs, strict=True)
                tensors = [tf.convert_to_tensor(one, spec.dtype) for one, spec in pairs]
                return [each.numpy() for each in graph(*tensors)]

        return called

    return decorated


def lean(network: Any) -> Any:
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
    return network

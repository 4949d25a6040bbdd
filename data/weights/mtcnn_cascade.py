"""MTCNN as its package ships it, with a pyramid that fits and networks that run as graphs."""

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import tensorflow as tf
from mtcnn import MTCNN
from mtcnn.utils.bboxes import iou

SIDE = 12  # pixels that its first network looks at
STRIDE = 2  # pixels between the windows that it looks at
DEVICE = "CPU:0"  # as in the package
PIXELS = (1, None, None, 3), "float32"
BOXES = (None, 4), "float32"


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
        # A graph alone does not keep its network's variables.
        self._networks = [lean(stage._model) for stage in MTCNN().stages]
        first, second, third = self._networks
        self._first = _graph(partial(_windows, first), PIXELS, ((2,), "int32"), ((), "float32"))
        self._second = _graph(partial(_crops, second, 24), PIXELS, BOXES)
        self._third = _graph(partial(_crops, third, 48), PIXELS, BOXES)
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
        count = pyramid_levels(height, width, min_face, scale_factor)
        scales = SIDE / min_face * scale_factor ** np.arange(count)
        with tf.device(DEVICE):
            pixels = tf.constant((image[None] - np.float32(127.5)) / np.float32(128))
        proposals = partial(self._proposals, pixels, threshold_pnet)
        rows = np.concatenate([np.empty((0, 5)), *self._pool.map(proposals, scales)])
        rows = suppressed(rows, 0.7)
        if len(rows):
            rows = squared(rows)
            offsets, scores = self._second(pixels, _parts(rows[:, :4], pixels))
            rows = np.column_stack([moved(rows, offsets), scores[:, 1]])
            rows = suppressed(rows[rows[:, 4] > threshold_rnet], 0.7)
        if len(rows):
            rows = squared(rows)
            offsets, points, scores = self._third(pixels, _parts(rows[:, :4], pixels))
            corner, size = rows[:, :2], rows[:, 2:4] - rows[:, :2] + 1
            points = points.reshape(-1, 2, 5) * size[..., None] + corner[..., None] - 1
            rows = np.column_stack([moved(rows, offsets), scores[:, 1], points.reshape(-1, 10)])
            rows = suppressed(rows[rows[:, 4] > threshold_onet], 0.7, method="min")
        if len(rows) == 0:
            return np.empty((0, 15))
        rows[:, :4] = rows[:, :4].clip(0, [width - 1, height - 1] * 2)
        return rows

    def _proposals(self, pixels: Any, threshold: float, scale: float) -> np.ndarray:
        """Return (n, 5), box and score, of the windows of one level that may hold a face."""
        size = (np.array(pixels.shape[1:3]) * scale).astype(np.int32)
        cells, offsets, scores = self._first(pixels, size, threshold)
        corner = STRIDE * cells[:, ::-1] + 1  # x, y
        boxes = np.hstack([corner, corner + SIDE - 1]) + (SIDE - 1) * offsets
        return suppressed(np.column_stack([boxes / scale, scores]), 0.5)


def suppressed(rows: np.ndarray, threshold: float, method: str = "union") -> np.ndarray:
    """Drop what a row of a higher score overlaps; rows that are dropped still drop others."""
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


def _windows(network: Any, pixels: Any, size: Any, threshold: Any) -> Any:
    """Return row and column, offsets and scores of the windows of a level that may hold a face."""
    offsets, scores = network.call(tf.image.resize(pixels, size, "area"))
    face = scores[0, ..., 1]
    cells = tf.where(face > threshold)
    return cells, tf.gather_nd(offsets[0], cells), tf.gather_nd(face, cells)


def _crops(network: Any, side: int, pixels: Any, boxes: Any) -> Any:
    """Return what a network says of the boxes of a picture: y1 x1 y2 x2 in parts of its sides."""
    picture = tf.zeros(tf.shape(boxes)[0], tf.int32)
    return network.call(tf.image.crop_and_resize(pixels, boxes, picture, (side, side)))


def _parts(boxes: np.ndarray, pixels: Any) -> np.ndarray:
    """Return boxes x1 y1 x2 y2 in pixels as `_crops` takes them."""
    height, width = pixels.shape[1:3]
    return boxes[:, [1, 0, 3, 2]] / ([height, width] * 2)


def _graph(function: Callable[..., Any], *kinds: Any) -> Callable[..., list[np.ndarray]]:
    """Return a function as a graph of arguments of these kinds, traced once; it answers arrays."""
    specs = [tf.TensorSpec(*kind) for kind in kinds]
    graph = tf.function(function, input_signature=specs).get_concrete_function()

    def call(*arguments: Any) -> list[np.ndarray]:
        with tf.device(DEVICE):
            pairs = zip(arguments, specs, strict=True)
            tensors = [tf.convert_to_tensor(argument, spec.dtype) for argument, spec in pairs]
            return [answer.numpy() for answer in graph(*tensors)]

    return call


def lean(network: Any) -> Any:
    """Let a network of the package pass over its arrays fewer times; its answers stay.

    Keras's PReLU is the difference of two ReLUs, four passes where three do. Its softmax over two
    classes, face or not, takes longer than the sigmoid of their difference.
    """

    def sigmoids(scores):
        face = tf.sigmoid(scores[..., 1:] - scores[..., :1])
        return tf.concat([1 - face, face], axis=-1)

    for layer in network.layers:
        if "prelu" in layer.name:
            layer.call = lambda x, own=layer: x + (own.alpha - 1) * tf.minimum(x, 0.0)
        elif getattr(getattr(layer, "activation", None), "__name__", "") == "softmax":
            layer.activation = sigmoids
    return network

"""Faces in photographs: detect, mark, align, embed, with one kind of answer for all detectors.

The packages ``mtcnn`` and ``dlib`` and networks of ``utils.weights`` do the work.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from data.core import pictures
from data.core.pictures import similarity as similarity  # notebooks align by it too
from utils._arguments import check_range, check_whole
from utils.boxes import iou_matrix
from utils.pictures import shrink

DETECTORS = ("mtcnn", "hog", "cnn")
# Of dlib's 68 points: the rims of the eyes, the tip of the nose, the corners of the mouth.
_FIVE_OF_68 = (range(36, 42), range(42, 48), (30,), (48,), (54,))
_DLIB_SMALLEST = 20  # pixels of the smallest face that is looked for in a shrunk picture
_DLIB_SIDE = 80  # pixels of the smallest face that dlib's detectors find unaided
_CNN_PIXELS = 4_000_000  # of an enlarged picture: dlib's network takes 1 GB for each million
_CNN_SIDE = 10  # pixels of an enlarged picture: for a smaller one dlib's network has no window
_SAME_FACE = 0.5  # of the smaller box, shared: one face's two boxes share more than 0.8
# Networks for which ``crop`` cuts, and the side of the crops that each looks at, in pixels.
SIDES = {"dlib": 150, "mobilefacenet": 112, "facenet": 160}
_BATCH = 32  # faces that a network looks at together
_FACENET_MARGIN = 14 / 160  # of the crop: what FaceNet's authors leave around the box


@dataclass(frozen=True, eq=False)
class Detections:
    """Faces found in one photograph, the surest first.

    ``boxes`` are (n, 4) float32, x1 y1 x2 y2 in pixels of the photograph; ``scores`` (n,) float32,
    of MTCNN a probability, of dlib a margin without upper bound; ``landmarks`` (n, 5, 2) float32,
    x y of the eyes, the nose and the corners of the mouth, left (as seen) before right.
    """

    boxes: np.ndarray
    scores: np.ndarray
    landmarks: np.ndarray

    def __len__(self) -> int:
        """Return the number of faces."""
        return len(self.boxes)


def detect(
    image: np.ndarray, detector: str = "mtcnn", *, min_face: float = 20,
    longest: int | None = 2000, **options: Any
) -> Detections:  # fmt: skip
    """Find the faces in a photograph; where there are none, the answer has length 0.

    Takes (h, w, 3) uint8 RGB; grey, RGBA and 16-bit pictures are converted. A picture of Pillow is
    turned as its orientation tag says, and boxes are those of the turned one. The detector is
    "mtcnn", whose options are ``scale_factor`` and the thresholds, or one of dlib's two.

    ``min_face`` is the side of the smallest face to look for, in pixels of the photograph, at least
    1. Below 80, dlib's detectors look at the picture enlarged as well: twice down to 40, four times
    down to 20. A million enlarged pixels take "hog" 0.1 s and 10 MB, "cnn" 6 s and 1 GB on two
    cores, so "cnn" refuses more than four million: 1000 x 1000 pixels at 40, a quarter of it at 20.

    A picture with a side above ``longest`` is made smaller first (memory grows with the square of
    the number of candidates); answers are in pixels of the picture as given. In the smaller
    picture, dlib's detectors look for no face below 20 pixels.
    """
    if detector not in DETECTORS:
        raise ValueError(f"detector={detector!r} is not known; use one of {', '.join(DETECTORS)}.")
    check_range("[1, inf)", min_face=min_face)
    if longest is not None:
        check_whole(1, longest=longest)
    rgb = pictures.as_rgb(image)
    small, scale = (rgb, 1.0) if longest is None else shrink(rgb, longest)
    if detector == "mtcnn":
        rows = _mtcnn().find(small, min_face * scale, **options)
    else:
        # shrunk by `longest` and then enlarged again, a photograph of a telephone would take 2 GB
        smallest = max(min_face * scale, min(min_face, _DLIB_SMALLEST))
        doublings = max(0, math.ceil(math.log2(_DLIB_SIDE / smallest)))
        enlarged = small.shape[0] * small.shape[1] * 4**doublings
        if detector == "cnn" and enlarged > _CNN_PIXELS:
            raise ValueError(
                f'detector="cnn" at min_face={min_face:g} would look at {enlarged / 1e6:.1f} '
                f"million pixels, of which each million takes 1 GB; {_CNN_PIXELS / 1e6:g} are the "
                "most. Give a larger min_face or a smaller longest=, or take another detector."
            )
        rows = _dlib_rows(small, doublings, detector, **options)
    rows, scale = rows.astype(np.float32), float(np.float32(scale))
    points = np.stack([rows[:, 5:10], rows[:, 10:]], axis=-1)
    return Detections(rows[:, :4] / scale, rows[:, 4], points / scale)


def landmarks(image: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Mark 68 points in each face with dlib's regression trees (Kazemi, Sullivan, CVPR 2014).

    The boxes, (n, 4) with x1 y1 x2 y2 in pixels, reach about from the brows to the chin. Returns
    (n, 68, 2) float32, x y in pixels, in the order of iBUG 300-W.
    """
    image, boxes = pictures.as_rgb(image), np.reshape(boxes, (-1, 4))
    points = [_marks(image, _rectangle(box)) for box in boxes]
    return np.array(points, np.float32).reshape(-1, 68, 2)


def _marks(image: np.ndarray, rectangle: Any) -> np.ndarray:
    shape = _dlib_model("shape_predictor", "shape_predictor_68_face_landmarks")(image, rectangle)
    return np.array([[point.x, point.y] for point in shape.parts()], float)


def crop(image: np.ndarray, boxes: np.ndarray, network: str = "dlib") -> np.ndarray:
    """Cut faces out as a network wants them: (n, side, side, 3) uint8 RGB, its side in ``SIDES``.

    For dlib, turned and scaled by five landmarks; for MobileFaceNet, by the similarity that
    brings eyes, nose and corners of the mouth nearest to the template of its training; for
    FaceNet, the box with a margin. The boxes are (n, 4), x1 y1 x2 y2 in pixels of the picture.
    """
    side, image = _side(network), pictures.as_rgb(image)
    boxes = np.reshape(boxes, (-1, 4)).astype(float)
    cut = {"dlib": _dlib_crop, "mobilefacenet": _template_crop, "facenet": _margin_crop}[network]
    return np.array([cut(image, box, side) for box in boxes], np.uint8).reshape(-1, side, side, 3)


def _side(network: str) -> int:
    if network not in SIDES:
        raise ValueError(f"network={network!r} is not known; use one of {', '.join(SIDES)}.")
    return SIDES[network]


def embed(
    crops: np.ndarray, network: str = "dlib", *, progress: Callable[[int], Any] | None = None
) -> np.ndarray:
    """Describe faces by vectors, (n, d) float32, that lie near each other for one person.

    Takes crops of ``crop`` for the same network, and calls ``progress``, as ``tqdm.update``, with
    the number of faces done after each batch. dlib's residual network, whose weights a dependency
    ships: d = 128, not of unit length, the same person below a distance of about 0.6.
    MobileFaceNet: 128, of unit length.
    """
    side, crops = _side(network), np.asarray(crops)
    if crops.shape[1:] != (side, side, 3) or crops.dtype != np.uint8:
        raise ValueError(
            f"{network} takes crops of shape (n, {side}, {side}, 3) and type uint8, not "
            f"{crops.shape} {crops.dtype}; make them with faces.crop(image, boxes, {network!r})."
        )
    parts = [np.empty((0, 128), np.float32)]
    for start in range(0, len(crops), _BATCH):
        batch = crops[start : start + _BATCH]
        parts.append(_vectors(network)(batch))
        if progress is not None:
            progress(len(batch))
    return np.concatenate(parts)


@lru_cache(maxsize=1)
def _mtcnn() -> Any:
    from data.weights import mtcnn_cascade
    from utils import weights

    weights.used("mtcnn")
    return mtcnn_cascade.Cascade()


def _dlib_rows(image: np.ndarray, most_doublings: int, detector: str) -> np.ndarray:
    """Return (n, 15): box, score, five x, five y.

    dlib looks at sizes that shrink by 5/6 from that of the enlarged picture. After a doubling it
    meets a face at other sizes, its score moves by some tenths either way, and a face that was
    found may be found no more. So the answers of all doublings are joined: of one face's, the last.
    """
    rows = np.empty((0, 15))
    for doublings in range(most_doublings + 1):
        new = np.empty((0, 15))
        for rectangle, score in _dlib(detector)(image, doublings):
            x1, y1 = rectangle.left(), rectangle.top()
            x2, y2 = rectangle.right() + 1, rectangle.bottom() + 1
            five = _five_of_68(_marks(image, rectangle))
            new = np.vstack([new, [x1, y1, x2, y2, score, *five.T.ravel()]])
        shared = iou_matrix(rows[:, :4], new[:, :4], over="smaller").max(axis=1, initial=0)
        rows = np.concatenate([new, rows[shared <= _SAME_FACE]])
    return rows[np.argsort(-rows[:, 4], kind="stable")]


@lru_cache(maxsize=2)
def _dlib(detector: str) -> Callable[[np.ndarray, int], list[tuple[Any, float]]]:
    """Return a function (image, doublings) -> [(rectangle, score)]."""
    import dlib

    if detector == "hog":
        hog = dlib.get_frontal_face_detector()
        return lambda image, doublings: list(zip(*hog.run(image, doublings, 0.0)[:2], strict=True))
    cnn = _dlib_model("cnn_face_detection_model_v1", "mmod_human_face_detector")

    def network(image: np.ndarray, doublings: int) -> list[tuple[Any, float]]:
        if min(image.shape[:2]) * 2**doublings < _CNN_SIDE:
            return []
        return [(face.rect, face.confidence) for face in cnn(image, doublings)]

    return network


@lru_cache
def _dlib_model(kind: str, file: str) -> Any:
    """Load a file of ``face_recognition_models`` into one of dlib's classes, once."""
    import dlib

    from utils import weights

    return getattr(dlib, kind)(str(weights.file_of("dlib_faces", f"{file}.dat")))


def _five_of_68(points: np.ndarray) -> np.ndarray:
    return np.array([points[list(group)].mean(axis=0) for group in _FIVE_OF_68])


def _rectangle(box: np.ndarray) -> Any:
    import dlib

    x1, y1, x2, y2 = (int(round(v)) for v in box)
    return dlib.rectangle(x1, y1, x2 - 1, y2 - 1)


def _dlib_crop(image: np.ndarray, box: np.ndarray, side: int) -> np.ndarray:
    import dlib

    five = _dlib_model("shape_predictor", "shape_predictor_5_face_landmarks")
    return dlib.get_face_chip(image, five(image, _rectangle(box)), size=side, padding=0.25)


def _template_crop(image: np.ndarray, box: np.ndarray, side: int) -> np.ndarray:
    import cv2

    points = _five_of_68(landmarks(image, box[None])[0])
    return cv2.warpAffine(image, similarity(points, pictures.FIVE_IN_112), (side, side))


def _margin_crop(image: np.ndarray, box: np.ndarray, side: int) -> np.ndarray:
    import cv2

    more = (box[2:] - box[:2]) * _FACENET_MARGIN / (1 - _FACENET_MARGIN) / 2
    high = np.array(image.shape[1::-1])
    x1, y1 = np.clip(np.floor(box[:2] - more), 0, high - 1).astype(int)
    x2, y2 = np.clip(np.ceil(box[2:] + more), [x1 + 1, y1 + 1], high).astype(int)
    return cv2.resize(image[y1:y2, x1:x2], (side, side), interpolation=cv2.INTER_AREA)


@lru_cache(maxsize=2)
def _vectors(network: str) -> Callable[[np.ndarray], np.ndarray]:
    import tensorflow as tf

    from utils import weights

    # dlib's own code takes more than ten times as long for the same numbers: its package has no
    # fast linear algebra in it.
    model = weights.load("dlib_faces" if network == "dlib" else network)
    scaled = np.float32 if network == "dlib" else weights.standardise
    side = SIDES[network]
    # compiled once for every batch size: a call of the bare model costs as much again
    signature = [tf.TensorSpec((None, side, side, 3), tf.float32)]
    run = tf.function(lambda pixels: model(pixels, training=False), input_signature=signature)
    return lambda crops: np.asarray(run(scaled(crops)))

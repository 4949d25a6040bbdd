"""Faces in photographs over the packages ``mtcnn`` and ``dlib``, with one kind of answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

DETECTORS = ("mtcnn", "hog", "cnn")
LANDMARKS = ("left eye", "right eye", "nose", "left mouth corner", "right mouth corner")
# Of dlib's 68 points: the rims of the eyes, the tip of the nose, the corners of the mouth.
_FIVE_OF_68 = (range(36, 42), range(42, 48), (30,), (48,), (54,))
_P_NET_SIDE = 12  # pixels that MTCNN's first network looks at
_DLIB_SIDE = 80  # pixels of the smallest face that dlib's detectors find unaided


@dataclass(frozen=True, eq=False)
class Detections:
    """Faces found in one photograph, the surest first.

    Parameters
    ----------
    boxes : np.ndarray
        (n, 4) float32, x1 y1 x2 y2 in pixels of the photograph.
    scores : np.ndarray
        (n,) float32; of MTCNN a probability, of dlib a margin without upper bound.
    landmarks : np.ndarray
        (n, 5, 2) float32, x y of the points in ``LANDMARKS``, left and right as seen.
    """

    boxes: np.ndarray
    scores: np.ndarray
    landmarks: np.ndarray

    def __len__(self) -> int:
        """Return the number of faces."""
        return len(self.boxes)


def detect(
    image: np.ndarray,
    detector: str = "mtcnn",
    *,
    min_face: float = 20,
    longest: int | None = 2000,
    **options: Any,
) -> Detections:
    """Find the faces in a photograph.

    Parameters
    ----------
    image : np.ndarray
        (h, w, 3) uint8 RGB; grey, RGBA and 16-bit pictures are converted.
    detector : {"mtcnn", "hog", "cnn"}
        MTCNN, or dlib's two detectors (the second takes seconds a picture on a CPU).
    min_face : float
        Side of the smallest face to look for, in pixels of the photograph.
    longest : int or None
        A picture with a longer side is made smaller first (memory grows with the square of the
        number of candidates); answers are in pixels of the picture as given.
    **options
        Of MTCNN: ``scale_factor``, ``threshold_pnet``, ``threshold_rnet``, ``threshold_onet``.

    Returns
    -------
    Detections
        Of length 0 where there is no face.
    """
    if detector not in DETECTORS:
        raise ValueError(f"detector={detector!r} is not known; use one of {', '.join(DETECTORS)}.")
    if options and detector != "mtcnn":
        raise TypeError(f"{', '.join(options)}: options of MTCNN, not of detector={detector!r}.")
    rgb = as_rgb(image)
    small, scale = (rgb, 1.0) if longest is None else shrink(rgb, longest)
    if detector == "mtcnn":
        rows = _mtcnn_rows(small, min_face * scale, options)
    else:
        rows = _dlib_rows(small, min_face * scale, detector)
    return _detections(rows, scale)


def as_rgb(image: np.ndarray) -> np.ndarray:
    """Return a picture as (h, w, 3) uint8 RGB.

    Takes uint8 or uint16, grey (h, w) or (h, w, 1), RGB or RGBA. A picture of floats is refused:
    whether its white is 1 or 255 is not written in it, and a detector given the wrong one sees
    an almost even grey and finds nothing.
    """
    image = np.asarray(image)
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.dtype != np.uint8:
        raise ValueError(
            f"a picture of {image.dtype} has no known white; convert it first, "
            "for floats in 0..1 by (image * 255).round().astype(numpy.uint8)."
        )
    if image.ndim == 2:
        image = image[..., None]
    if image.ndim != 3 or image.shape[2] not in (1, 3, 4) or 0 in image.shape:
        raise ValueError(f"a picture is (h, w), (h, w, 3) or (h, w, 4), not {image.shape}.")
    rgb = np.repeat(image, 3, axis=2) if image.shape[2] == 1 else image[..., :3]
    return np.ascontiguousarray(rgb)


def shrink(image: np.ndarray, longest: int) -> tuple[np.ndarray, float]:
    """Bound the longer side of a picture; return it and its scale (1.0: as it was)."""
    import cv2

    height, width = image.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return image, 1.0
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), scale


def model_file(name: str) -> Path:
    """Return one of the four files of the package ``face_recognition_models``.

    The package itself cannot be imported beside a current setuptools.
    """
    spec = find_spec("face_recognition_models")
    folder = Path(spec.submodule_search_locations[0]) / "models"
    if not (folder / name).is_file():
        have = ", ".join(sorted(path.name for path in folder.glob("*.dat")))
        raise FileNotFoundError(f"face_recognition_models has no {name!r}; it has {have}.")
    return folder / name


def pyramid_levels(height: int, width: int, min_face: float, factor: float) -> int:
    """Return the number of scales 12 / min_face * factor**k at which a picture is >= 12 px."""
    if min_face <= 0 or not 0 < factor < 1:
        raise ValueError(f"min_face={min_face} must be above 0 and factor={factor} in (0, 1).")
    shortest = min(height, width) * _P_NET_SIDE / min_face
    if shortest < _P_NET_SIDE:
        return 0
    return int(math.log(shortest / _P_NET_SIDE) / -math.log(factor) + 1e-9) + 1


def _mtcnn_rows(image: np.ndarray, min_face: float, options: dict[str, Any]) -> np.ndarray:
    """Return (n, 15): box, score, five x, five y."""
    if pyramid_levels(*image.shape[:2], min_face, options.get("scale_factor", 0.709)) == 0:
        return np.empty((0, 15))
    found = _mtcnn().detect_faces(
        image, min_face_size=min_face, box_format="xyxy", output_type="numpy", **options
    )
    return found[:, 1:]


@lru_cache(maxsize=1)
def _mtcnn():
    """Build the detector once, with a pyramid that fits every ``min_face``.

    mtcnn 1.0.0 computes the number of scales from the picture alone. With min_face_size above
    about 25 the last ones are smaller than the 12 pixels that its first network needs, the error
    is caught, and the answer is "no face"; below 20 the largest faces are left out. The stage
    takes from ``images_oshapes`` nothing but that number, so it is given the side that yields
    the right one.
    """
    from mtcnn import MTCNN
    from mtcnn.stages import StageONet, StagePNet, StageRNet

    class Stage(StagePNet):
        def __call__(
            self, images_normalized, images_oshapes, min_face_size=20, scale_factor=0.709, **kwargs
        ):
            height, width = (int(n) for n in images_oshapes[0][:2])
            levels = pyramid_levels(height, width, min_face_size, scale_factor)
            side = _P_NET_SIDE * scale_factor ** -(levels + 1)
            sides = np.array([[side, side, 3]])
            return super().__call__(images_normalized, sides, min_face_size,
                                    scale_factor=scale_factor, **kwargs)  # fmt: skip

    return MTCNN(stages=[Stage, StageRNet, StageONet])


def _dlib_rows(image: np.ndarray, min_face: float, detector: str) -> np.ndarray:
    """Return (n, 15): box, score, five x, five y."""
    doublings = max(0, math.ceil(math.log2(_DLIB_SIDE / min_face)))
    find, points = _dlib(detector)
    rows = []
    for rectangle, score in find(image, doublings):
        shape = points(image, rectangle)
        all_points = np.array([[p.x, p.y] for p in shape.parts()], float)
        five = np.array([all_points[list(group)].mean(axis=0) for group in _FIVE_OF_68])
        box = [rectangle.left(), rectangle.top(), rectangle.right() + 1, rectangle.bottom() + 1]
        rows.append([*box, score, *five[:, 0], *five[:, 1]])
    rows.sort(key=lambda row: -row[4])
    return np.array(rows, float).reshape(-1, 15)


@lru_cache(maxsize=2)
def _dlib(detector: str):
    """Return a function (image, doublings) -> [(rectangle, score)] and the landmark predictor."""
    import dlib

    points = dlib.shape_predictor(str(model_file("shape_predictor_68_face_landmarks.dat")))
    if detector == "hog":
        hog = dlib.get_frontal_face_detector()

        def find(image, doublings):
            rectangles, scores, _ = hog.run(image, doublings, 0.0)
            return list(zip(rectangles, scores, strict=True))
    else:
        cnn = dlib.cnn_face_detection_model_v1(str(model_file("mmod_human_face_detector.dat")))

        def find(image, doublings):
            return [(found.rect, found.confidence) for found in cnn(image, doublings)]

    return find, points


def _detections(rows: np.ndarray, scale: float) -> Detections:
    rows = np.asarray(rows, dtype=np.float32).reshape(-1, 15)
    points = np.stack([rows[:, 5:10], rows[:, 10:15]], axis=-1)
    return Detections(
        rows[:, :4] / np.float32(scale), rows[:, 4].copy(), points / np.float32(scale)
    )

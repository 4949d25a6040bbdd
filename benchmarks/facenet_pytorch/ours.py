"""Faces found by this course: MTCNN as the peer runs it, and two other detectors."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import clock
import cv2
import numpy as np

from utils import faces, weights
from utils.data import DataUnavailable


def main(folder: Path) -> None:
    """Time every detector over all pictures, one picture at a time."""
    cv2.setNumThreads(clock.threads())
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    with np.load(folder / "pictures.npz") as stored:
        pictures = [stored[name] for name in sorted(stored.files)]
    rows, skipped = {}, {}
    for name, options in detectors(settings).items():
        try:
            rows[name] = measure(pictures, name, settings["min_face"], options)
        except DataUnavailable:
            skipped[name] = "its weights are not here; the catalogue names them"
    packages = ("mtcnn", "tensorflow", "keras", "dlib-bin", "opencv-python-headless", "numpy")
    clock.tell(rows, packages, skipped)


def detectors(settings: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the detectors and their options; dlib's CNN takes seconds a picture and is left."""
    first, second, third = settings["thresholds"]
    mtcnn = {
        "scale_factor": settings["factor"],
        "threshold_pnet": first,
        "threshold_rnet": second,
        "threshold_onet": third,
    }
    return {"mtcnn": mtcnn, "hog": {}, "yunet": {}}


def measure(pictures: list, name: str, min_face: float, options: dict) -> dict[str, Any]:
    """Warm up on one picture of each size, then time a pass over all."""

    def find(picture: np.ndarray) -> list:
        if name == "yunet":
            return yunet_boxes(picture, min_face)
        found = faces.detect(picture, name, min_face=min_face, longest=None, **options)
        return found.boxes.tolist()

    for picture in {picture.shape: picture for picture in pictures}.values():
        find(picture)
    return clock.timed(lambda: [find(picture) for picture in pictures])


def yunet_boxes(picture: np.ndarray, min_face: float) -> list:
    """Return the boxes that YuNet finds, the surest first."""
    detector = yunet()
    detector.setInputSize(picture.shape[1::-1])
    found = detector.detect(np.ascontiguousarray(picture[..., ::-1]))[1]  # BGR
    if found is None:
        return []
    found = found[found[:, 2:4].max(axis=1) >= min_face]
    found = found[np.argsort(-found[:, 14], kind="stable")]
    return np.hstack([found[:, :2], found[:, :2] + found[:, 2:4]]).tolist()


@lru_cache(maxsize=1)
def yunet() -> Any:
    """Load YuNet, whose weights come through the catalogue, into OpenCV."""
    path = weights.file_of("yunet")
    return cv2.FaceDetectorYN.create(str(path), "", (320, 320), 0.7, 0.3, 5000)


if __name__ == "__main__":
    main(clock.inputs())

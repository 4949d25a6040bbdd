"""Faces found by facenet-pytorch's MTCNN, one picture at a time and in batches."""

import itertools
import json
from pathlib import Path

import clock
import numpy as np
import torch
from facenet_pytorch import MTCNN

BATCH = 8  # pictures of one size; its memory grows with it


def main(folder: Path) -> None:
    """Time both ways over all pictures."""
    torch.set_num_threads(clock.threads())
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    with np.load(folder / "pictures.npz") as stored:
        pictures = [stored[name] for name in sorted(stored.files)]
    detector = MTCNN(
        keep_all=True,
        select_largest=False,
        min_face_size=settings["min_face"],
        factor=settings["factor"],
        thresholds=settings["thresholds"],
    )
    for picture in {picture.shape: picture for picture in pictures}.values():
        detector.detect(picture)
    rows = {
        "mtcnn": clock.timed(lambda: [plain(detector.detect(p)[0]) for p in pictures]),
        "mtcnn batched": clock.timed(lambda: batches(detector, pictures)),
    }
    clock.tell(rows, ("facenet-pytorch", "torch", "torchvision", "numpy"))


def batches(detector: MTCNN, pictures: list[np.ndarray]) -> list[list]:
    """Detect in runs of pictures of one size: its batches take no other ones."""
    found = []
    for _, run in itertools.groupby(pictures, key=np.shape):
        same = list(run)
        for start in range(0, len(same), BATCH):
            boxes, _ = detector.detect(np.stack(same[start : start + BATCH]))
            found += [plain(each) for each in boxes]
    return found


def plain(boxes: np.ndarray | None) -> list:
    """Return boxes as lists; facenet-pytorch gives None for no face."""
    return [] if boxes is None else np.asarray(boxes, float).tolist()


if __name__ == "__main__":
    main(clock.inputs())

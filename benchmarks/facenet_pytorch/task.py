"""The pictures that both sides see, and what their answers are worth."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from utils import data
from utils.boxes import match_boxes
from utils.pictures import shrink

SETTINGS = {"min_face": 20, "factor": 0.709, "thresholds": [0.6, 0.7, 0.8]}
LONGEST = 2000  # pixels; both sides get the smaller picture
CLIP_STRIDE = 14  # every 14th of the clip's 275 frames
OVERLAP = 0.4  # smallest IoU of the same face: detectors draw their boxes differently


def make(folder: Path, source: str) -> dict[str, Any]:
    """Write pictures, settings and truth; return how many pictures there are, and which."""
    pictures, truth, what = _real() if source == "real" else _sample()
    pictures = [shrink(picture, LONGEST)[0] for picture in pictures]
    arrays = {f"{i:03d}": picture for i, picture in enumerate(pictures)}
    np.savez(folder / "pictures.npz", **arrays)
    (folder / "settings.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return {"items": len(pictures), "what": what}


def _sample() -> tuple[list[np.ndarray], list[dict[str, Any]], str]:
    from drawing.prints import photographs

    drawn = [item for seed in (0, 1) for item in photographs(seed=seed).values()]
    truth = [{"boxes": item.boxes.tolist()} for item in drawn]
    return [item.image for item in drawn], truth, "two portraits and collages of their prints"


def _real() -> tuple[list[np.ndarray], list[dict[str, Any]], str]:
    from utils import video

    photographs = data.load("photographs", data="real")
    (clip,) = data.load("talking_faces", data="real").paths
    frames = list(video.frames(clip, stride=CLIP_STRIDE))
    truth = [{"count": count} for count in photographs.face_counts] + [{} for _ in frames]
    what = f"{len(photographs.images)} photographs and {len(frames)} frames of a clip"
    return [*photographs.images, *frames], truth, what


def judge(folder: Path, answers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], dict]:
    """Return recall and false alarms of each row.

    A face counts as found where its box is known and overlaps by 0.4; where only the number of
    faces is known, up to that number; and where nothing is known (the frames of the clip), the
    peer's faces are taken for the truth.

    Parameters
    ----------
    folder : Path
        What ``make`` filled.
    answers : dict
        (side, row) -> one list of boxes x1 y1 x2 y2 a picture.
    """
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    peers = answers["peer", "mtcnn"]
    known = [item if item else {"boxes": found} for item, found in zip(truth, peers, strict=True)]
    return {row: _score(found, known) for row, found in answers.items()}


def _score(found: list[list], known: list[dict[str, Any]]) -> dict[str, float]:
    hits = total = alarms = 0
    for boxes, item in zip(found, known, strict=True):
        true = item["count"] if "count" in item else len(item["boxes"])
        hit = min(len(boxes), true)
        if "boxes" in item:
            pairs = match_boxes(np.array(boxes), np.array(item["boxes"]), OVERLAP)
            hit = int((pairs >= 0).sum())
        hits, total, alarms = hits + hit, total + true, alarms + len(boxes) - hit
    return {"recall": hits / total if total else 1.0, "false alarms": alarms}

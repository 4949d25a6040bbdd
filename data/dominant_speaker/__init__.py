"""Six speakers on a stage: the report's task, in drawn clips, and crops of its very speakers."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from data.core import pictures, samples
from data.core.fetch import Files
from data.core.record import Record
from data.core.sets import as_sample
from data.dominant_speaker import generator

SIDE = 160
FOLDERS = {
    "moderate": "Train_moderate-cropped_sample",
    "super": "Train_super-cropped_sample",
}
JUNK = "Train_moderate-cropped_sample/Noise"
OFFICIAL = ("AK", "FR", "SG", "SK", "SM", "SP")
# Frames of crops that show the same picture in both loosenesses: the inner 80 % of the narrow crop,
# at some size, correlates with a part of the wide one by more than 0.8 (`test_reader.py` looks).
TWINS = {
    "moderate": {
        "AK": (2292, 2308),
        "FR": (5619,),
        "SG": (9970, 9972, 9975, 9978),
        "SK": (1, 2, 4, 5, 31, 35, 37, 49, 50),
        "SP": (3624, 3698),
    },
    "super": {
        "AK": (3190, 3196, 3220),
        "FR": (8464,),
        "SG": (22158, 22162, 22164, 22167, 22169, 22170),
        "SK": (0, 1, 2, 4, 5),
        "SP": (5346, 5347),
    },
}
NAMES = ("A", "B", "C", "D", "E", "F")  # of the drawn people
# Half the side of a synthetic crop, in heights of the face from forehead to chin.
HALF_SIDE = {"moderate": 0.85, "super": 0.6}
# Where eyes and lower lip lie in an aligned crop, in shares of its side: x, y.
TEMPLATE = np.array([[0.32, 0.38], [0.68, 0.38], [0.50, 0.80]])


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SpeakerClips(Record):
    """Frames of clips in which one of six people talks, with occasional shots of something else."""

    frames: np.ndarray  # (n, 180, 320, 3) uint8 RGB, sorted by clip and time
    clip: np.ndarray  # (n,) int64, number of the clip
    time: np.ndarray  # (n,) int64, number of the frame within its clip, six a second
    labels: np.ndarray  # (n,) int64, whose clip it is, index into `names`, whatever a frame shows
    shows: np.ndarray  # (n,) str, "speaker", "audience" or "nobody"
    part: np.ndarray  # (n,) str, "train" or "test", by clip
    place: np.ndarray  # (n,) int64, in which of the sets the clip was taken
    # (n, 4) float32, x1 y1 x2 y2 of the largest face in pixels, forehead to chin; NaN without
    boxes: np.ndarray
    landmarks: np.ndarray  # (n, 68, 2) float32, of that face, x and y in pixels; NaN without
    names: tuple[str, ...] = NAMES  # of the six speakers

    @property
    def truth(self) -> np.ndarray:
        """Who is seen speaking, (n,) int64; -1 (junk) where it is the audience or nobody."""
        return np.where(self.shows == "speaker", self.labels, -1)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Conversation(Record):
    """A talk of three of the six people who take turns, at ``fps`` frames a second."""

    frames: np.ndarray  # (n, 180, 320, 3) uint8 RGB
    people: np.ndarray  # (3,) int64, who takes part, from left to right: indices into `NAMES`
    speaking: np.ndarray  # (n,) int64, who speaks (one of `people`); -1 where nobody does
    shot: np.ndarray  # (n,) str, "all", "close", "audience" or "nobody"
    boxes: np.ndarray  # (n, 3, 4) float32, of the three faces; NaN where one is not in the shot
    landmarks: np.ndarray  # (n, 3, 68, 2) float32, likewise
    fps: float


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Speakers(Record):
    """Crops of six speakers, and synthetic clips in the place of those that they were cut from."""

    crops: np.ndarray  # (n, 160, 160, 3) uint8 RGB, sorted by looseness, then speaker, then frame
    labels: np.ndarray  # (n,) int64, index into `names`
    names: tuple[str, ...]  # of the six speakers
    looseness: np.ndarray  # (n,) str, "moderate" (head and shoulders) or "super" (the face alone)
    # (n,) bool, whether a crop of the other looseness shows the same picture of the speaker, found
    # by template matching; False for synthetic crops. A twin of a training crop says nothing as a
    # test crop.
    twin: np.ndarray
    # (n, 360, 640, 3) uint8 RGB, whole frames that show none of the six: an audience, a title;
    # synthetic ones are (n, 180, 320, 3)
    junk: np.ndarray

    @staticmethod
    def clips(seed: int = 0) -> SpeakerClips:
        """Return the synthetic clips, with both data sources: the report's clips are not public."""
        talks = samples.cached_arrays(
            "dominant_speaker", lambda: generator.clips(seed), "clips", seed
        )
        return as_sample(SpeakerClips(**talks), "dominant_speaker")

    @staticmethod
    def conversation(seed: int = 0) -> Conversation:
        """Return the synthetic conversation, with both data sources."""
        talks = samples.cached_arrays(
            "dominant_speaker", lambda: generator.conversation(seed), "talk", seed
        )
        return as_sample(Conversation(**talks, fps=generator.FPS), "dominant_speaker")

    perturbed = staticmethod(generator.perturbed)

    @staticmethod
    def aligned(frames: np.ndarray, landmarks: np.ndarray, side: int) -> np.ndarray:
        """Cut faces out so that eyes and lower lip lie where ``TEMPLATE`` says.

        The similarity (turn, scale, shift) that brings the two eyes and the lower lip nearest to
        their places; notebook 07/01 builds it. Takes frames (n, h, w, 3) uint8 RGB and their
        landmarks (n, 68, 2), x and y in pixels, and returns (n, side, side, 3) uint8 RGB. A frame
        without landmarks is a ValueError: choose the frames with a face first.
        """
        landmarks = np.asarray(landmarks, float)
        if lost := np.flatnonzero(~np.isfinite(landmarks).all(axis=(1, 2))).tolist():
            raise ValueError(f"frames {lost[:5]} have no landmarks: choose the frames with a face")
        crops = np.empty((len(frames), side, side, 3), np.uint8)
        for k, (frame, points) in enumerate(zip(frames, landmarks, strict=True)):
            eyes = points[36:42].mean(axis=0), points[42:48].mean(axis=0)
            matrix = pictures.similarity(np.array([*eyes, points[57]]), TEMPLATE * side - 0.5)
            shrink = np.hypot(*matrix[0, :2])
            soft = cv2.GaussianBlur(frame, (0, 0), 0.4 / shrink) if shrink < 0.7 else frame
            crops[k] = cv2.warpAffine(soft, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE)
        return crops


def read(files: Files) -> Speakers:
    """Read the crops of the two folders, whose names are "frame" and a number.

    A speaker without a crop, or a picture of another size, is a DataError that names it.
    """
    folder = files.folder()
    rows = [
        (path, who, looseness)
        for looseness, name in FOLDERS.items()
        for who, speaker in enumerate(OFFICIAL)
        for path in sorted(pictures.pictures_in(folder / name / speaker), key=_number)
    ]
    paths, labels, looseness = zip(*rows, strict=True)
    return Speakers(
        crops=np.stack([pictures.read_sized(path, SIDE, SIDE) for path in paths]),
        labels=np.array(labels, np.int64),
        names=OFFICIAL,
        looseness=np.array(looseness),
        twin=np.array([_is_twin(path, kind) for path, _, kind in rows]),
        junk=np.stack([_junk_frame(path) for path in pictures.pictures_in(folder / JUNK)]),
    )


def sample() -> Speakers:
    """Cut the drawn speakers out of their training clips, wide and narrow from other frames."""
    talks = Speakers.clips()
    shown = np.flatnonzero((talks.part == "train") & (talks.shows == "speaker"))
    wide, narrow = shown[::3], shown[1::3]
    rows = np.concatenate([wide, narrow])
    looseness = np.repeat(["moderate", "super"], [len(wide), len(narrow)])
    crops = [
        _crop(talks.frames[i], talks.boxes[i], HALF_SIDE[kind])
        for i, kind in zip(rows, looseness, strict=True)
    ]
    return Speakers(
        crops=np.stack(crops),
        labels=talks.labels[rows],
        names=NAMES,
        looseness=looseness,
        twin=np.zeros(len(rows), bool),
        junk=talks.frames[talks.shows != "speaker"],
    )


def _junk_frame(path: Path) -> np.ndarray:
    frame = pictures.read_sized(path, 720, 1280)
    return cv2.resize(frame, (640, 360), interpolation=cv2.INTER_AREA)


def _number(path: Path) -> int:
    return int(path.stem.removeprefix("frame"))


def _is_twin(path: Path, looseness: str) -> bool:
    return _number(path) in TWINS[looseness].get(path.parent.name, ())


def _crop(frame: np.ndarray, box: np.ndarray, half_side: float) -> np.ndarray:
    """Cut out a square around the face, of ``2 * half_side`` heights of its box."""
    middle, half = (box[:2] + box[2:]) / 2, half_side * (box[3] - box[1])
    scale = SIDE / (2 * half)
    matrix = np.column_stack([scale * np.eye(2), SIDE / 2 - scale * middle - 0.5])
    return cv2.warpAffine(frame, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)

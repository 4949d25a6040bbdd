"""Clips of faces as video files: honest and forged ones, and one with several people."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import samples, video
from data.core.cards import package_folder
from data.core.fetch import Files
from data.core.record import Record
from data.core.sets import as_sample
from data.talking_faces import generator

REAL, FORGED, UNKNOWN = 0, 1, -1
FILE = "short_hamilton_clip.mp4"
PAIRS, PAIR_FRAMES, CALL_FRAMES = 5, 6, 9  # of what the sample loads by name


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Clips(Record):
    """Video files, and what is known of each."""

    paths: tuple[Path, ...]  # of the files, to be read with `utils.video.frames`
    names: tuple[str, ...]  # one a file
    labels: np.ndarray  # (n,) int64: 0 real, 1 forged, -1 where it is not known
    people: np.ndarray  # (n,) int64, who is seen; -1 where unknown, or several people
    frames: np.ndarray  # (n,) int64, number of frames

    @property
    def items(self) -> int:
        """Number of frames in all."""
        return int(self.frames.sum())

    @staticmethod
    def labelled(pairs: int, n_frames: int = PAIR_FRAMES) -> Clips:
        """Return synthetic clips with labels, with both data sources: two a person, one forged."""
        return as_sample(_clips(_pairs(pairs, n_frames)), "talking_faces")


def read(files: Files) -> Clips:
    """Find the one recording of a stage; no labelled clip is to be had, see `Clips.labelled`."""
    return _clips([("stage", UNKNOWN, UNKNOWN, files.path(FILE))])


def sample() -> Clips:
    """Draw a video call of several people, then five honest and five forged clips."""
    call = "call", UNKNOWN, UNKNOWN, _clip("call", 0, CALL_FRAMES)
    return _clips([call, *_pairs(PAIRS, PAIR_FRAMES)])


def _pairs(pairs: int, n_frames: int) -> list[tuple]:
    return [
        (f"{kind} {who}", label, who, _clip(kind, who, n_frames))
        for who in range(pairs)
        for label, kind in ((REAL, "honest"), (FORGED, "forged"))
    ]


def _clips(rows: list[tuple]) -> Clips:
    """Fill a record with names, labels, people and files."""
    names, labels, people, paths = zip(*rows, strict=True)
    return Clips(
        paths=paths,
        names=names,
        labels=np.array(labels, np.int64),
        people=np.array(people, np.int64),
        frames=np.array([video.info(path).frames for path in paths], np.int64),
    )


def _clip(kind: str, who: int, n_frames: int) -> Path:
    """Return the file of a synthetic clip; it is drawn and encoded where it is not cached yet."""
    portrait = package_folder("scikit-image", "skimage") / "data" / "astronaut.png"
    home = samples.cache_folder("talking_faces", also=[portrait])  # it takes part in the call
    path = home / f"{kind}_{who:03d}_{n_frames}.mp4"
    if not path.is_file():
        if kind == "call":
            frames = generator.call(who, n_frames)
        else:
            frames = generator.talking(who, forged=kind == "forged", n_frames=n_frames)
        generator.encode(frames, path)
    return path

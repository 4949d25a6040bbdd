"""Clips of faces as video files: honest and forged ones, and one with several people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from data.core import samples, video
from data.core.fetch import Files
from data.core.load import as_sample
from data.core.record import Record

REAL, FORGED, UNKNOWN = 0, 1, -1
FILE = "short_hamilton_clip.mp4"
PAIRS, PAIR_FRAMES, CALL_FRAMES = 5, 6, 9  # of what the sample tier loads by name


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Clips(Record):
    """Video files, and what is known of each.

    Parameters
    ----------
    paths : tuple of Path
        The files, to be read with `utils.video.frames`.
    names : tuple of str
        One a file.
    labels : np.ndarray
        (n,) int64: 0 real, 1 forged, -1 where it is not known.
    people : np.ndarray
        (n,) int64, who is seen; -1 where unknown, or several people.
    frames : np.ndarray
        (n,) int64, number of frames.
    fps : np.ndarray
        (n,) float64, frames a second when played.
    sizes : np.ndarray
        (n, 2) int64, width and height in pixels.
    boxes : tuple of np.ndarray or None
        Each (frames, faces, 4) float32, x1 y1 x2 y2 in pixels; None where nobody has marked them.
    """

    paths: tuple[Path, ...]
    names: tuple[str, ...]
    labels: np.ndarray
    people: np.ndarray
    frames: np.ndarray
    fps: np.ndarray
    sizes: np.ndarray
    boxes: tuple[np.ndarray, ...] | None = None

    @property
    def items(self) -> int:
        """Number of frames in all."""
        return int(self.frames.sum())


def read(files: Files) -> Clips:
    """Find the one recording of a stage; no labelled clip is to be had, see `labelled`."""
    return _clips([files.path(FILE)], ["stage"], [UNKNOWN], [UNKNOWN])


def sample() -> Clips:
    """Draw a video call of several people, then five honest and five forged clips."""
    return _drawn_clips([("call", CALL_FRAMES, 0, UNKNOWN), *_pairs(PAIRS, PAIR_FRAMES)])


def labelled(pairs: int, n_frames: int = PAIR_FRAMES) -> Clips:
    """Return drawn clips with labels, in every tier: of each person one honest, one forged."""
    return as_sample(_drawn_clips(_pairs(pairs, n_frames)), "talking_faces")


def _pairs(pairs: int, n_frames: int) -> list[tuple]:
    kinds = ((REAL, "honest"), (FORGED, "forged"))
    return [(kind, n_frames, who, label) for who in range(pairs) for label, kind in kinds]


def _drawn_clips(wanted: list[tuple[str, int, int, int]]) -> Clips:
    """Return drawn clips, of each of which kind, frames, person and label are given."""
    portrait = Path(find_spec("skimage").origin).parent / "data" / "astronaut.png"  # in the call
    home = samples.cache_folder("talking_faces", also=[portrait])
    kinds, counts, people, labels = zip(*wanted, strict=True)
    drawn = [_drawn(home, *one) for one in zip(kinds, counts, people, strict=True)]
    paths, boxes = zip(*drawn, strict=True)
    names = [f"{kind} {who}" for kind, who in zip(kinds, people, strict=True)]
    if kinds[0] == "call":
        names[0], people = "call", (UNKNOWN, *people[1:])
    return _clips(paths, names, labels, people, boxes)


def _clips(paths: Sequence[Path], names: Sequence[str], labels, people, boxes=None) -> Clips:
    """Fill a record with what the files say of themselves."""
    about = [video.info(path) for path in paths]
    return Clips(
        paths=tuple(paths),
        names=tuple(names),
        labels=np.array(labels, np.int64),
        people=np.array(people, np.int64),
        frames=np.array([one.frames for one in about], np.int64),
        fps=np.array([one.fps for one in about], np.float64),
        sizes=np.array([(one.width, one.height) for one in about], np.int64).reshape(-1, 2),
        boxes=boxes,
    )


def _drawn(home: Path, kind: str, n_frames: int, who: int) -> tuple[Path, np.ndarray]:
    """Return a drawn clip's file and its boxes; drawn and encoded where it is not cached yet."""
    path = home / f"{kind}_{who:03d}_{n_frames}.mp4"
    if not path.is_file():
        from data.talking_faces import generator as clips

        if kind == "call":
            clip = clips.call(who, n_frames)
        else:
            clip = clips.talking(who, forged=kind == "forged", n_frames=n_frames)
        clips.encode(clip, path)
    return path, np.load(path.with_suffix(".npy"))

"""Recordings of an accelerometer, for activity recognition."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core.fetch import Files
from data.core.record import Record

CLASS_NAMES = ("stationary", "walking", "running")
RATE = 26.0  # Hz, stated in the file's README and in every member's name
N_SAMPLES = 1000


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Recordings(Record):
    """Recordings of one length, each of one activity.

    Parameters
    ----------
    acceleration : np.ndarray
        (92, 1000, 3) float32 in mg: recording, sample, axis (x, y, z); gravity included.
    label : np.ndarray
        (92,) int64, index into ``class_names``.
    class_names : tuple of str
        stationary, walking, running.
    names : tuple of str
        One a recording, such as ``"walking_07"``.
    rate : float
        Samples a second.
    """

    acceleration: np.ndarray
    label: np.ndarray
    class_names: tuple[str, ...]
    names: tuple[str, ...]
    rate: float


def read(files: Files) -> Recordings:
    """Read 92 recordings of people who stand, walk and run."""
    acceleration, label, names = read_zip(files.path("dataset.zip"))
    return _recordings(acceleration, label, names)


def sample(seed: int = 0) -> Recordings:
    """Make as many recordings of the same length."""
    from data.har import generator as signals

    acceleration, label = signals.har_like(N_SAMPLES, RATE, seed)
    within = np.arange(len(label)) - np.searchsorted(label, label) + 1
    names = tuple(f"{CLASS_NAMES[k]}_{i:02d}" for k, i in zip(label, within, strict=True))
    return _recordings(acceleration, label, names)


def _recordings(acceleration: np.ndarray, label: np.ndarray, names: tuple[str, ...]) -> Recordings:
    return Recordings(
        acceleration=acceleration, label=label, class_names=CLASS_NAMES, names=names, rate=RATE
    )


def read_zip(path: Path) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Read every ``<class>/<class>_<number>_...csv`` of the archive without unpacking it.

    Returns acceleration (n, samples, 3) float32, classes in the order of ``CLASS_NAMES``, names
    sorted within; labels (n,) int64; and names, class and number, such as ``"walking_07"``.
    """
    with zipfile.ZipFile(path) as archive:
        found = sorted(_members(archive))
        texts = [io.BytesIO(archive.read(member)) for _, _, member in found]
    values = [np.loadtxt(text, np.float32, delimiter=",") for text in texts]
    label = np.array([k for k, _, _ in found], dtype=np.int64)
    return np.stack(values), label, tuple(name for _, name, _ in found)


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[int, str, str]]:
    """Yield class, short name and member name of each recording."""
    for member in archive.namelist():
        if match := re.search(r"((\w+?)_\d+)_[^/]*\.csv$", member):
            name, activity = match.groups()
            yield CLASS_NAMES.index(activity), name, member

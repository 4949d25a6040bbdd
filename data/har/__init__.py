"""Recordings of an accelerometer, for activity recognition."""

import io
import re
import zipfile
from dataclasses import dataclass

import numpy as np

from data.core.fetch import Files
from data.core.record import Record
from data.har import generator

CLASS_NAMES = ("stationary", "walking", "running")
RATE = 26.0  # Hz, stated in the file's README and in every member's name
N_SAMPLES = 1000


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Recordings(Record):
    """Recordings of one length, each of one activity."""

    acceleration: np.ndarray  # (92, 1000, 3) float32 in mg: recording, sample, x y z; with gravity
    label: np.ndarray  # (92,) int64, index into `class_names`
    class_names: tuple[str, ...] = CLASS_NAMES
    names: tuple[str, ...]  # one a recording, such as "walking_07"
    rate: float = RATE  # samples a second


def read(files: Files) -> Recordings:
    """Read 92 recordings of people who stand, walk and run, without unpacking their archive.

    They are ``<class>/<class>_<number>_...csv`` in it, and stand in the order of ``CLASS_NAMES``,
    sorted by name within a class.
    """
    recordings = []
    with zipfile.ZipFile(files.path("dataset.zip")) as archive:
        for member in archive.namelist():
            if match := re.search(r"((\w+?)_\d+)_[^/]*\.csv$", member):
                name, activity = match.groups()
                recordings.append((CLASS_NAMES.index(activity), name, member))
        label, names, members = zip(*sorted(recordings), strict=True)
        texts = [io.BytesIO(archive.read(member)) for member in members]
    values = [np.loadtxt(text, np.float32, delimiter=",") for text in texts]
    return Recordings(acceleration=np.stack(values), label=np.array(label, np.int64), names=names)


def sample(seed: int = 0) -> Recordings:
    """Make as many recordings of the same length."""
    acceleration, label = generator.har_like(N_SAMPLES, RATE, seed)
    within = np.arange(len(label)) - np.searchsorted(label, label) + 1
    names = tuple(f"{CLASS_NAMES[k]}_{i:02d}" for k, i in zip(label, within, strict=True))
    return Recordings(acceleration=acceleration, label=label, names=names)

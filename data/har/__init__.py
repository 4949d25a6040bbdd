"""HAR: recordings of an accelerometer, for activity recognition.

The values are those of STMicroelectronics' archive, which ``pack`` turns into ``har.npz``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.core import packed
from data.core.fetch import Files
from data.core.record import Record

CLASS_NAMES = ("stationary", "walking", "running")
RATE = 26.0  # Hz, stated in the archive's README and in every member's name


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Recordings(Record):
    """Recordings of one length, each of one activity."""

    acceleration: np.ndarray  # (92, 1000, 3) float32 in mg: recording, sample, x y z; with gravity
    label: np.ndarray  # (92,) int64, index into `class_names`
    class_names: tuple[str, ...] = CLASS_NAMES
    names: tuple[str, ...]  # one a recording, such as "walking_07"
    rate: float = RATE  # samples a second


def read(files: Files) -> Recordings:
    """Read 92 recordings of people who stand, walk and run out of the packed file.

    It holds ``acceleration`` (92, 1000, 3) int16 and ``names`` (92,) of ASCII bytes. The recordings
    stand in the order of ``CLASS_NAMES``, sorted by name within a class.
    """
    arrays = packed.read_arrays(files.entry)
    names = [name.decode("ascii") for name in arrays["names"].tolist()]
    return recordings(names, arrays["acceleration"].astype(np.float32))


def recordings(names: Sequence[str], acceleration: np.ndarray) -> Recordings:
    """Make the record; the name of a recording begins with that of its activity."""
    label = [CLASS_NAMES.index(name.rpartition("_")[0]) for name in names]
    return Recordings(
        acceleration=acceleration, label=np.array(label, np.int64), names=tuple(names)
    )

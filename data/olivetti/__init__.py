"""Olivetti: 400 faces of 40 people, photographs of AT&T Laboratories Cambridge, or drawn ones."""

from dataclasses import dataclass

import numpy as np
from scipy.io import loadmat

from data.core import samples
from data.core.fetch import Files
from data.core.record import Record
from data.olivetti.generator import olivetti_like

SIDE = 64
PER_PERSON = 10


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Faces(Record):
    """Grey faces of known people, all of one size, sorted by person."""

    images: np.ndarray  # (n, 64, 64) float32 in [0, 1], upright
    person: np.ndarray  # (n,) int64, 0 to n_people - 1

    @property
    def n_people(self) -> int:
        """Number of different people."""
        return int(self.person.max()) + 1


def read(files: Files) -> Faces:
    """Read the photographs; person by person, ten faces each.

    MATLAB keeps one face a column and walks through a picture column by column: a face read row by
    row would lie on its side, so the two last axes are exchanged.
    """
    columns = loadmat(files.path("olivettifaces.mat"))["faces"]
    faces = columns.T.reshape(-1, SIDE, SIDE).transpose(0, 2, 1)
    images = np.ascontiguousarray(faces, dtype=np.float32) / 255
    return Faces(images=images, person=np.arange(len(images)) // PER_PERSON)


def sample() -> Faces:
    """Draw as many faces of as many people."""
    return Faces(**samples.cached_arrays("olivetti", olivetti_like))

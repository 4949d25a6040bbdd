"""Labeled Faces in the Wild: the people with many photographs, real or drawn.

What is cut out, how it is made grey and in which order the faces stand is scikit-learn's
``fetch_lfw_people(min_faces_per_person=60)``, so that a split with the same seed holds the same
photographs as in the many lessons that use that function.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from data.core import samples
from data.core.cards import DataError
from data.core.fetch import Files
from data.core.pictures import read_sized
from data.core.record import Record
from data.lfw import generator
from data.lfw.generator import COLUMNS, ROWS, SHAPE, SIDE

MIN_PHOTOGRAPHS = 60
ORDER_SEED = 42  # of the order in which fetch_lfw_people hands the faces out


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Portraits(Record):
    """Grey faces of people with many photographs each, in shuffled order."""

    faces: np.ndarray  # (n, 62, 47) float32 in [0, 1]: the middle at half its size, grey
    person: np.ndarray  # (n,) int64, index into `names`
    names: tuple[str, ...]  # sorted


def read(files: Files) -> Portraits:
    """Read the photographs of the people who have at least 60 of them.

    The folder holds one folder a person, ``George_W_Bush/George_W_Bush_0001.jpg``; where nobody has
    enough photographs, that is a DataError. Names are sorted, with spaces.
    """
    folder = files.folder() / "lfw_funneled"
    photographs = {
        home.name.replace("_", " "): paths
        for home in sorted(folder.glob("*/"))
        if len(paths := sorted(home.glob("*.jpg"))) >= MIN_PHOTOGRAPHS
    }
    if not photographs:
        raise DataError(
            f"{folder}: expected folders Name/Name_0001.jpg, at least {MIN_PHOTOGRAPHS} "
            "photographs in some of them, found none."
        )
    person = np.repeat(np.arange(len(photographs)), [len(paths) for paths in photographs.values()])
    faces = [read_face(path) for paths in photographs.values() for path in paths]
    return _shuffled(np.stack(faces), person, tuple(photographs))


def sample() -> Portraits:
    """Draw eight people, a third as often as the real ones were photographed."""
    arrays = samples.cached_arrays("lfw", lambda: generator.portraits(seed=1))
    return _shuffled(**arrays, names=generator.NAMES)


def read_face(path: Path) -> np.ndarray:
    """Read a photograph of 250 x 250 and return the face, (62, 47) float32 in [0, 1], grey."""
    face = Image.fromarray(read_sized(path, SIDE, SIDE)[ROWS, COLUMNS])
    small = np.asarray(face.resize((SHAPE[1], SHAPE[0])), dtype=np.float32)
    return small.mean(axis=2) / 255


def _shuffled(faces: np.ndarray, person: np.ndarray, names: tuple[str, ...]) -> Portraits:
    """Bring the faces into the order of ``fetch_lfw_people``: splits by seed depend on it."""
    order = np.arange(len(faces))
    np.random.RandomState(ORDER_SEED).shuffle(order)
    return Portraits(faces=faces[order], person=person[order], names=names)

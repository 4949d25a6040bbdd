"""Pairs of faces: Labeled Faces in the Wild with its ten official folds, or drawn people."""

import zipfile
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from data.core import samples
from data.core.fetch import Files
from data.core.record import Record
from data.lfw_pairs import generator

SIDE = 100


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FacePairs(Record):
    """Coloured faces of known people, and pairs of them in ten folds that share nobody."""

    images: np.ndarray  # (n, 100, 100, 3) uint8 RGB, sorted by person
    person: np.ndarray  # (n,) int64, index into `names`
    names: tuple[str, ...]  # one a person
    person_fold: np.ndarray  # (people,) int64, 1 to 10
    pairs: np.ndarray  # (p, 2) int64, indices into `images`
    same: np.ndarray  # (p,) bool, whether both pictures show one person
    pair_fold: np.ndarray  # (p,) int64, 1 to 10; both pictures are of people of that fold

    @property
    def fold(self) -> np.ndarray:
        """Fold of each picture, (n,) int64."""
        return self.person_fold[self.person]


def read(files: Files) -> FacePairs:
    """Read all photographs of LFW at 100 pixels, out of their archive, and the official pairs."""
    folds = read_people(files.path("people.txt"))
    names = tuple(sorted(folds))
    number = {name: k for k, name in enumerate(names)}
    photographs, images = read_photographs(files.path("lfw_100.zip"))
    place = {photograph: k for k, photograph in enumerate(photographs)}
    pairs, same, pair_fold = read_pairs(files.path("pairs.txt"))
    return FacePairs(
        images=images,
        person=np.array([number[name.rpartition("_")[0]] for name in photographs], np.int64),
        names=names,
        person_fold=np.array([folds[name] for name in names], np.int64),
        pairs=np.array([[place[a], place[b]] for a, b in pairs], np.int64),
        same=same,
        pair_fold=pair_fold,
    )


def sample() -> FacePairs:
    """Draw a miniature: people in ten folds, and pairs of their pictures."""
    fields = samples.cached_arrays("lfw_pairs", generator.lfw_like)
    return FacePairs(**fields, names=generator.NAMES)


def read_photographs(path: Path, chosen: Set[str] | None = None) -> tuple[list[str], np.ndarray]:
    """Read photographs out of their archive: all, or those of the ``chosen`` that are in it.

    Returns their names, such as "AJ_Cook_0001", sorted, and (n, 100, 100, 3) uint8 RGB.
    """
    with zipfile.ZipFile(path) as packed:
        members = {Path(name).stem: name for name in packed.namelist() if name.endswith(".jpg")}
        names = sorted(members if chosen is None else chosen & members.keys())
        images = np.empty((len(names), SIDE, SIDE, 3), np.uint8)
        for image, name in zip(images, names, strict=True):
            content = np.frombuffer(packed.read(members[name]), np.uint8)
            image[:] = cv2.imdecode(content, cv2.IMREAD_COLOR)[..., ::-1]
    return names, images


def read_people(path: Path) -> dict[str, int]:
    """Return the fold of each person, from 1.

    ``people.txt`` has the number of folds, then for each fold its size and lines of name, tab and
    number of photographs.
    """
    folds: dict[str, int] = {}
    fold = 0
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        name, tab, _ = line.partition("\t")
        if tab:
            folds[name] = fold
        else:
            fold += 1
    return folds


def read_pairs(path: Path) -> tuple[list[tuple[str, str]], np.ndarray, np.ndarray]:
    """Read ``pairs.txt``: folds and pairs of each kind, then for each fold its pairs.

    A line of three parts names two pictures of one person, a line of four a picture each of two.
    Returns names of photographs, two a pair; whether they show one person, (p,) bool; and the
    fold, (p,) int64 from 1.
    """
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    folds, each = (int(word) for word in head.split())
    rows = [line.split("\t") for line in lines]
    same = np.array([len(row) == 3 for row in rows])
    pairs = [
        (_name(row[0], row[1]), _name(row[0] if len(row) == 3 else row[2], row[-1])) for row in rows
    ]
    return pairs, same, np.repeat(np.arange(1, folds + 1), 2 * each)


def _name(person: str, number: str) -> str:
    return f"{person}_{int(number):04d}"

"""Pairs of faces: Labeled Faces in the Wild with its ten official folds, or drawn people."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.core import samples
from data.core.fetch import Files
from data.core.record import Record

SIDE = 100
FOLDS = 10


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class FacePairs(Record):
    """Coloured faces of known people, and pairs of them in ten folds that share nobody.

    Parameters
    ----------
    images : np.ndarray
        (n, 100, 100, 3) uint8 RGB, sorted by person.
    person : np.ndarray
        (n,) int64, index into ``names``.
    names : tuple of str
        One a person.
    person_fold : np.ndarray
        (people,) int64, 1 to 10.
    pairs : np.ndarray
        (p, 2) int64, indices into ``images``.
    same : np.ndarray
        (p,) bool, whether both pictures show one person.
    pair_fold : np.ndarray
        (p,) int64, 1 to 10; both pictures are of people of that fold.
    """

    images: np.ndarray
    person: np.ndarray
    names: tuple[str, ...]
    person_fold: np.ndarray
    pairs: np.ndarray
    same: np.ndarray
    pair_fold: np.ndarray

    @property
    def fold(self) -> np.ndarray:
        """Fold of each picture, (n,) int64."""
        return self.person_fold[self.person]


def read(files: Files) -> FacePairs:
    """Read all photographs of LFW at 100 pixels with the official pairs."""
    archive, people, pairs = (files.path(f) for f in ("lfw_100.zip", "people.txt", "pairs.txt"))
    return FacePairs(**read_lfw(archive, people, pairs))


def sample(seed: int = 0) -> FacePairs:
    """Draw a miniature: people in ten folds, and pairs of their pictures."""
    from data.lfw_100 import generator as people

    fields = samples.cached_arrays("lfw_100", lambda: people.lfw_like(seed=seed), seed)
    return FacePairs(**fields, names=people.NAMES)


def read_lfw(archive: Path, people: Path, pairs: Path) -> dict[str, object]:
    """Read photographs and lists; return the fields of ``FacePairs``.

    ``archive`` is a zip of ``Name/Name_0001.jpg``, read where it lies; ``people`` and ``pairs`` are
    ``people.txt`` and ``pairs.txt`` in the official format.
    """
    groups = read_people(people)
    named = sorted((name, fold) for fold, group in enumerate(groups, 1) for name in group)
    names = tuple(name for name, _ in named)
    members, person = _members(archive, names)
    place = {member: i for i, member in enumerate(members)}
    listed, same, fold = read_pairs(pairs)
    return {
        "images": _decode(archive, members),
        "person": person,
        "names": names,
        "person_fold": np.array([fold for _, fold in named], np.int64),
        "pairs": np.array([[place[a], place[b]] for a, b in listed], np.int64).reshape(-1, 2),
        "same": same,
        "pair_fold": fold,
    }


def read_people(path: Path) -> list[list[str]]:
    """Read ``people.txt``: the number of folds; for each, its size and lines of name and count.

    Returns the names of the people of each fold.
    """
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    groups = []
    for _ in range(int(next(lines))):
        size = int(next(lines))
        groups.append([next(lines).split("\t")[0] for _ in range(size)])
    return groups


def read_pairs(path: Path) -> tuple[list[tuple[str, str]], np.ndarray, np.ndarray]:
    """Read ``pairs.txt``: folds and pairs of each kind, then for each fold its pairs.

    A line of three parts names two pictures of one person, a line of four a picture each of two.
    Returns names inside the archive, such as ``"AJ_Cook/AJ_Cook_0001.jpg"``, two a pair; whether
    they show one person, (p,) bool; and the fold, (p,) int64 from 1.
    """
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    folds, each = (int(word) for word in head.split())
    rows = [line.split("\t") for line in lines]
    same = np.array([len(row) == 3 for row in rows])
    members = [
        (_member(row[0], row[1]), _member(row[0] if len(row) == 3 else row[2], row[-1]))
        for row in rows
    ]
    return members, same, np.repeat(np.arange(1, folds + 1), 2 * each)


def _member(name: str, number: str) -> str:
    return f"{name}/{name}_{int(number):04d}.jpg"


def _members(archive: Path, names: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Return the photographs of the listed people in order, and whose each one is."""
    index = {name: i for i, name in enumerate(names)}
    with zipfile.ZipFile(archive) as packed:
        found = sorted(n for n in packed.namelist() if n.endswith(".jpg"))
    by_person = sorted(found, key=lambda member: (index[member.split("/")[0]], member))
    return by_person, np.array([index[m.split("/")[0]] for m in by_person], np.int64)


def _decode(archive: Path, members: Sequence[str]) -> np.ndarray:
    """Decode straight from the archive into one array: 4 s and 400 MB for all of LFW."""
    import cv2

    images = np.empty((len(members), SIDE, SIDE, 3), np.uint8)
    with zipfile.ZipFile(archive) as packed:
        for i, member in enumerate(members):
            picture = cv2.imdecode(np.frombuffer(packed.read(member), np.uint8), cv2.IMREAD_COLOR)
            images[i] = picture[..., ::-1]
    return images

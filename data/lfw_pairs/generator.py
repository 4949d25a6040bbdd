"""Drawn people as newspapers show them: several pictures of each, in pairs and in ten folds.

A miniature of Labeled Faces in the Wild: the whole head in 100 pixels, in colour, each picture of
a person taken on another day (`drawing.portraits`).
"""

import numpy as np

from data.core.progress import counted
from drawing.faces import random_identity
from drawing.portraits import portrait

FOLDS = 10
COUNTS = (1, 1, 2, 2, 3, 3, 4, 5, 6)  # pictures of the people of a fold
PAIRS = 30  # of each kind in a fold

_FIRST = (
    "Ada Ben Cora Dan Eva Finn Gita Hugo Ines Jan Kira Leo Mina Nils Olga Paul Rosa Sven".split()
)
NAMES = tuple(
    f"{first}_{last}" for last in "Acker Brook Castle Dale Elm".split() for first in _FIRST
)


def lfw_like(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw people in folds, and pairs of their pictures: fields of ``FacePairs`` but `names`."""
    rng = np.random.default_rng(seed)
    per_person = np.tile(COUNTS, FOLDS)
    person = np.repeat(np.arange(len(per_person)), per_person)
    person_fold = np.repeat(np.arange(1, FOLDS + 1), len(COUNTS))
    images = []
    for count in counted(per_person, len(per_person), f"drawing {len(person)} faces"):
        identity = random_identity(rng, spread=1.3)
        images += [portrait(identity, rng) for _ in range(count)]
    chosen = [_pairs(person, person_fold[person] == k, rng) for k in range(1, FOLDS + 1)]
    return {
        "images": np.stack(images),
        "person": person,
        "person_fold": person_fold,
        "pairs": np.concatenate(chosen),
        "same": np.tile(np.repeat([True, False], PAIRS), FOLDS),
        "pair_fold": np.repeat(np.arange(1, FOLDS + 1), 2 * PAIRS),
    }


def _pairs(person: np.ndarray, inside: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw pairs of one fold without repetition: first of one person, then of two."""
    members = np.flatnonzero(inside)
    first, second = (members[i] for i in np.triu_indices(len(members), 1))
    alike = person[first] == person[second]
    pairs = []
    for kind in (alike, ~alike):
        take = np.sort(rng.choice(np.flatnonzero(kind), PAIRS, replace=False))
        pairs.append(np.stack([first[take], second[take]], axis=1))
    return np.concatenate(pairs).astype(np.int64)

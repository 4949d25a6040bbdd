"""Drawn people as newspapers show them: several pictures of each, in pairs and in ten folds.

A miniature of Labeled Faces in the Wild: the whole head in 100 pixels, in colour, each picture of
a person taken on another day (`data.kit.portraits`).
"""

from __future__ import annotations

import numpy as np

from data.kit.faces import random_identity
from data.kit.portraits import portrait

FOLDS = 10
COUNTS = (1, 1, 2, 2, 3, 3, 4, 5, 6)  # pictures of the people of a fold
PAIRS = 30  # of each kind in a fold

_FIRST = (
    "Ada Ben Cora Dan Eva Finn Gita Hugo Ines Jan Kira Leo Mina Nils Olga Paul Rosa Sven".split()
)
_LAST = "Acker Brook Castle Dale Elm".split()


def lfw_like(
    counts: tuple[int, ...] = COUNTS, folds: int = FOLDS, n_pairs: int = PAIRS, seed: int = 0
) -> dict[str, np.ndarray]:
    """Draw people in folds, and pairs of their pictures: fields of ``FacePairs`` but `names`.

    ``counts`` are the pictures of each person of a fold, ``folds`` groups of people, and
    ``n_pairs`` the pairs of one person in each fold, beside as many of two people.
    """
    rng = np.random.default_rng(seed)
    per_person = np.tile(counts, folds)
    person = np.repeat(np.arange(len(per_person)), per_person)
    person_fold = np.repeat(np.arange(1, folds + 1), len(counts))
    images = []
    for count in per_person:
        identity = random_identity(rng, spread=1.3)
        images += [portrait(identity, rng) for _ in range(count)]
    chosen = [_pairs(person, person_fold[person] == k, n_pairs, rng) for k in range(1, folds + 1)]
    return {
        "images": np.stack(images),
        "person": person,
        "person_fold": person_fold,
        "pairs": np.concatenate(chosen),
        "same": np.tile(np.repeat([True, False], n_pairs), folds),
        "pair_fold": np.repeat(np.arange(1, folds + 1), 2 * n_pairs),
    }


def names(people: int) -> tuple[str, ...]:
    """Name people; ninety different names, then the same with a number."""
    different = [f"{first}_{last}" for last in _LAST for first in _FIRST]
    rounds = [divmod(i, len(different)) for i in range(people)]
    return tuple(different[k] + (f"_{turn + 1}" if turn else "") for turn, k in rounds)


def _pairs(
    person: np.ndarray, inside: np.ndarray, n_pairs: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw pairs of one fold without repetition: first of one person, then of two."""
    members = np.flatnonzero(inside)
    first, second = (members[i] for i in np.triu_indices(len(members), 1))
    alike = person[first] == person[second]
    drawn = []
    for kind in (alike, ~alike):
        there = np.flatnonzero(kind)
        if len(there) < n_pairs:
            raise ValueError(f"{n_pairs} pairs of a kind asked for, a fold has {len(there)}.")
        take = np.sort(rng.choice(there, n_pairs, replace=False))
        drawn.append(np.stack([first[take], second[take]], axis=1))
    return np.concatenate(drawn).astype(np.int64)

"""Drawn people as newspapers show them: several pictures of each, in pairs and in ten folds.

A miniature of Labeled Faces in the Wild: the whole head in 100 pixels, in colour, each picture of
a person taken on another day (light, pose, expression, exposure, tint, background, glasses).
Skin and hair keep their colour only up to the tint of a picture, so that a network has to look at
the features of a face as well.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.kit import faces

SIDE = 100
FOLDS = 10
DRAWN = 130  # a face is drawn larger and shrunk: faster than twice as many pixels a side
COUNTS = (1, 1, 2, 2, 3, 3, 4, 5, 6)  # pictures of the people of a fold
PAIRS = 30  # of each kind in a fold

_FIRST = (
    "Ada Ben Cora Dan Eva Finn Gita Hugo Ines Jan Kira Leo Mina Nils Olga Paul Rosa Sven".split()
)
_LAST = "Acker Brook Castle Dale Elm".split()


def portrait(
    identity: faces.Identity,
    rng: np.random.Generator,
    *,
    motion: float = 1.0,
    size: int = SIDE,
) -> np.ndarray:
    """Draw a person on some day.

    Parameters
    ----------
    identity : faces.Identity
        Who.
    motion : float
        How far pose, framing, light and colours lie from those of an even studio.
    size : int
        Side of the picture; the head fills two thirds of it.

    Returns
    -------
    np.ndarray
        (size, size, 3) uint8.
    """
    even = (0.6 / float(faces.LUMA @ identity.skin)) ** 0.5  # as a camera's exposure does
    turned = 0.30 if rng.random() < 0.3 else 0.13
    drawn = faces.draw_face(
        _today(identity, rng),
        expression=faces.random_expression(rng),
        yaw=float(np.clip(rng.normal(0, turned * motion), -0.5, 0.5)),
        pitch=float(np.clip(rng.normal(0, 0.07 * motion), -0.25, 0.25)),
        roll=float(rng.normal(0, 0.05 * motion)),
        light=(float(rng.normal(0, 0.45 * motion)), float(rng.normal(0.35, 0.2 * motion))),
        ambient=float(rng.uniform(0.3, 0.5)),
        exposure=even * float(np.exp(rng.normal(0, 0.12 * motion))),
        zoom=float(0.74 * np.exp(rng.normal(0, 0.03 * motion))),
        centre=tuple(rng.normal([0, 0.02], 0.02 * motion)),
        background=float(rng.uniform(0.1, 0.8)),
        size=max(DRAWN, size),
        colour=True,
    )
    tint = np.exp(rng.normal(0, 0.08 * motion, 3))
    image = _shrink(drawn.image, size) * tint + rng.normal(0, 0.012, (size, size, 1))
    return (np.clip(image, 0, 1) * 255).round().astype(np.uint8)


def lfw_like(
    counts: tuple[int, ...] = COUNTS, folds: int = FOLDS, n_pairs: int = PAIRS, seed: int = 0
) -> dict[str, object]:
    """Draw people in folds, and pairs of their pictures.

    Parameters
    ----------
    counts : tuple of int
        Pictures of each person of a fold.
    folds : int
        Groups of people; every person is in one of them.
    n_pairs : int
        Pairs of one person in each fold, and as many of two people.

    Returns
    -------
    dict
        The fields of ``utils.data.lfw_pairs.FacePairs``.
    """
    rng = np.random.default_rng(seed)
    per_person = np.tile(counts, folds)
    person = np.repeat(np.arange(len(per_person)), per_person)
    person_fold = np.repeat(np.arange(1, folds + 1), len(counts))
    images = np.empty((len(person), SIDE, SIDE, 3), np.uint8)
    at = 0
    for count in per_person:
        identity = faces.random_identity(rng, spread=1.3)
        for _ in range(count):
            images[at] = portrait(identity, rng)
            at += 1
    chosen = [_pairs(person, person_fold[person] == k, n_pairs, rng) for k in range(1, folds + 1)]
    return {
        "images": images,
        "person": person,
        "names": tuple(_name(i) for i in range(len(per_person))),
        "person_fold": person_fold,
        "pairs": np.concatenate(chosen),
        "same": np.tile(np.repeat([True, False], n_pairs), folds),
        "pair_fold": np.repeat(np.arange(1, folds + 1), 2 * n_pairs),
    }


def _today(identity: faces.Identity, rng: np.random.Generator) -> faces.Identity:
    """Change what changes from day to day: glasses now and then, stubble, the parting."""
    return replace(
        identity,
        glasses=identity.glasses != (rng.random() < 0.12),
        beard=float(np.clip(identity.beard + 0.15 * rng.normal() * (identity.beard > 0), 0, 1)),
        hair_parting=identity.hair_parting + float(rng.normal(0, 0.1)),
        seed=int(rng.integers(2**31)) if rng.random() < 0.3 else identity.seed,
    )


def _shrink(image: np.ndarray, size: int) -> np.ndarray:
    if image.shape[0] == size:
        return image
    import cv2

    return cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA)


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


def _name(i: int) -> str:
    """Name the i-th person; ninety different names, then the same with a number."""
    n = len(_FIRST)
    round_, rest = divmod(i, n * len(_LAST))
    name = f"{_FIRST[rest % n]}_{_LAST[rest // n]}"
    return name if round_ == 0 else f"{name}_{round_ + 1}"

"""Drawn people of two groups whose traits differ on average and overlap in all but the beard.

A miniature of the report's set: more of one label than of the other, most people once, a few many
times. Nearly every trait of one group occurs in the other, so no network can be right on every
stranger; a person it knows from training is another matter.
"""

from dataclasses import replace

import numpy as np

from data.core.progress import counted
from drawing.faces import Identity, random_identity
from drawing.portraits import portrait

PEOPLE = 640
SMALLER = 0.225  # share of label 1 among the pictures, as in the report's set
COUNTS = (*14 * (1,), 2, 2, 3, 4, 6, 8)  # pictures of a person, in turns
SHIFTS = {  # how far label 1 lies from label 0, in lengths of `Identity`
    "width": -0.03,
    "chin": -0.035,
    "jaw": -0.25,
    "eye_opening": 0.008,
    "brow_thickness": -0.012,
    "brow_gap": 0.02,
    "brow_arch": 0.012,
    "nose_width": -0.012,
    "upper_lip": 0.008,
    "lower_lip": 0.010,
    "lip_tone": -0.05,
}


def people(seed: int = 0) -> dict[str, np.ndarray]:
    """Draw pictures of people, one to eight of each, with one of two labels.

    Returns ``images`` (n, 100, 100, 3) uint8, ``labels`` and ``person`` (n,) int64.
    """
    rng = np.random.default_rng(seed)
    counts = rng.permutation(np.resize(COUNTS, PEOPLE))
    label = _labels(counts, rng)
    images = []
    labelled = zip(label, counts, strict=True)
    for k, count in counted(labelled, PEOPLE, f"drawing {counts.sum():,} faces"):
        identity = member(int(k), rng)
        images += [portrait(identity, rng, motion=0.7) for _ in range(count)]
    return {
        "images": np.stack(images),
        "labels": np.repeat(label, counts).astype(np.int64),
        "person": np.repeat(np.arange(PEOPLE), counts).astype(np.int64),
    }


def member(label: int, rng: np.random.Generator) -> Identity:
    """Draw a person of a group: measures shifted, hair and beard by chance."""
    base = random_identity(rng, spread=1.1)
    half = label - 0.5
    moved = {name: getattr(base, name) + half * shift for name, shift in SHIFTS.items()}
    moved["brow_thickness"] = max(moved["brow_thickness"], 0.012)
    long_hair = rng.random() < (0.8 if label else 0.12)
    stubble = 0.0 if label else float(rng.random() < 0.35) * rng.uniform(0.2, 0.8)
    return replace(
        base,
        **moved,
        hair_sides=float(rng.uniform(0.4, 1.0) if long_hair else rng.uniform(0.0, 0.25)),
        beard=stubble,
        moustache=0.0 if label else float(rng.random() < 0.2) * rng.uniform(0.3, 0.8),
    )


def _labels(counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Choose people of label 1 until their pictures are the share of the smaller label."""
    label = np.zeros(len(counts), np.int64)
    wanted = SMALLER * counts.sum()
    for i in rng.permutation(len(counts)):
        if counts[label == 1].sum() + counts[i] <= wanted:
            label[i] = 1
    return label

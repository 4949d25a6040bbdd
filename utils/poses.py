"""People with joints: skeletons in a picture, and scores of found people as COCO has them.

A person is an array (joints, 3): column and row of each joint in pixels, and a number that is 0 for
a joint that is not marked, or was not found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from data.pose_samples import SIGMAS as SIGMAS
from utils import plots

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LIMBS = (
    *((12, 13), (0, 1), (0, 6), (1, 7), (6, 7)),  # head and trunk
    *((0, 2), (2, 4), (1, 3), (3, 5)),  # arms
    *((6, 8), (8, 10), (7, 9), (9, 11)),  # legs
)
COLOURS = tuple(plots.PALETTE[k] for k in (1, 4, 6, 3, 2, 5))


def draw_people(axis: Axes, image: np.ndarray, people: np.ndarray, title: str = "") -> None:
    """Draw a picture (height, width, 3) and over it each person (14, 3) in a colour.

    Joints whose third number is 0 are left out, and so are their limbs.
    """
    axis.imshow(image)
    for k, person in enumerate(people):
        colour = COLOURS[k % len(COLOURS)]
        for a, b in LIMBS:
            if person[a, 2] > 0 and person[b, 2] > 0:
                axis.plot(*person[[a, b], :2].T, color="black", lw=2.6)
                axis.plot(*person[[a, b], :2].T, color=colour, lw=1.6)
        x, y = person[person[:, 2] > 0, :2].T
        axis.plot(x, y, "o", ms=3, mfc=colour, mec="black", mew=0.6)
    axis.set(xlim=(-0.5, image.shape[1] - 0.5), ylim=(image.shape[0] - 0.5, -0.5))
    axis.set_title(title, fontsize=10)
    axis.set_axis_off()


def fourteen_joints(keypoints: np.ndarray) -> np.ndarray:
    """Return CrowdPose's joints (people, 14, 3), float64, for COCO's 17, (people, 17, 3).

    The nose stands for the head, and the middle of the shoulders for the neck. The flag is 1 where
    a joint is marked, else all three numbers are 0. Places count from the centre of the first
    pixel, which is (0.5, 0.5) in COCO.
    """
    joints = np.zeros((len(keypoints), 14, 3))
    joints[:, :12] = keypoints[:, 5:]  # from the shoulders to the ankles
    joints[:, 12] = keypoints[:, 0]
    joints[:, 13] = keypoints[:, 5:7].mean(axis=1)
    joints[:, 13, 2] = keypoints[:, 5:7, 2].min(axis=1)
    joints[..., :2] -= 0.5
    joints[..., 2] = joints[..., 2] > 0
    return joints * joints[..., 2:]


def owners(kinds: np.ndarray, places: np.ndarray, people: np.ndarray, radius: float) -> np.ndarray:
    """Return which person each peak belongs to, int64 (n,), and -1 for a peak of nobody.

    ``kinds`` (n,) and ``places`` (n, 2) are of peaks, ``people`` (people, 14, 3). Each marked joint
    takes the peak of its kind that is nearest to it, if one lies within ``radius`` pixels.
    """
    result = np.full(len(kinds), -1)
    for owner, person in enumerate(people):
        for kind in np.flatnonzero(person[:, 2]):
            peaks = np.flatnonzero(kinds == kind)
            gaps = np.linalg.norm(places[peaks] - person[kind, :2], axis=1)
            if gaps.min(initial=np.inf) <= radius:
                result[peaks[gaps.argmin()]] = owner
    return result


def keypoint_similarity(person: np.ndarray, true_person: np.ndarray, area: float) -> float:
    """Return the object keypoint similarity (OKS) of a found person and a true one.

    It is the mean of exp(-d**2 / (2 * area * (2 * sigma)**2)) over the marked joints of the true
    person, with the distance d of each joint and CrowdPose's constants sigma. A joint that was not
    found adds 0. Without a marked joint the result is 0. People are (14, 3), and the ``area`` is
    that of the true person in pixels.
    """
    marked = true_person[:, 2] > 0
    if not marked.any():
        return 0.0
    squares = ((person[:, :2] - true_person[:, :2]) ** 2).sum(axis=1)
    similarities = np.exp(-squares / (2 * area * (2 * SIGMAS) ** 2))
    similarities[person[:, 2] == 0] = 0
    return float(similarities[marked].mean())


def average_precision(
    predictions: Sequence[np.ndarray], truths: Sequence[np.ndarray], areas: Sequence[Sequence]
) -> float:
    """Return the average precision of the people that were found in some pictures.

    It is the mean over ten thresholds of OKS, from 0.5 to 0.95, as in COCO's evaluation. The score
    of a found person is the mean of its third column. Each picture has its found and its true
    people, (people, 14, 3), and the areas of the true people in pixels.
    """
    matrices, scores = [], []
    for people, true_people, true_areas in zip(predictions, truths, areas, strict=True):
        score = np.reshape(people, (-1, 14, 3))[..., 2].mean(axis=1)
        best_first = np.argsort(-score, kind="stable")
        true = list(zip(true_people, true_areas, strict=True))
        rows = [[keypoint_similarity(people[i], *pair) for pair in true] for i in best_first]
        matrices.append(np.reshape(rows, (len(people), len(true))))
        scores.append(score[best_first])
    order = np.argsort(-np.concatenate(scores), kind="stable")
    n_true = sum(matrix.shape[1] for matrix in matrices)
    precisions = []
    for threshold in np.arange(0.5, 1, 0.05):
        right = [is_right(matrix, threshold) for matrix in matrices]
        precisions.append(_mean_precision(np.concatenate(right)[order], n_true))
    return float(np.mean(precisions))


def is_right(matrix: np.ndarray, threshold: float) -> np.ndarray:
    """Match the found people of a picture, the best first, to true people not yet matched.

    Returns whether each has a similarity of at least ``threshold`` with its true person.
    """
    free, right = matrix.copy(), np.zeros(len(matrix), bool)
    for row in range(len(matrix)):
        best = free[row].max(initial=0)
        if best >= threshold:
            right[row] = True
            free[:, free[row].argmax()] = 0
    return right


def _mean_precision(right: np.ndarray, n_true: int) -> float:
    """Return the mean over 101 recalls of the precision of a list of people, the best first."""
    n_right = right.cumsum()
    precision = n_right / np.arange(1, len(right) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]  # never lower than further down
    places = np.searchsorted(n_right / n_true, np.linspace(0, 1, 101))
    return float(np.append(precision, 0)[places].mean())

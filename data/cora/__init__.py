"""Cora: papers on machine learning, the words in them, their topics, and who cites whom.

The values are those of the Planetoid files, which ``pack`` turns into ``cora.npz``.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse

from data.core import packed
from data.core.fetch import Files
from data.core.record import Record

CLASS_NAMES = (
    "Theory",
    "Reinforcement learning",
    "Genetic algorithms",
    "Neural networks",
    "Probabilistic methods",
    "Case based",
    "Rule learning",
)
N_WORDS = 1433
# Planetoid's split: the first papers are to train on, the next ones to choose on, and the last
# ones to test on. Between those, 1,068 papers are in no part.
N_TRAIN, N_VALIDATION, N_TEST = 140, 500, 1000


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CitationGraph(Record):
    """Papers, the words in them, their topics, and who cites whom."""

    features: scipy.sparse.csr_matrix  # (2708, 1433) float32, 1 where a paper holds a word
    labels: np.ndarray  # (2708,) int64, index into `class_names`
    # (2, 10556) int64, each citation in both directions, once, without self loops; sorted
    edges: np.ndarray
    train: np.ndarray  # (140,) int64, the papers to train on, 20 of each topic
    validation: np.ndarray  # (500,) int64, the papers to choose on
    test: np.ndarray  # (1000,) int64, the papers to test on
    class_names: tuple[str, ...] = CLASS_NAMES


def read(files: Files) -> CitationGraph:
    """Read the 2,708 papers out of the packed file.

    It holds ``words`` uint16, the numbers of the words of one paper after the other; ``counts``
    uint8, how many of them each paper has; ``labels`` uint8; and ``pairs`` (2, 5278) uint16, the
    papers that a citation joins, the smaller number first.
    """
    arrays = packed.read_arrays(files.entry)
    words, n_papers = arrays["words"].astype(np.int32), len(arrays["labels"])
    starts = np.concatenate([[0], np.cumsum(arrays["counts"], dtype=np.int32)]).astype(np.int32)
    ones = np.ones(len(words), np.float32)
    return CitationGraph(
        features=scipy.sparse.csr_matrix((ones, words, starts), shape=(n_papers, N_WORDS)),
        labels=arrays["labels"].astype(np.int64),
        edges=undirected_edges(arrays["pairs"].T.astype(np.int64), n_papers),
        train=np.arange(N_TRAIN),
        validation=N_TRAIN + np.arange(N_VALIDATION),
        test=np.arange(n_papers - N_TEST, n_papers),
    )


def undirected_edges(pairs: np.ndarray, n_nodes: int) -> np.ndarray:
    """Return edges (2, n) of pairs (m, 2): both directions, no repeats, no self loops, sorted."""
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    keys = np.unique(np.concatenate([pairs, pairs[:, ::-1]]) @ np.array([n_nodes, 1]))
    return np.stack([keys // n_nodes, keys % n_nodes])

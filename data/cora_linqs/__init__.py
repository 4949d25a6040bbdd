"""Cora in the files of the LINQS group: papers with their words, topics and numbers, citations.

The Planetoid files of the same papers (``data/planetoid``) have lost the direction of a citation,
and with it the pairs of papers that cite each other: here they are two citations.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse

from data.cora_linqs.generator import citations
from data.core.fetch import Files
from data.core.record import Record

TOPICS = (  # in alphabetical order, as a one-hot encoding of the file's last column has them
    "Case_Based",
    "Genetic_Algorithms",
    "Neural_Networks",
    "Probabilistic_Methods",
    "Reinforcement_Learning",
    "Rule_Learning",
    "Theory",
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CoraCitations(Record):
    """Papers in the order of the file, and who cites whom.

    Parameters
    ----------
    ids : np.ndarray
        (n,) int64, the number that names each paper in the files.
    words : scipy.sparse.csr_matrix
        (n, n_words) float32, 1 where a paper holds a word.
    topics : np.ndarray
        (n,) int64, index into ``topic_names``.
    citations : np.ndarray
        (2, n_citations) int64: the row of the paper that cites over that of the cited one, in the
        order of the file. Two papers that cite each other are two citations.
    topic_names : tuple of str
    """

    ids: np.ndarray
    words: scipy.sparse.csr_matrix
    topics: np.ndarray
    citations: np.ndarray
    topic_names: tuple[str, ...] = TOPICS


def read(files: Files) -> CoraCitations:
    """Read ``cora.content`` (a paper a line) and ``cora.cites`` (a citation a line)."""
    ids, words, topics = read_content(files.path("cora.content"))
    citations = read_cites(files.path("cora.cites"), ids)
    return CoraCitations(ids=ids, words=words, topics=topics, citations=citations)


def sample(seed: int = 0) -> CoraCitations:
    """Draw a graph with Cora's vocabulary and topics, in which some papers cite each other."""
    return CoraCitations(**citations(seed=seed))


def read_content(path: Path) -> tuple[np.ndarray, scipy.sparse.csr_matrix, np.ndarray]:
    """Read the papers: a number, a 0 or 1 for each word, the topic, with tabs between.

    Returns ids (n,) int64, words, csr (n, n_words) float32, and topics (n,) int64, index into
    ``TOPICS``.
    """
    lines = [line.split("\t") for line in path.read_text(encoding="ascii").splitlines()]
    ids = np.array([line[0] for line in lines], np.int64)
    words = np.array([line[1:-1] for line in lines]) == "1"
    topics = np.array([TOPICS.index(line[-1]) for line in lines], np.int64)
    return ids, scipy.sparse.csr_matrix(words, dtype=np.float32), topics


def read_cites(path: Path, ids: np.ndarray) -> np.ndarray:
    """Read the citations: the number of the cited paper, a tab, that of the paper that cites.

    ``ids`` are the papers in the order of their rows. Returns rows of the citing over rows of the
    cited papers, (2, n_citations) int64.
    """
    pairs = np.loadtxt(path, np.int64, delimiter="\t", ndmin=2)
    order = np.argsort(ids)
    rows = order[np.searchsorted(ids, pairs, sorter=order)]
    return np.ascontiguousarray(rows[:, ::-1].T.astype(np.int64))

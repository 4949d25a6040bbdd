"""Kernels of graphs of words as sparse rows: Weisfeiler-Lehman and shortest paths.

The graphs and the relabelling are those of notebook 05/02; the rows give the matrices of GraKeL's
``WeisfeilerLehman`` and ``ShortestPath``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from lesson import taught
from scipy import sparse

TAUGHT = ("graph_of_words", "wl_relabel")
lesson = taught("05_graph_kernels/02_text_categorization", TAUGHT)


@dataclass(frozen=True)
class Corpus:
    """Graphs side by side: owner (nodes,), word (nodes,) and edges (n_edges, 2), all int64."""

    n: int
    owner: np.ndarray
    word: np.ndarray
    edges: np.ndarray


def side_by_side(graphs: Sequence[tuple[list[str], np.ndarray]]) -> Corpus:
    """Put graphs side by side and number their words."""
    number: dict[str, int] = {}
    for nodes, _ in graphs:
        for name in nodes:
            number.setdefault(name, len(number))
    sizes = [len(nodes) for nodes, _ in graphs]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    return Corpus(
        n=len(graphs),
        owner=np.repeat(np.arange(len(graphs)), sizes),
        word=np.array([number[name] for nodes, _ in graphs for name in nodes], np.int64),
        edges=np.concatenate([e + start for (_, e), start in zip(graphs, starts, strict=True)]),
    )


def counts(owner: np.ndarray, parts: np.ndarray, n: int) -> sparse.csr_array:
    """Count the parts that each of n graphs owns: sparse (n, n_different_parts), float64."""
    _, column = np.unique(parts, return_inverse=True)
    shape = (n, int(column.max(initial=-1)) + 1)
    return sparse.csr_array((np.ones(len(owner)), (owner, column)), shape=shape)


def wl_features(corpus: Corpus, n_rounds: int) -> sparse.csr_array:
    """Count the labels of rounds 0 to n_rounds, side by side."""
    rounds = [corpus.word]
    for _ in range(n_rounds):
        rounds.append(lesson["wl_relabel"](rounds[-1], corpus.edges))
    blocks = [counts(corpus.owner, labels, corpus.n) for labels in rounds]
    return sparse.hstack(blocks, format="csr")


def shortest_paths(n_nodes: int, edges: np.ndarray) -> np.ndarray:
    """Return all pairs of different nodes that are connected: first, second and steps (3, n)."""
    ends = edges[edges[:, 0] != edges[:, 1]].astype(np.int32)
    step = sparse.csr_array(
        (np.ones(2 * len(ends), bool), np.concatenate([ends, ends[:, ::-1]]).T), (n_nodes, n_nodes)
    )
    front = reached = sparse.eye_array(n_nodes, dtype=bool, format="csr")
    found, distance = [], 0
    while front.nnz:
        distance += 1
        front = (front @ step) > reached  # one step on, and not been there
        reached = reached + front
        pairs = front.tocoo()
        found.append(np.stack([pairs.row, pairs.col, np.full(pairs.nnz, distance)]))
    return np.concatenate(found, axis=1).astype(np.int64)


def path_features(corpus: Corpus) -> sparse.csr_array:
    """Count (word, word, distance) over ordered pairs of nodes, as the library does."""
    first, second, steps = shortest_paths(len(corpus.word), corpus.edges)
    base = corpus.word.max() + 1  # three numbers written as one
    parts = (steps * base + corpus.word[first]) * base + corpus.word[second]
    return counts(corpus.owner[first], parts, corpus.n)

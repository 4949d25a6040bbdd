"""A seeded citation graph: topics as blocks, a few hubs, and words that tell the topic in part.

Papers appear one after another. Each belongs to a topic, cites earlier papers, mostly of its own
topic and mostly ones that are cited already (which makes hubs), and often cites what its first
reference cites (which makes triangles). Its words are drawn in part from its topic's vocabulary.
"""

from typing import Any

import numpy as np
import scipy.sparse

CORA_SHARES = (351, 217, 418, 818, 426, 298, 180)  # papers per topic in Cora
PAPERS = 1000
HOMOPHILY = 0.86  # probability of a citation to stay within its topic
WORDS, PER_PAPER = 1433, 18  # different words, and how many of them a paper holds on average
ON_TOPIC = 0.5  # probability of a word to come from the topic's own vocabulary
SPLIT = (140 / 2708, 500 / 2708, 1000 / 2708)  # Planetoid's shares: training, validation, test


def citation_graph(shares: tuple[int, ...] = CORA_SHARES, *, seed: int = 0) -> dict[str, Any]:
    """Draw a citation graph with the layout of Cora, papers of its topics in these shares.

    Returns ``features`` (1000, 1433) csr float32 of 0 and 1; ``labels`` (1000,) int64; ``edges``
    (2, n_edges) int64, both directions, no self loops, sorted; ``train`` (the same number of each
    topic), ``validation``, ``test`` int64.
    """
    rng = np.random.default_rng(seed)
    bounds = np.round(np.cumsum(np.asarray(shares, float) / np.sum(shares)) * PAPERS)
    labels = np.searchsorted(bounds.astype(int), np.arange(PAPERS), side="right")
    labels = rng.permutation(labels).astype(np.int64)
    train, validation, test = _split(rng, labels)
    return {
        "features": _words(rng, labels),
        "labels": labels,
        "edges": _citations(rng, labels),
        "train": train,
        "validation": validation,
        "test": test,
    }


def _split(rng: np.random.Generator, labels: np.ndarray) -> list[np.ndarray]:
    """Choose Planetoid's shares at random, the training papers evenly from all topics."""
    n, n_classes = len(labels), labels.max() + 1
    per_class = max(1, round(SPLIT[0] * n / n_classes))
    order = rng.permutation(n)
    train = np.concatenate([order[labels[order] == k][:per_class] for k in range(n_classes)])
    rest = order[~np.isin(order, train)]
    n_validation, n_test = round(SPLIT[1] * n), round(SPLIT[2] * n)
    parts = train, rest[:n_validation], rest[n_validation : n_validation + n_test]
    return [np.sort(part).astype(np.int64) for part in parts]


def _citations(rng: np.random.Generator, labels: np.ndarray) -> np.ndarray:
    """Let every paper cite earlier ones; return both directions of each pair, sorted."""
    n = len(labels)
    # A paper's appeal: a heavy tail, so that a few papers are cited by very many.
    appeal = np.minimum(rng.pareto(1.3, n) + 0.3, 40)
    neighbours: list[list[int]] = [[] for _ in range(n)]
    pairs = []
    for paper in range(1, n):
        if rng.random() < 0.1:
            continue  # cites nothing here, and may be cited later
        own = rng.random() < HOMOPHILY
        pool = np.flatnonzero((labels[:paper] == labels[paper]) == own)
        pool = pool if len(pool) else np.arange(paper)
        weight = appeal[pool] * (1 + np.array([len(neighbours[i]) for i in pool])) ** 0.5
        first = int(rng.choice(pool, p=weight / weight.sum()))
        cited = {first}
        for _ in range(rng.poisson(1.15)):
            near = neighbours[first]
            copied = near and rng.random() < 0.6
            cited.add(int(rng.choice(near if copied else pool)))
        for other in cited - {paper}:
            neighbours[paper].append(other)
            neighbours[other].append(paper)
            pairs += [(paper, other), (other, paper)]
    # As in Cora nobody is alone: what was never cited stands in pairs, apart from all others.
    alone = [i for i in range(n) if not neighbours[i]]
    for paper, other in zip(alone[::2], alone[1::2] + alone[:1], strict=False):
        pairs += [(paper, other), (other, paper)]
    return np.ascontiguousarray(np.unique(np.array(pairs, np.int64), axis=0).T)


def _words(rng: np.random.Generator, labels: np.ndarray) -> scipy.sparse.csr_matrix:
    """Give every paper words: common ones by Zipf's law, some from its topic's vocabulary.

    A larger topic has a larger vocabulary, so that it is the harder one to know from few papers.
    """
    common = 1 / (np.arange(WORDS) + 20.0)
    common = rng.permutation(common / common.sum())
    bounds = np.cumsum(np.bincount(labels)) * WORDS // len(labels)
    vocabularies = np.split(rng.permutation(WORDS), bounds[:-1])
    rows, columns = [], []
    for paper, label in enumerate(labels):
        n_drawn = max(1, rng.poisson(PER_PAPER))
        n_topic = rng.binomial(n_drawn, ON_TOPIC)
        usual = rng.choice(WORDS, n_drawn - n_topic, p=common)
        words = np.union1d(usual, rng.choice(vocabularies[label], n_topic))
        rows.append(np.full(len(words), paper))
        columns.append(words)
    at = np.concatenate(rows), np.concatenate(columns)
    ones = np.ones(len(at[0]), np.float32)
    return scipy.sparse.csr_matrix((ones, at), shape=(len(labels), WORDS))

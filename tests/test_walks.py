"""Biased random walks: they obey p and q, and end where nothing leads on."""

from itertools import pairwise

import numpy as np
import pytest

from utils.walks import biased_walks

# Node 4 leads to node 1 only, node 5 has no neighbours; 3 leads to 0, and 2 does not.
GRAPH = [[1, 3], [0, 2, 3, 4], [1], [0, 1], [1], []]


@pytest.mark.parametrize(("p", "q"), [(0.25, 4.0), (4.0, 0.25), (2.0, 2.0), (1.0, 1.0)])
def test_each_step_has_the_probability_of_its_weight(p, q):
    walks = biased_walks(GRAPH, 3000, 8, p=p, q=q, seed=1)
    counts = np.zeros((6, 6, 6))
    for walk in walks:
        for before, here, following in zip(walk, walk[1:], walk[2:], strict=False):
            counts[before, here, following] += 1
    for before, here in np.argwhere(counts.sum(axis=2) > 0):
        weights = np.zeros(6)
        for node in GRAPH[here]:
            weights[node] = 1 / q
            if node in GRAPH[before]:
                weights[node] = 1
            if node == before:
                weights[node] = 1 / p
        n = counts[before, here].sum()
        expected = weights / weights.sum()
        spread = np.sqrt(expected * (1 - expected) / n)
        assert np.all(np.abs(counts[before, here] / n - expected) <= 5 * spread + 1e-12)


def test_walks_start_at_every_node_and_follow_edges():
    walks = biased_walks(GRAPH, 2, 5, p=0.5, q=2, seed=0)
    assert [walk[0] for walk in walks] == [0, 1, 2, 3, 4, 5] * 2
    assert all(b in GRAPH[a] for walk in walks for a, b in pairwise(walk))
    assert [len(walk) for walk in walks] == [5, 5, 5, 5, 5, 1] * 2


def test_the_seed_decides_the_walks():
    first, again, other = (biased_walks(GRAPH, 5, 9, seed=seed) for seed in (3, 3, 4))
    assert first == again != other

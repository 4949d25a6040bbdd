"""Biased random walks: they obey p and q, and end where nothing leads on."""

import re
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


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        *(("p", value) for value in (0, -1.0, np.nan, np.inf, "1", None)),
        *(("q", value) for value in (0, -0.5, np.inf)),
        *(("length", value) for value in (0, -3, 2.5, None)),
        *(("walks_per_node", value) for value in (-1, 1.0)),
        *(("seed", value) for value in (-1, 0.5)),
    ],
)
def test_a_number_that_no_walk_can_have_is_named(argument, value):
    numbers = {"walks_per_node": 1, "length": 3, argument: value}
    with pytest.raises(ValueError, match=re.escape(f"{argument}={value!r}")):
        biased_walks(GRAPH, **numbers)


@pytest.mark.parametrize(
    ("neighbours", "node"),
    [([[1], [2]], 2), ([[1], [-1]], -1), ([[0.5]], 0.5), ([[np.nan]], "nan")],
)
def test_a_neighbour_that_is_no_node_is_named(neighbours, node):
    with pytest.raises(ValueError, match=rf"neighbours\[\d\].*{node}"):
        biased_walks(neighbours, 1, 3)


def test_the_smallest_numbers_are_taken():
    assert biased_walks(GRAPH, 1, np.int64(1)) == [[node] for node in range(6)]
    assert biased_walks(GRAPH, 0, 3, p=np.float32(2), q=1) == []
    assert biased_walks([], 2, 3) == []


def test_the_seed_decides_the_walks():
    first, again, other = (biased_walks(GRAPH, 5, 9, seed=seed) for seed in (3, 3, 4))
    assert first == again != other

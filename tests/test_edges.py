"""Arithmetic of edges: loops and weights worked by hand, links split and drawn without leakage."""

import doctest

import numpy as np
import pytest

from utils import edges as module
from utils.edges import (
    both_directions,
    normalised_adjacency,
    sample_negatives,
    split_links,
    unordered_pairs,
    with_self_loops,
)

N_NODES = 9


@pytest.mark.parametrize("function", [with_self_loops, normalised_adjacency, unordered_pairs])
@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (np.array([[0, 1], [1, 3]]), "0 to 3.* 0 to 2"),
        (np.array([[0, -1], [1, 0]]), "-1 to 1"),
        (np.array([[0, 1], [1, 2], [2, 0]]), r"\(2, n_edges\).*\(3, 2\).*edges\.T"),
        (np.array([], int), r"\(2, n_edges\).*\(0,\).*zeros\(\(2, 0\)"),
    ],
)
def test_what_is_no_edge_is_refused(function, edges, message):
    with pytest.raises(ValueError, match=message):
        function(edges, 3)


LINK = np.array([[0], [1]])
CALLS = {
    "n_nodes": [
        lambda n: with_self_loops(LINK, n),
        lambda n: normalised_adjacency(LINK, n),
        lambda n: unordered_pairs(LINK, n),
        lambda n: split_links(LINK, n),
        lambda n: sample_negatives(LINK, n, 1),
    ],
    "n_samples": [lambda n: sample_negatives(LINK, 9, n)],
    "seed": [lambda n: sample_negatives(LINK, 9, 1, n), lambda n: split_links(LINK, 9, seed=n)],
}


@pytest.mark.parametrize(("name", "call"), [(n, call) for n in CALLS for call in CALLS[n]])
@pytest.mark.parametrize("value", [-1, 2.5, None, "3"])
def test_what_is_no_whole_number_is_named(name, call, value):
    with pytest.raises(ValueError, match=f"{name}={value!r}"):
        call(value)


def test_pairs_are_two_rows_of_whole_numbers_and_no_nodes_have_no_edges():
    with pytest.raises(ValueError, match=r"\(3,\)"):
        both_directions(np.arange(3))
    for wrong in (0.5, np.nan, np.inf):
        for call in (both_directions, lambda pairs: with_self_loops(pairs, 3)):
            with pytest.raises(ValueError, match=str(wrong)):
                call(np.array([[wrong], [1]]))
    nothing = np.zeros((2, 0))  # of floats, which hold no number
    assert with_self_loops(nothing, 0).shape == unordered_pairs(nothing, 0).shape == (2, 0)
    assert sample_negatives(nothing, 0, 0).shape == both_directions(nothing).shape == (2, 0)
    assert split_links(nothing, 3).test.shape == (2, 0)


def test_weights_equal_the_dense_reference():
    graph = np.random.default_rng(0).integers(0, 8, (2, 40))  # one way; node 8 has no edge
    edges, weights = normalised_adjacency(np.concatenate([graph, graph], axis=1), N_NODES)
    matrix = np.eye(N_NODES)
    matrix[graph[1], graph[0]] = 1  # row: target, column: source
    left, right = (matrix.sum(axis=axis) ** -0.5 for axis in (1, 0))
    found = np.zeros((N_NODES, N_NODES))
    found[edges[1], edges[0]] = weights
    np.testing.assert_allclose(found, left[:, None] * matrix * right, rtol=1e-6, strict=True)


def keys(pairs, n_nodes):
    """One number a pair, blind to its direction."""
    return np.minimum(*pairs).astype(np.int64) * n_nodes + np.maximum(*pairs)


@pytest.fixture
def ring():
    """A ring of 40 nodes with both directions, repeats, loops, and node 40 without any edge."""
    at = np.arange(40)
    links = np.stack([at, (at + 1) % 40])
    return np.concatenate([links, links[::-1], links[:, :5], [at[:3], at[:3]]], axis=1), 41


def test_every_pair_is_in_one_part_once_and_messages_use_training_links_alone(ring):
    edges, n = ring
    split = split_links(edges, n, seed=3)
    parts = (split.train, split.validation, split.test)
    assert [part.shape for part in parts] == [(2, 34), (2, 2), (2, 4)]
    together = np.concatenate([keys(part, n) for part in parts])
    linked = np.unique(keys(edges[:, edges[0] != edges[1]], n))
    np.testing.assert_array_equal(np.sort(together), linked, strict=True)
    assert all((part[0] < part[1]).all() for part in parts)
    np.testing.assert_array_equal(split.edges, both_directions(split.train), strict=True)
    hidden = [keys(part, n) for part in (split.validation_negatives, split.test_negatives)]
    assert [part.shape for part in hidden] == [(2,), (4,)]
    assert len(np.unique(np.concatenate(hidden))) == 6
    assert not np.isin(np.concatenate(hidden), linked).any()


def test_a_split_is_by_seed_and_one_way_edges_are_split_as_their_pairs(ring):
    edges, n = ring
    first, same, other = (
        split_links(e, n, seed=s) for e, s in ((edges, 1), (edges[:, :40], 1), (edges, 2))
    )
    for name, part in vars(first).items():
        np.testing.assert_array_equal(part, getattr(same, name))
    assert (first.test != other.test).any()


@pytest.mark.parametrize("n_samples", [0, 1, 300, 780])
def test_negatives_are_distinct_pairs_without_a_link(ring, n_samples):
    edges, n = ring  # 41 * 40 / 2 - 40 = 780 pairs are free
    found = sample_negatives(edges, n, n_samples, seed=1)
    assert found.shape == (2, n_samples) and found.dtype == np.int32
    assert (found[0] < found[1]).all()
    assert len(np.unique(keys(found, n))) == n_samples
    assert not np.isin(keys(found, n), keys(edges, n)).any()
    with pytest.raises(ValueError, match="781.*780"):
        sample_negatives(edges, n, 781)


def test_all_free_pairs_are_equally_likely():
    edges = np.array([[0, 1, 2], [1, 2, 3]])  # a path over six nodes: 12 free pairs
    rng = np.random.default_rng(0)
    pairs = [keys(sample_negatives(edges, 6, 8, rng), 6) for _ in range(3000)]
    counts = np.unique(np.concatenate(pairs), return_counts=True)[1]
    assert len(counts) == 12
    assert np.abs(counts - 2000).max() < 5 * np.sqrt(2000)


def test_the_last_pair_of_a_nearly_complete_graph_is_found_at_once():
    every = np.stack(np.triu_indices(500, 1))
    draws = np.concatenate([sample_negatives(np.delete(every, 7, 1), 500, 1, s) for s in (0, 1)])
    assert (draws == np.tile(every[:, 7:8], (2, 1))).all()


def test_negatives_come_in_the_order_of_drawing():
    # Not in that of the numbers: a part of a draw is a fair draw too.
    found = sample_negatives(np.zeros((2, 0), "int32"), 200, 1000, seed=0)
    assert 40 < found[0, :500].mean() < 95
    assert 40 < found[0, 500:].mean() < 95


def test_examples_of_the_docstrings():
    tried = doctest.testmod(module)
    assert tried.failed == 0 and tried.attempted >= 5

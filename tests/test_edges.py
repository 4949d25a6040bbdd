"""Arithmetic of edges: loops and weights worked by hand, links split and drawn without leakage."""

import doctest
import subprocess
import sys

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
NOTHING = np.zeros((2, 0), "int32")


@pytest.fixture
def graph():
    """Edges in both directions with loops and repeats; the last node has none."""
    one_way = np.random.default_rng(0).integers(0, N_NODES - 1, (2, 14))
    return np.concatenate([one_way, one_way[::-1]], axis=1)


def dense_normalised(edges, n_nodes, self_loops):
    """D^-1/2 A D^-1/2 as a full matrix in double precision; row: target, column: source."""
    matrix = np.zeros((n_nodes, n_nodes))
    matrix[edges[1], edges[0]] = 1
    if self_loops:
        np.fill_diagonal(matrix, 1)
    left, right = (np.maximum(matrix.sum(axis=axis), 1) ** -0.5 for axis in (1, 0))
    return left[:, None] * matrix * right


def as_matrix(edges, weights, n_nodes):
    matrix = np.zeros((n_nodes, n_nodes), weights.dtype)
    np.add.at(matrix, (edges[1], edges[0]), weights)
    return matrix


class TestWithSelfLoops:
    def test_hand_worked(self):
        edges = np.array([[0, 2, 2, 1], [1, 1, 1, 1]])  # a repeat, and a loop that is there already
        expected = np.array([[0, 0, 1, 2, 2], [0, 1, 1, 1, 2]], np.int32)
        np.testing.assert_array_equal(with_self_loops(edges, 3), expected, strict=True)

    def test_nodes_without_edges_get_a_loop(self):
        empty = np.zeros((2, 0), int)
        expected = np.array([[0, 1, 2], [0, 1, 2]], np.int32)
        np.testing.assert_array_equal(with_self_loops(empty, 3), expected, strict=True)

    def test_is_sorted_by_target_and_idempotent(self, graph):
        edges = with_self_loops(graph, N_NODES)
        assert (np.diff(edges[1]) >= 0).all()
        np.testing.assert_array_equal(with_self_loops(edges, N_NODES), edges, strict=True)

    @pytest.mark.parametrize(
        ("edges", "words"),
        [
            (np.array([[0, 1], [1, 3]]), "edge 1 goes from 1 to 3.*nodes are 0 to 2"),
            (np.array([[0, -1], [1, 0]]), "edge 1 goes from -1 to 0"),
            (np.array([[0.0, 1.0], [1.0, 2.0]]), "integers; got float64"),
            (np.array([[0, 1], [1, 2], [2, 0]]), r"\(2, n_edges\).*\(3, 2\)"),
        ],
    )
    def test_refuses_what_is_no_edge(self, edges, words):
        with pytest.raises(ValueError, match=words):
            with_self_loops(edges, 3)


class TestNormalisedAdjacency:
    def test_hand_worked(self):
        # A path 0 - 1 - 2 and node 3 alone; with loops the degrees are 2, 3, 2, 1.
        path = np.array([[0, 1, 1, 2], [1, 0, 2, 1]])
        edges, weights = normalised_adjacency(path, 4)
        expected = np.array([[0, 1, 0, 1, 2, 1, 2, 3], [0, 0, 1, 1, 1, 2, 2, 3]], np.int32)
        np.testing.assert_array_equal(edges, expected, strict=True)
        s = 6**-0.5
        expected = np.float32([1 / 2, s, s, 1 / 3, s, s, 1 / 2, 1])
        np.testing.assert_allclose(weights, expected, rtol=1e-6, strict=True)

    def test_hand_worked_without_loops(self):
        path = np.array([[0, 1, 1, 2], [1, 0, 2, 1]])
        edges, weights = normalised_adjacency(path, 4, self_loops=False)
        expected = np.array([[1, 0, 2, 1], [0, 1, 1, 2]], np.int32)
        np.testing.assert_array_equal(edges, expected, strict=True)
        np.testing.assert_allclose(weights, np.full(4, 2**-0.5, np.float32), strict=True)

    @pytest.mark.parametrize("self_loops", [True, False])
    def test_equals_the_dense_reference(self, graph, self_loops):
        edges, weights = normalised_adjacency(graph, N_NODES, self_loops)
        expected = dense_normalised(graph, N_NODES, self_loops).astype("float32")
        found = as_matrix(edges, weights, N_NODES)
        np.testing.assert_allclose(found, expected, rtol=1e-6, strict=True)
        np.testing.assert_allclose(found, found.T)
        assert np.abs(np.linalg.eigvalsh(found)).max() <= 1 + 1e-6

    def test_one_way_edges_use_both_degrees(self):
        # 0 and 1 both lead to 2, and 1 to 3: two enter 2, two leave 1.
        edges, weights = normalised_adjacency(np.array([[0, 1, 1], [2, 2, 3]]), 4, self_loops=False)
        np.testing.assert_array_equal(edges, np.array([[0, 1, 1], [2, 2, 3]], np.int32))
        np.testing.assert_allclose(weights, np.float32([0.5**0.5, 0.5, 0.5**0.5]), strict=True)

    @pytest.mark.parametrize("self_loops", [True, False])
    def test_repeats_and_order_change_nothing(self, graph, self_loops):
        edges = graph
        again = np.concatenate([edges[:, ::-1], edges[:, :7]], axis=1)
        for first, second in zip(
            normalised_adjacency(edges, N_NODES, self_loops),
            normalised_adjacency(again, N_NODES, self_loops),
            strict=True,
        ):
            np.testing.assert_array_equal(first, second, strict=True)

    def test_given_loops(self):
        loop = np.array([[1, 1], [1, 1]])
        edges, weights = normalised_adjacency(loop, 2)
        np.testing.assert_array_equal(edges, np.array([[0, 1], [0, 1]], np.int32), strict=True)
        np.testing.assert_array_equal(weights, np.ones(2, np.float32), strict=True)
        edges, weights = normalised_adjacency(loop, 2, self_loops=False)
        np.testing.assert_array_equal(edges, np.array([[1], [1]], np.int32), strict=True)
        np.testing.assert_array_equal(weights, np.ones(1, np.float32), strict=True)

    def test_no_edges(self):
        edges, weights = normalised_adjacency(NOTHING, 3)
        np.testing.assert_array_equal(edges, np.array([[0, 1, 2]] * 2, np.int32), strict=True)
        np.testing.assert_array_equal(weights, np.ones(3, np.float32), strict=True)
        edges, weights = normalised_adjacency(NOTHING, 3, self_loops=False)
        np.testing.assert_array_equal(edges, NOTHING, strict=True)
        np.testing.assert_array_equal(weights, np.zeros(0, np.float32), strict=True)

    @pytest.mark.parametrize("self_loops", [True, False])
    def test_refuses(self, self_loops):
        with pytest.raises(ValueError, match="edge 1 goes from 1 to 3.*0 to 2"):
            normalised_adjacency(np.array([[0, 1], [1, 3]]), 3, self_loops)
        with pytest.raises(ValueError, match="integers"):
            normalised_adjacency(np.array([[0.0], [1.0]]), 3, self_loops)


def keys(pairs, n_nodes):
    """One number a pair, blind to its direction."""
    return np.minimum(*pairs).astype(np.int64) * n_nodes + np.maximum(*pairs)


@pytest.fixture
def ring():
    """A ring of 40 nodes with both directions, repeats, loops, and node 40 without any edge."""
    at = np.arange(40)
    links = np.stack([at, (at + 1) % 40])
    return np.concatenate([links, links[::-1], links[:, :5], [at[:3], at[:3]]], axis=1), 41


class TestPairs:
    def test_unordered(self):
        edges = np.array([[3, 0, 1, 2, 2], [0, 3, 1, 0, 0]])
        expected = np.array([[0, 0], [2, 3]], np.int32)
        np.testing.assert_array_equal(unordered_pairs(edges, 4), expected, strict=True)

    def test_both_directions_are_sorted_by_target(self):
        expected = np.array([[1, 2, 0, 0], [0, 0, 1, 2]], np.int32)
        found = both_directions(np.array([[0, 0], [2, 1]]))
        np.testing.assert_array_equal(found, expected, strict=True)

    def test_both_directions_refuses_what_is_no_edge(self):
        for wrong, told in (
            (np.array([[0, 1], [1, 2], [2, 0]]), r"got \(3, 2\): give edges\.T"),
            (np.array([[0.0, 1.5], [1, 2]]), "integers; got float64"),
            (np.array([[0, -1], [1, 2]]), "edge 1 goes from -1"),
        ):
            with pytest.raises(ValueError, match=told):
                both_directions(wrong)

    def test_no_edges_at_all(self):
        nothing = np.zeros((2, 0), np.int32)
        for found in (unordered_pairs(nothing, 3), both_directions(nothing)):
            np.testing.assert_array_equal(found, nothing, strict=True)


class TestSplitLinks:
    def test_every_link_is_in_one_part_once(self, ring):
        edges, n = ring
        split = split_links(edges, n, validation=0.1, test=0.25, seed=3)
        parts = (split.train, split.validation, split.test)
        assert [part.shape for part in parts] == [(2, 26), (2, 4), (2, 10)]
        together = np.concatenate([keys(part, n) for part in parts])
        linked = np.unique(keys(edges[:, edges[0] != edges[1]], n))
        np.testing.assert_array_equal(np.sort(together), linked, strict=True)
        assert all((part[0] < part[1]).all() for part in parts)

    def test_messages_use_training_links_in_both_directions_only(self, ring):
        edges, n = ring
        split = split_links(edges, n, validation=0.1, test=0.25)
        expected = np.repeat(np.sort(keys(split.train, n)), 2)
        np.testing.assert_array_equal(np.sort(keys(split.edges, n)), expected, strict=True)
        assert len(np.unique(split.edges, axis=1).T) == 2 * split.train.shape[1]
        assert (np.diff(split.edges[1]) >= 0).all()

    def test_negatives_are_no_links_and_in_one_part_only(self, ring):
        edges, n = ring
        split = split_links(edges, n, validation=0.1, test=0.25)
        validation, test = split.validation_negatives, split.test_negatives
        assert validation.shape == split.validation.shape
        assert test.shape == split.test.shape
        drawn = keys(np.concatenate([validation, test], axis=1), n)
        assert len(np.unique(drawn)) == len(drawn)
        assert not np.isin(drawn, keys(edges, n)).any()

    def test_one_way_edges_are_split_as_their_pairs(self, ring):
        edges, n = ring
        first, second = (split_links(e, n, seed=2) for e in (edges, edges[:, :40]))
        for name in ("edges", "train", "validation", "test", "test_negatives"):
            np.testing.assert_array_equal(getattr(first, name), getattr(second, name))

    def test_by_seed(self, ring):
        edges, n = ring
        one, same, other = (split_links(edges, n, seed=s) for s in (1, 1, 2))
        np.testing.assert_array_equal(one.test, same.test)
        assert (keys(one.test, n) != keys(other.test, n)).any()

    def test_a_part_may_be_left_out(self, ring):
        split = split_links(*ring, validation=0, test=0.1)
        assert split.validation.shape == split.validation_negatives.shape == (2, 0)

    def test_shares_are_not_lost_to_rounding(self):
        at = np.arange(100)
        split = split_links(np.stack([at, at + 1]), 101, validation=0.29, test=0.07)
        assert (split.validation.shape[1], split.test.shape[1]) == (29, 7)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"validation": 0.5, "test": 0.5}, "sum to less than 1"),
            ({"test": -0.1}, "at least 0"),
            ({"test": float("nan")}, "at least 0"),
            ({"validation": 0.01}, "1.0% of 40 links is none.*validation"),
            ({"n_nodes": 30}, "nodes are 0 to 29"),
        ],
    )
    def test_refuses(self, ring, changes, words):
        edges, n = ring
        given = {"n_nodes": n} | changes
        with pytest.raises(ValueError, match=words):
            split_links(edges, **given)

    def test_refuses_a_graph_without_links_and_edges_with_a_row_of_weights(self):
        with pytest.raises(ValueError, match="of 0 links is none"):
            split_links(np.zeros((2, 0), int), 5)
        with pytest.raises(ValueError, match=r"\(2, n_edges\).*\(3, 4\)"):
            split_links(np.ones((3, 4), int), 5)


class TestSampleNegatives:
    def test_are_distinct_pairs_without_a_link(self, ring):
        edges, n = ring
        found = sample_negatives(edges, n, 300, seed=0)
        assert found.shape == (2, 300)
        assert found.dtype == np.int32
        assert (found[0] < found[1]).all()
        drawn = keys(found, n)
        assert len(np.unique(drawn)) == 300
        assert not np.isin(drawn, keys(edges, n)).any()

    @pytest.mark.parametrize("n_samples", [0, 1, 780 - 1, 780])
    def test_up_to_all_that_there_are(self, ring, n_samples):
        edges, n = ring  # 41 * 40 / 2 - 40 = 780 pairs are free
        found = keys(sample_negatives(edges, n, n_samples, seed=1), n)
        assert len(np.unique(found)) == n_samples
        assert not np.isin(found, keys(edges, n)).any()

    def test_says_how_many_there_are(self, ring):
        with pytest.raises(ValueError, match="781 pairs.*there are 780"):
            sample_negatives(*ring, 781)

    def test_the_only_free_pair_of_a_full_graph(self):
        edges = np.stack(np.triu_indices(5, 1))[:, 1:]  # all pairs but (0, 1)
        found = sample_negatives(edges, 5, 1)
        np.testing.assert_array_equal(found, np.array([[0], [1]], np.int32), strict=True)

    @pytest.mark.parametrize("n_samples", [2, 8])
    def test_all_free_pairs_are_equally_likely(self, n_samples):
        edges = np.array([[0, 1, 2], [1, 2, 3]])  # a path over six nodes: 12 free pairs
        rng = np.random.default_rng(0)
        drawn = [keys(sample_negatives(edges, 6, n_samples, rng), 6) for _ in range(3000)]
        counts = np.unique(np.concatenate(drawn), return_counts=True)[1]
        assert len(counts) == 12
        expected = 3000 * n_samples / 12
        assert np.abs(counts - expected).max() < 5 * np.sqrt(expected)

    def test_the_first_node_is_not_preferred_in_order(self):
        # The order is that of drawing, not of the numbers: a part of a draw is a fair draw too.
        found = sample_negatives(np.zeros((2, 0), int), 200, 1000, seed=0)
        assert 40 < found[0, :500].mean() < 95
        assert 40 < found[0, 500:].mean() < 95

    def test_a_generator_moves_on_and_a_number_repeats(self, ring):
        rng = np.random.default_rng(0)
        first, second = (sample_negatives(*ring, 50, rng) for _ in range(2))
        assert (first != second).any()
        again = [sample_negatives(*ring, 50, 4) for _ in range(2)]
        np.testing.assert_array_equal(*again)


class TestModule:
    def test_examples_of_the_docstrings(self):
        tried = doctest.testmod(module)
        assert tried.failed == 0 and tried.attempted >= 6

    def test_imports_no_framework(self):
        code = (
            "import sys, utils.edges; "
            "print({'tensorflow', 'keras', 'scipy', 'utils.graphs'} & set(sys.modules))"
        )
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert (run.stdout.strip(), run.stderr) == ("set()", "")

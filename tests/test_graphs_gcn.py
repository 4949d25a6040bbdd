"""Graph convolution against dense NumPy and worked by hand."""

import numpy as np
import pytest
import scipy.sparse

from utils.edges import normalised_adjacency

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")
graphs = pytest.importorskip("utils.graphs")

N_NODES, N_FEATURES = 9, 5
NOTHING = np.zeros((2, 0), "int32")


@pytest.fixture
def graph():
    """An undirected graph with loops and repeats; the last node has no edge."""
    rng = np.random.default_rng(0)
    shape = (N_NODES, N_FEATURES)
    features = (rng.normal(size=shape) * (rng.random(shape) < 0.5)).astype("float32")
    one_way = rng.integers(0, N_NODES - 1, (2, 14))
    return features, np.concatenate([one_way, one_way[::-1]], axis=1)


def with_bias(layer, *inputs):
    """Build a layer and give it a bias that can be seen."""
    layer(*inputs)
    layer.bias.assign(np.linspace(-1, 1, layer.units))
    return layer


class TestPropagate:
    def test_hand_worked(self):
        # Node 0 hears 1 (weight 2) and 2 (weight -1), node 1 hears 0 twice, node 2 nobody.
        features = np.array([[1, 10], [2, 20], [6, 60]], "float32")
        edges = np.array([[1, 2, 0, 0], [0, 0, 1, 1]], "int32")
        found = graphs.propagate(features, edges, np.float32([2, -1, 0.5, 1]))
        expected = np.float32([[-2, -20], [1.5, 15], [0, 0]])
        np.testing.assert_allclose(np.asarray(found), expected, strict=True)

    def test_slope_by_the_weights(self):
        edges, weights = np.array([[1, 2], [0, 0]], "int32"), tf.constant([1.0, 1.0])
        features = np.array([[1], [2], [6]], "float32")
        with tf.GradientTape() as tape:
            tape.watch(weights)
            total = tf.reduce_sum(graphs.propagate(features, edges, weights))
        np.testing.assert_allclose(tape.gradient(total, weights), [2, 6])


class TestGraphConvolution:
    def test_hand_worked(self):
        # Nodes 0 and 1 are linked, node 2 is alone; W = 10, b = 0.5.
        edges, weights = normalised_adjacency(np.array([[0, 1], [1, 0]]), 3)
        features = np.array([[1], [3], [6]], "float32")
        layer = graphs.GraphConvolution(1)
        layer(features, edges, weights)
        layer.set_weights([np.array([[10.0]]), np.array([0.5])])
        found = np.asarray(layer(features, edges, weights))
        np.testing.assert_allclose(found, np.float32([[20.5], [20.5], [60.5]]), strict=True)

    @pytest.mark.parametrize("self_loops", [True, False])
    @pytest.mark.parametrize("sparse", [True, False])
    def test_equals_the_dense_reference(self, graph, sparse, self_loops):
        features, edges = graph
        given = graphs.sparse_features(scipy.sparse.csr_matrix(features)) if sparse else features
        inputs = given, *normalised_adjacency(edges, N_NODES, self_loops)
        layer = with_bias(graphs.GraphConvolution(4, activation="tanh", seed=1), *inputs)
        kernel, bias = (np.asarray(w, "float64") for w in layer.get_weights())
        _, ends, shares = inputs  # test_edges.py has them beside a dense reference
        matrix = scipy.sparse.coo_array((shares, (ends[1], ends[0])), (N_NODES, N_NODES)).toarray()
        expected = matrix @ features @ kernel + bias
        found = np.asarray(layer(*inputs))
        expected = np.tanh(expected).astype("float32")
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5, strict=True)

    def test_isolated_nodes(self, graph):
        features, edges = graph
        inputs = features, *normalised_adjacency(edges, N_NODES)
        layer = with_bias(graphs.GraphConvolution(3, seed=1), *inputs)
        own = features @ np.asarray(layer.kernel) + np.asarray(layer.bias)
        np.testing.assert_allclose(np.asarray(layer(*inputs))[-1], own[-1], rtol=1e-5)
        silent = layer(features, *normalised_adjacency(edges, N_NODES, self_loops=False))
        np.testing.assert_array_equal(np.asarray(silent)[-1], np.asarray(layer.bias))

    def test_no_edges(self, graph):
        features, _ = graph
        layer = with_bias(graphs.GraphConvolution(3), features, NOTHING, np.zeros(0, "float32"))
        found = np.asarray(layer(features, NOTHING, np.zeros(0, "float32")))
        expected = np.tile(np.asarray(layer.bias), (N_NODES, 1))
        np.testing.assert_array_equal(found, expected, strict=True)

    def test_repeated_edges_count_twice_in_the_layer(self):
        features, once = np.eye(2, dtype="float32"), np.array([[0], [1]], "int32")
        layer = graphs.GraphConvolution(2, seed=0)
        one = np.asarray(layer(features, once, np.float32([1])))
        two = layer(features, np.repeat(once, 2, axis=1), np.float32([1, 1]))
        np.testing.assert_allclose(np.asarray(two), 2 * one, rtol=1e-6)

    def test_edges_are_one_way(self, graph):
        features, _ = graph
        layer = graphs.GraphConvolution(4, seed=2)
        one_way = layer(features, np.array([[0], [1]], "int32"), np.float32([1]))
        np.testing.assert_array_equal(np.flatnonzero(np.any(one_way, axis=1)), [1])

    @pytest.mark.parametrize(("widths", "count"), [((128, 64), 191_808), ((16, 7), 23_063)])
    def test_parameters_of_cora(self, widths, count):
        layers = [graphs.GraphConvolution(width) for width in widths]
        for layer, width in zip(layers, (1433, widths[0]), strict=True):
            layer(np.zeros((1, width), "float32"), np.zeros((2, 1), "int32"), np.float32([1]))
        assert sum(layer.count_params() for layer in layers) == count

    def test_without_bias(self, graph):
        features, edges = graph
        inputs = features, *normalised_adjacency(edges, N_NODES, self_loops=False)
        layer = graphs.GraphConvolution(3, use_bias=False)
        np.testing.assert_array_equal(np.asarray(layer(*inputs))[-1], np.zeros(3, "float32"))
        assert len(layer.get_weights()) == 1

    def test_refuses_an_edge_to_a_missing_node(self, graph):
        layer = graphs.GraphConvolution(3)
        with pytest.raises((ValueError, tf.errors.OpError), match="out of bounds"):
            layer(graph[0], np.array([[0], [N_NODES]], "int32"), np.float32([1]))

"""Mean-aggregating GraphSAGE against dense NumPy."""

import numpy as np
import pytest
import scipy.sparse

keras = pytest.importorskip("keras")
graphs = pytest.importorskip("utils.graphs")

N_NODES, N_FEATURES = 9, 5


@pytest.fixture
def graph():
    rng = np.random.default_rng(0)
    shape = (N_NODES, N_FEATURES)
    features = (rng.normal(size=shape) * (rng.random(shape) < 0.5)).astype("float32")
    edges = rng.integers(0, N_NODES - 1, (2, 20))  # the last node hears nobody
    return features, edges[:, np.argsort(edges[1], kind="stable")].astype("int32")


def dense_mean(layer, features, edges, edge_weights=None):
    """The same layer over a full matrix, in double precision."""
    kernel_self, kernel_neighbours, bias = (np.asarray(w, "float64") for w in layer.get_weights())
    matrix = np.zeros((len(features), len(features)))  # row: target, column: source
    np.add.at(matrix, (edges[1], edges[0]), 1.0 if edge_weights is None else edge_weights)
    total = matrix.sum(axis=1, keepdims=True)
    matrix = np.divide(matrix, total, out=np.zeros_like(matrix), where=total > 0)
    features = features.astype("float64")
    return features @ kernel_self + matrix @ features @ kernel_neighbours + bias


def with_bias(layer, features, edges):
    """Build a layer and give it a bias that can be seen."""
    layer(features, edges)
    layer.bias.assign(np.linspace(-1, 1, layer.units))
    return layer


class TestGraphSAGE:
    def test_hand_worked(self):
        # Node 0 hears 1 and 2, node 1 hears 0, node 2 nobody. W_self = 10, W_neighbours = 1.
        layer = graphs.GraphSAGE(1)
        features = np.array([[1], [2], [6]], "float32")
        edges = np.array([[1, 2, 0], [0, 0, 1]], "int32")
        layer(features, edges)
        layer.set_weights([np.array([[10.0]]), np.array([[1.0]]), np.array([0.5])])
        expected = np.array([[10 + 4 + 0.5], [20 + 1 + 0.5], [60 + 0.5]], "float32")
        np.testing.assert_allclose(np.asarray(layer(features, edges)), expected, strict=True)

    def test_hand_worked_with_weights(self):
        layer = graphs.GraphSAGE(1)
        features = np.array([[1], [2], [6]], "float32")
        edges = np.array([[1, 2, 0], [0, 0, 1]], "int32")
        weights = np.array([3, 1, 0], "float32")  # node 1's only edge weighs nothing
        layer(features, edges, weights)
        layer.set_weights([np.array([[10.0]]), np.array([[1.0]]), np.array([0.0])])
        found = np.asarray(layer(features, edges, weights))
        np.testing.assert_allclose(found, np.float32([[10 + 3], [20], [60]]), strict=True)

    @pytest.mark.parametrize("weighted", [True, False])
    @pytest.mark.parametrize("sorted_edges", [True, False])
    @pytest.mark.parametrize("sparse", [True, False])
    def test_equals_the_dense_reference(self, graph, sparse, sorted_edges, weighted):
        features, edges = graph
        given = graphs.sparse_features(scipy.sparse.csr_matrix(features)) if sparse else features
        weights = np.linspace(0, 2, edges.shape[1], dtype="float32") if weighted else None
        layer = with_bias(graphs.GraphSAGE(4, sorted_edges=sorted_edges, seed=1), given, edges)
        found = np.asarray(layer(given, edges, weights))
        expected = dense_mean(layer, features, edges, weights).astype("float32")
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5, strict=True)

    def test_a_node_that_hears_nobody_keeps_its_own_features(self, graph):
        features, edges = graph
        layer = with_bias(graphs.GraphSAGE(3, seed=1), features, edges)
        own = features @ np.asarray(layer.kernel_self) + np.asarray(layer.bias)
        found = np.asarray(layer(features, edges))
        np.testing.assert_allclose(found[-1], own[-1], rtol=1e-5)
        nobody = np.asarray(layer(features, np.zeros((2, 0), "int32")))
        np.testing.assert_allclose(nobody, own, rtol=1e-5, atol=1e-6)

    def test_edges_are_one_way(self):
        layer = graphs.GraphSAGE(2, seed=0)
        features = np.eye(3, dtype="float32")
        one_way = np.array([[0], [1]], "int32")
        alone = np.asarray(layer(features, np.zeros((2, 0), "int32")))
        changed = np.asarray(layer(features, one_way)) != alone
        np.testing.assert_array_equal(changed.any(axis=1), [False, True, False])

    def test_parameters_of_cora(self):
        layers = [graphs.GraphSAGE(16), graphs.GraphSAGE(16)]
        for layer, width in zip(layers, (1433, 16), strict=True):
            layer(np.zeros((1, width), "float32"), np.zeros((2, 1), "int32"))
        assert sum(layer.count_params() for layer in layers) == 46_400

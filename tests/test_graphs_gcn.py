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


def dense_normalised(edges, n_nodes, self_loops):
    """D^-1/2 A D^-1/2 as a full matrix in double precision; row: target, column: source."""
    matrix = np.zeros((n_nodes, n_nodes))
    matrix[edges[1], edges[0]] = 1
    if self_loops:
        np.fill_diagonal(matrix, 1)
    left, right = (np.maximum(matrix.sum(axis=axis), 1) ** -0.5 for axis in (1, 0))
    return left[:, None] * matrix * right


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
        expected = dense_normalised(edges, N_NODES, self_loops) @ features @ kernel + bias
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

    def test_edges_are_one_way_and_in_any_order(self, graph):
        features, edges = graph
        layer = graphs.GraphConvolution(4, seed=2)
        edges, weights = normalised_adjacency(edges, N_NODES)
        order = np.random.default_rng(3).permutation(len(weights))
        found = [
            np.asarray(layer(features, edges[:, by], weights[by])) for by in (slice(None), order)
        ]
        np.testing.assert_allclose(*found, rtol=1e-4, atol=1e-6)
        one_way = layer(features, np.array([[0], [1]], "int32"), np.float32([1]))
        np.testing.assert_array_equal(np.flatnonzero(np.any(one_way, axis=1)), [1])

    def test_renaming_the_nodes_renames_the_answers(self, graph):
        features, edges = graph
        inputs = features, *normalised_adjacency(edges, N_NODES)
        layer = with_bias(graphs.GraphConvolution(4, activation="relu", seed=4), *inputs)
        before = np.asarray(layer(*inputs))
        new = np.random.default_rng(5).permutation(N_NODES)  # node i is now called new[i]
        renamed = np.empty_like(features)
        renamed[new] = features
        after = np.asarray(layer(renamed, *normalised_adjacency(new[edges], N_NODES)))
        np.testing.assert_allclose(after[new], before, rtol=1e-4, atol=1e-6)

    def test_gradients_do_not_depend_on_the_form_of_the_features(self, graph):
        features, edges = graph
        adjacency = normalised_adjacency(edges, N_NODES)
        layer = graphs.GraphConvolution(3, activation="tanh", seed=2)
        found = []
        for given in (features, graphs.sparse_features(scipy.sparse.csr_matrix(features))):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(layer(given, *adjacency) ** 2)
            found.append([np.asarray(g) for g in tape.gradient(loss, layer.trainable_variables)])
        for dense, sparse in zip(*found, strict=True):
            np.testing.assert_allclose(sparse, dense, rtol=1e-4, atol=1e-5, strict=True)
            assert np.abs(dense).max() > 0

    def test_gradient_is_the_slope(self, graph):
        features, edges = graph
        inputs = features, *normalised_adjacency(edges, N_NODES)
        layer = with_bias(graphs.GraphConvolution(2, seed=3), *inputs)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(*inputs) ** 2)
        gradients = tape.gradient(loss, layer.trainable_variables)
        for variable, gradient in zip(layer.trainable_variables, gradients, strict=True):
            start, direction = np.asarray(variable), np.sign(np.asarray(gradient))
            sides = []
            for step in (0.01, -0.01):
                variable.assign(start + step * direction)
                sides.append(float(tf.reduce_sum(layer(*inputs) ** 2)))
            variable.assign(start)
            slope = (sides[0] - sides[1]) / 0.02
            assert slope == pytest.approx(float(np.abs(gradient).sum()), rel=0.03)

    def test_dropout_only_while_training_and_by_seed(self, graph):
        features, edges = graph
        inputs = features, *normalised_adjacency(edges, N_NODES)
        first, second, other = (graphs.GraphConvolution(3, dropout=0.5, seed=s) for s in (7, 7, 8))
        calm = [np.asarray(layer(*inputs)) for layer in (first, second)]
        np.testing.assert_array_equal(*calm)
        wild = [np.asarray(layer(*inputs, training=True)) for layer in (first, second)]
        np.testing.assert_array_equal(*wild)
        assert np.abs(wild[0] - calm[0]).max() > 0
        assert np.abs(np.asarray(other(*inputs)) - calm[0]).max() > 0

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

    def test_refuses_features_of_another_width(self, graph):
        features, edges = graph
        adjacency = normalised_adjacency(edges, N_NODES)
        layer = graphs.GraphConvolution(3)
        layer(features, *adjacency)
        with pytest.raises(ValueError, match=r"have value 5.*received.*\(9, 4\)"):
            layer(features[:, :4], *adjacency)

    def test_refuses_an_edge_to_a_missing_node(self, graph):
        layer = graphs.GraphConvolution(3)
        with pytest.raises(tf.errors.InvalidArgumentError, match="out of bounds"):
            layer(graph[0], np.array([[0], [N_NODES]], "int32"), np.float32([1]))

    @pytest.mark.parametrize("sparse", [True, False])
    def test_in_a_functional_model_that_is_saved_and_loaded(self, graph, tmp_path, sparse):
        features, edges = graph
        given = graphs.sparse_features(scipy.sparse.csr_matrix(features)) if sparse else features
        adjacency = normalised_adjacency(edges, N_NODES)
        inputs = [given if sparse else tf.constant(given), *map(tf.constant, adjacency)]
        x = keras.Input(batch_shape=(None, N_FEATURES), sparse=sparse)
        ends = keras.Input(batch_shape=(2, None), dtype="int32")
        weights = keras.Input(batch_shape=(None,))
        hidden = graphs.GraphConvolution(4, activation="relu", dropout=0.5, seed=0)
        last = graphs.GraphConvolution(3, seed=1)
        output = last(hidden(x, ends, weights), ends, weights)
        model = keras.Model([x, ends, weights], output)
        assert model.output.shape == (None, 3)
        model.save(tmp_path / "gcn.keras")
        twin = keras.models.load_model(tmp_path / "gcn.keras")
        np.testing.assert_array_equal(np.asarray(model(inputs)), np.asarray(twin(inputs)))

    def test_config_makes_the_same_layer(self, graph):
        features, edges = graph
        inputs = features, *normalised_adjacency(edges, N_NODES)
        options = {"dropout": 0.1, "activation": "elu", "use_bias": False, "seed": 9}
        layer = graphs.GraphConvolution(3, **options)
        twin = graphs.GraphConvolution.from_config(layer.get_config())
        assert layer.get_config() == twin.get_config()
        found = [np.asarray(one(*inputs)) for one in (layer, twin)]
        np.testing.assert_array_equal(*found)

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

    def test_renaming_the_nodes_renames_the_answers(self, graph):
        features, edges = graph
        layer = with_bias(graphs.GraphSAGE(4, activation="relu", seed=4), features, edges)
        before = np.asarray(layer(features, edges))
        new = np.random.default_rng(5).permutation(N_NODES)  # node i is now called new[i]
        renamed = np.empty_like(features)
        renamed[new] = features
        after = np.asarray(layer(renamed, new[edges].astype("int32")))
        np.testing.assert_allclose(after[new], before, rtol=1e-4, atol=1e-6)

    def test_order_of_edges_does_not_matter(self, graph):
        features, edges = graph
        layer = graphs.GraphSAGE(4, seed=4)
        shuffled = edges[:, np.random.default_rng(6).permutation(edges.shape[1])]
        found = [np.asarray(layer(features, given)) for given in (edges, shuffled)]
        np.testing.assert_allclose(*found, rtol=1e-4, atol=1e-6)

    def test_gradients_do_not_depend_on_the_form_of_the_features(self, graph):
        tf = pytest.importorskip("tensorflow")
        features, edges = graph
        layer = graphs.GraphSAGE(3, activation="tanh", seed=2)
        found = []
        for given in (features, graphs.sparse_features(scipy.sparse.csr_matrix(features))):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(layer(given, edges) ** 2)
            found.append([np.asarray(g) for g in tape.gradient(loss, layer.trainable_variables)])
        for dense, sparse in zip(*found, strict=True):
            np.testing.assert_allclose(sparse, dense, rtol=1e-4, atol=1e-5, strict=True)
            assert np.abs(dense).max() > 0

    def test_gradient_is_the_slope(self, graph):
        tf = pytest.importorskip("tensorflow")
        features, edges = graph
        layer = with_bias(graphs.GraphSAGE(2, seed=3), features, edges)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(features, edges) ** 2)
        gradients = tape.gradient(loss, layer.trainable_variables)
        for variable, gradient in zip(layer.trainable_variables, gradients, strict=True):
            start, direction = np.asarray(variable), np.sign(np.asarray(gradient))
            sides = []
            for step in (0.01, -0.01):
                variable.assign(start + step * direction)
                sides.append(float(tf.reduce_sum(layer(features, edges) ** 2)))
            variable.assign(start)
            slope = (sides[0] - sides[1]) / 0.02
            assert slope == pytest.approx(float(np.abs(gradient).sum()), rel=0.03)

    def test_dropout_only_while_training_and_by_seed(self, graph):
        features, edges = graph
        first, second, other = (graphs.GraphSAGE(3, dropout=0.5, seed=s) for s in (7, 7, 8))
        calm = [np.asarray(layer(features, edges)) for layer in (first, second)]
        np.testing.assert_array_equal(*calm)
        wild = [np.asarray(layer(features, edges, training=True)) for layer in (first, second)]
        np.testing.assert_array_equal(*wild)
        assert np.abs(wild[0] - calm[0]).max() > 0
        assert np.abs(np.asarray(other(features, edges)) - calm[0]).max() > 0

    def test_parameters_of_cora(self):
        layers = [graphs.GraphSAGE(16), graphs.GraphSAGE(16)]
        for layer, width in zip(layers, (1433, 16), strict=True):
            layer(np.zeros((1, width), "float32"), np.zeros((2, 1), "int32"))
        assert sum(layer.count_params() for layer in layers) == 46_400

    def test_refuses_features_of_another_width(self, graph):
        features, edges = graph
        layer = graphs.GraphSAGE(3)
        layer(features, edges)
        with pytest.raises(ValueError, match=r"have value 5.*received.*\(9, 4\)"):
            layer(features[:, :4], edges)

    def test_in_a_functional_model_that_is_saved_and_loaded(self, graph, tmp_path):
        features, edges = graph
        x = keras.Input(batch_shape=(None, N_FEATURES))
        given = keras.Input(batch_shape=(2, None), dtype="int32")
        hidden = graphs.GraphSAGE(4, activation="relu", dropout=0.5, seed=0)(x, given)
        model = keras.Model([x, given], graphs.GraphSAGE(3, seed=1)(hidden, given))
        assert model.output.shape == (None, 3)
        model.save(tmp_path / "sage.keras")
        twin = keras.models.load_model(tmp_path / "sage.keras")
        np.testing.assert_array_equal(
            np.asarray(model([features, edges])), np.asarray(twin([features, edges]))
        )

    def test_config_makes_the_same_layer(self, graph):
        features, edges = graph
        layer = graphs.GraphSAGE(3, dropout=0.1, activation="elu", sorted_edges=True, seed=9)
        twin = graphs.GraphSAGE.from_config(layer.get_config())
        found = [np.asarray(one(features, edges)) for one in (layer, twin)]
        np.testing.assert_array_equal(*found)

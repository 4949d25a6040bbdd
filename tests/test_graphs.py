"""Sparse attention against hand-worked values and against a dense reference."""

import numpy as np
import pytest
import scipy.sparse
import tensorflow as tf

from utils.edges import with_self_loops

keras = pytest.importorskip("keras")
graphs = pytest.importorskip("utils.graphs")

N_NODES, N_FEATURES = 9, 5


@pytest.fixture
def graph():
    rng = np.random.default_rng(0)
    features = (
        rng.normal(size=(N_NODES, N_FEATURES)) * (rng.random((N_NODES, N_FEATURES)) < 0.5)
    ).astype("float32")
    edges = with_self_loops(rng.integers(0, N_NODES, (2, 20)), N_NODES)
    return features, edges


def leaky_relu(x):
    return np.where(x > 0, x, 0.2 * x)


def dense_attention(layer, features, edges):
    """The same layer over a full matrix: scores of all pairs, those that are no edge masked out."""
    kernel, a_source, a_target, bias = (np.asarray(w, "float64") for w in layer.get_weights())
    n = len(features)
    mask = np.zeros((n, n), bool)
    mask[edges[1], edges[0]] = True  # row: target, column: source
    heads, weights = [], []
    for k in range(layer.heads):
        h = features.astype("float64") @ kernel[:, k * layer.units : (k + 1) * layer.units]
        scores = leaky_relu((h @ a_target[k])[:, None] + (h @ a_source[k])[None, :])
        scores = np.where(mask, scores, -np.inf)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        attention = powers / powers.sum(axis=1, keepdims=True)
        heads.append(attention @ h)
        weights.append(attention)
    output = np.concatenate(heads, axis=1) if layer.concat else np.mean(heads, axis=0)
    return output + bias, np.stack(weights, axis=-1)


class TestSegmentSoftmax:
    def test_hand_worked(self):
        # exp: 1, 3 in segment 0; 2, 2, 4 in segment 2; segment 1 is empty.
        scores = np.log(np.array([1, 2, 3, 2, 4], "float32"))
        segments = np.array([0, 2, 0, 2, 2], "int32")
        expected = np.array([0.25, 0.25, 0.75, 0.25, 0.5], "float32")
        found = np.asarray(graphs.segment_softmax(scores, segments, 3))
        np.testing.assert_allclose(found, expected, rtol=1e-6, strict=True)

    def test_each_segment_sums_to_one_for_every_head(self):
        rng = np.random.default_rng(1)
        scores = rng.normal(size=(50, 4)).astype("float32")
        segments = rng.integers(0, 6, 50).astype("int32")
        found = np.asarray(graphs.segment_softmax(scores, segments, 6))
        sums = np.zeros((6, 4), "float32")
        np.add.at(sums, segments, found)
        np.testing.assert_allclose(sums, np.ones((6, 4), "float32"), rtol=1e-5, strict=True)
        assert (found > 0).all()

    def test_large_scores_do_not_overflow(self):
        scores = np.array([1000.0, 1000.0, -1000.0, -1001.0], "float32")
        found = np.asarray(graphs.segment_softmax(scores, np.array([0, 0, 1, 1], "int32"), 2))
        low = 1 / (1 + np.e)
        expected = np.array([0.5, 0.5, 1 - low, low], "float32")
        np.testing.assert_allclose(found, expected, rtol=1e-5, strict=True)


class TestSorted:
    """The fast way for sorted segments gives what the general way gives."""

    def test_sum_has_a_row_for_segments_without_items(self):
        values = np.array([[1.0], [2.0], [4.0]], "float32")
        found = graphs.segment_sum(values, np.array([1, 1, 2], "int32"), 5, sorted=True)
        expected = np.array([[0], [3], [4], [0], [0]], "float32")
        np.testing.assert_array_equal(np.asarray(found), expected, strict=True)

    @pytest.mark.parametrize("concat", [True, False])
    def test_layer(self, graph, concat):
        features, edges = graph
        edges = edges[:, edges[1] < N_NODES - 2]  # the last two nodes hear nobody
        layers = [
            graphs.GraphAttention(3, 2, concat=concat, seed=1, sorted_edges=flag)
            for flag in (False, True)
        ]
        plain, fast = (np.asarray(layer(features, edges)) for layer in layers)
        np.testing.assert_allclose(fast, plain, rtol=1e-5, atol=1e-6, strict=True)

    def test_softmax(self):
        scores = np.random.default_rng(0).normal(size=(6, 2)).astype("float32")
        segments = np.array([0, 0, 2, 2, 2, 3], "int32")
        plain, fast = (graphs.segment_softmax(scores, segments, 6, sorted=f) for f in (False, True))
        np.testing.assert_allclose(np.asarray(fast), np.asarray(plain), rtol=1e-6)

    def test_a_broken_promise_is_an_error(self, graph):
        features, edges = graph
        layer = graphs.GraphAttention(3, sorted_edges=True)
        with pytest.raises(Exception, match="(?i)segment ids are not increasing"):
            layer(features, edges[:, ::-1])


class TestSparseFeatures:
    def test_holds_the_nonzeros_only(self):
        matrix = scipy.sparse.csr_matrix(np.array([[0, 2, 0], [1, 0, 3]]))
        tensor = graphs.sparse_features(matrix)
        assert tensor.values.shape == (3,)
        expected = np.array([[0, 2, 0], [1, 0, 3]], "float32")
        dense = np.asarray(
            keras.ops.convert_to_numpy(keras.ops.convert_to_tensor(tensor, sparse=False))
        )
        np.testing.assert_array_equal(dense, expected, strict=True)

    def test_refuses_nan_and_names_the_node(self):
        matrix = scipy.sparse.csr_matrix(np.array([[0.0, 1.0], [np.nan, 0.0]]))
        with pytest.raises(ValueError, match="node 1.*not a finite number"):
            graphs.sparse_features(matrix)

    @pytest.mark.parametrize("width", [1, 16, 31, 32, 37, 64])
    def test_product_is_the_dense_one_and_so_is_its_gradient(self, width):
        rng = np.random.default_rng(width)
        matrix = scipy.sparse.random_array((40, 30), density=0.1, rng=rng).tocsr()
        matrix[7] = 0  # a node without features
        dense = matrix.toarray().astype("float32")
        kernel = tf.Variable(rng.normal(size=(30, width)).astype("float32"))
        wanted = rng.normal(size=(40, width)).astype("float32")
        with tf.GradientTape() as tape:
            product = graphs.matmul(graphs.sparse_features(matrix), kernel)
            loss = tf.reduce_sum(product * wanted)
        np.testing.assert_allclose(product, dense @ kernel.numpy(), rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(
            tape.gradient(loss, kernel), dense.T @ wanted, rtol=1e-4, atol=1e-5
        )

    def test_dropout_keeps_the_expected_sum_and_drops_the_share(self):
        tensor = graphs.sparse_features(scipy.sparse.csr_matrix(np.ones((100, 200))))
        layer = graphs.FeatureDropout(0.6, seed=0)
        dropped = layer(tensor, training=True)
        assert dropped.values.shape[0] / 20_000 == pytest.approx(0.4, abs=0.02)
        np.testing.assert_allclose(np.unique(dropped.values), [2.5], rtol=1e-6)
        assert layer(tensor, training=False) is tensor


class TestGraphAttention:
    def test_hand_worked(self):
        # Two nodes, one feature, W = 1: h = (1, 2). a_source = 1, a_target = 0, so an edge's score
        # is its source's h. Node 1 hears node 0 (e^1) and itself (e^2); node 0 only itself.
        layer = graphs.GraphAttention(1)
        features, edges = np.array([[1], [2]], "float32"), np.array([[0, 0, 1], [0, 1, 1]], "int32")
        layer(features, edges)
        layer.set_weights([np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 1)), np.array([10.0])])
        output, attention = layer(features, edges, return_attention=True)
        share = np.e / (np.e + np.e**2)
        np.testing.assert_allclose(np.asarray(attention)[:, 0], [1, share, 1 - share], rtol=1e-6)
        np.testing.assert_allclose(
            np.asarray(output)[:, 0], [11, 10 + share + 2 * (1 - share)], rtol=1e-6
        )

    @pytest.mark.parametrize("concat", [True, False])
    @pytest.mark.parametrize("heads", [1, 3])
    @pytest.mark.parametrize("sparse", [True, False])
    def test_equals_the_dense_reference(self, graph, heads, concat, sparse):
        features, edges = graph
        layer = graphs.GraphAttention(4, heads, concat=concat, seed=1)
        given = graphs.sparse_features(scipy.sparse.csr_matrix(features)) if sparse else features
        layer(given, edges)
        weights = layer.get_weights()
        weights[-1] = np.linspace(-1, 1, len(weights[-1]))
        layer.set_weights(weights)
        output, attention = layer(given, edges, return_attention=True)
        expected, full = dense_attention(layer, features, edges)
        np.testing.assert_allclose(np.asarray(output), expected, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(np.asarray(attention), full[edges[1], edges[0]], rtol=1e-4)
        assert output.shape == (N_NODES, 4 * heads if concat else 4)

    def test_a_node_without_edges_gets_the_bias(self):
        layer = graphs.GraphAttention(2, 2)
        features, edges = np.ones((3, 4), "float32"), np.array([[0, 1], [0, 0]], "int32")
        layer(features, edges)
        layer.bias.assign([1.0, 2.0, 3.0, 4.0])
        output = np.asarray(layer(features, edges))
        np.testing.assert_allclose(output[1:], [[1, 2, 3, 4], [1, 2, 3, 4]])

    @pytest.mark.parametrize("units", [3, 40])  # a product of 32 columns and more goes in parts
    @pytest.mark.parametrize("shuffled", [False, True])
    def test_equals_the_way_of_a_gpu_and_so_do_its_gradients(
        self, graph, units, shuffled, monkeypatch
    ):
        features, edges = graph
        if shuffled:
            edges = edges[:, np.random.default_rng(6).permutation(edges.shape[1])]
        layer = graphs.GraphAttention(units, 2, seed=2)
        found = []
        for processor in (True, False):
            monkeypatch.setattr(graphs, "_on_processor", lambda here=processor: here)
            with tf.GradientTape() as tape:
                output = layer(features, edges)
                loss = tf.reduce_sum(output**2)
            found.append([output, *tape.gradient(loss, layer.trainable_variables)])
        for sparse, gathered in zip(*found, strict=True):
            np.testing.assert_allclose(sparse, gathered, rtol=1e-4, atol=1e-5)

    @pytest.mark.parametrize(("rate", "same"), [(None, False), (0.0, True)])
    def test_dropout_of_the_projection_can_be_left_out(self, rate, same):
        """With one edge a node and no other dropout, the projection alone can change."""
        features, loops = np.ones((50, 4), "float32"), np.tile(np.arange(50, dtype="int32"), (2, 1))
        layer = graphs.GraphAttention(3, dropout=0.4, projection_dropout=rate, seed=1)
        calm = np.asarray(layer(features, loops))
        twin = graphs.GraphAttention.from_config(layer.get_config())
        assert twin.projection_dropout == rate
        layer.projection_dropout = 0.4 if rate is None else rate
        layer.input_dropout.rate = layer.dropout = 0.0
        wild = np.asarray(layer(features, loops, training=True))
        assert np.allclose(wild, calm) == same

    def test_parameters_of_cora(self):
        layers = [graphs.GraphAttention(8, 8), graphs.GraphAttention(7, 1, concat=False)]
        for layer, width in zip(layers, (1433, 64), strict=True):
            layer(np.zeros((1, width), "float32"), np.zeros((2, 1), "int32"))
        assert [layer.count_params() for layer in layers] == [91_904, 469]

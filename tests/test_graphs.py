"""Graph layers against hand-worked values and dense references, and what all of them share."""

import keras
import numpy as np
import pytest
import scipy.sparse
import tensorflow as tf

from utils import graphs
from utils.edges import normalised_adjacency

N_NODES, N_FEATURES = 9, 5
LAYERS = ["GraphAttention", "GraphConvolution"]


@pytest.fixture
def graph():
    """Features, one-way edges with loops and their weights."""
    keras.utils.set_random_seed(1)
    rng = np.random.default_rng(0)
    shape = (N_NODES, N_FEATURES)
    features = (rng.normal(size=shape) * (rng.random(shape) < 0.5)).astype("float32")
    edges = rng.integers(0, N_NODES - 1, (2, 14))  # the last node has no edge but its loop
    return features, *normalised_adjacency(edges, N_NODES)


def arguments(name, edges, weights):
    """What a layer is called with beside the features."""
    return (edges, weights) if name == "GraphConvolution" else (edges,)


def as_sparse(features):
    return graphs.sparse_features(scipy.sparse.csr_matrix(features))


def biased(layer, *inputs):
    """Build a layer and give it a bias that can be seen."""
    layer(*inputs)
    layer.bias.assign(np.linspace(-1, 1, layer.bias.shape[0]))
    return layer


def test_dropout_keeps_the_expected_sum_and_drops_the_share():
    tensor = as_sparse(np.ones((100, 200)))
    layer = graphs.FeatureDropout(0.6)
    dropped = layer(tensor, training=True)
    assert dropped.values.shape[0] / 20_000 == pytest.approx(0.4, abs=0.02)
    np.testing.assert_allclose(np.unique(dropped.values), [2.5], rtol=1e-6)
    assert layer(tensor, training=False) is tensor


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("sparse", [False, True])
def test_a_layer_computes_in_the_type_of_its_policy(graph, name, sparse):
    features, edges, weights = graph
    inputs = as_sparse(features) if sparse else features, *arguments(name, edges, weights)
    layer = biased(getattr(graphs, name)(4, dropout=0.5), *inputs)
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        half = getattr(graphs, name)(4, dropout=0.5)
        whole = getattr(graphs, name)(4, dropout=0.5, dtype="float32")
        for other in (half, whole):
            other(*inputs, training=True)
            other.set_weights(layer.get_weights())
        with tf.GradientTape() as tape:
            output = half(*inputs)
        assert output.dtype == tf.float16
        np.testing.assert_allclose(np.float32(output), layer(*inputs), atol=0.01)
        for gradient in tape.gradient(output, [w.value for w in half.trainable_weights]):
            assert gradient.dtype == tf.float32
        np.testing.assert_allclose(whole(*inputs), layer(*inputs), atol=1e-6)
    finally:
        keras.mixed_precision.set_global_policy("float32")


def dense_attention(layer, features, edges):
    """The same layer over a full matrix: scores of all pairs, those that are no edge masked out."""
    mask = np.zeros((len(features), len(features)), bool)
    mask[edges[1], edges[0]] = True  # row: target, column: source
    outputs, weights = [], []
    for k in range(layer.heads):
        h = features @ layer.kernel[:, k * layer.units : (k + 1) * layer.units]
        asked = tf.linalg.matvec(h, layer.target_vector[k])
        sent = tf.linalg.matvec(h, layer.source_vector[k])
        scores = tf.nn.leaky_relu(asked[:, None] + sent[None, :], 0.2)
        attention = tf.nn.softmax(tf.where(mask, scores, -1e9))
        outputs.append(attention @ h)
        weights.append(attention)
    output = tf.concat(outputs, axis=1) if layer.concat else tf.reduce_mean(outputs, axis=0)
    return output + layer.bias, tf.stack(weights, axis=-1)


@pytest.mark.parametrize(
    ("heads", "units", "concat", "sparse"),
    [(1, 4, True, False), (3, 4, True, True), (3, 4, False, False), (2, 40, True, True)],
)  # a product of 32 columns and more goes in parts
def test_attention_equals_the_dense_reference_and_so_do_its_gradients(
    graph, heads, units, concat, sparse
):
    features, edges, _ = graph
    edges = edges[:, np.random.default_rng(6).permutation(edges.shape[1])]
    given = as_sparse(features) if sparse else features
    layer = biased(graphs.GraphAttention(units, heads, concat=concat), given, edges)
    with tf.GradientTape(persistent=True) as tape:
        output, attention = layer(given, edges, return_attention=True)
        expected, full = dense_attention(layer, features, edges)
        losses = [tf.reduce_sum(result**2) for result in (output, expected)]
    gradients = [tape.gradient(loss, layer.trainable_variables) for loss in losses]
    np.testing.assert_allclose(output, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(attention, full.numpy()[edges[1], edges[0]], rtol=1e-4)
    for ours, dense in zip(*gradients, strict=True):
        np.testing.assert_allclose(ours, dense, rtol=1e-3, atol=1e-4)
    assert output.shape == (N_NODES, units * heads if concat else units)


def test_large_scores_do_not_overflow_and_a_node_without_edges_gets_the_bias():
    layer = graphs.GraphAttention(2, 2)
    features, edges = np.full((3, 4), 1e4, "float32"), np.array([[0, 1], [0, 0]], "int32")
    output = np.asarray(biased(layer, features, edges)(features, edges))
    assert np.isfinite(output).all()
    np.testing.assert_allclose(output[1:], [np.linspace(-1, 1, 4)] * 2, rtol=1e-6)


def test_the_way_for_sorted_edges_gives_the_same(graph):
    features, edges, _ = graph
    edges = edges[:, edges[1] < N_NODES - 2]  # the last two nodes hear nobody
    layer = graphs.GraphAttention(3, 2)
    plain = layer(features, edges)
    layer.sorted_edges = True
    fast = layer(features, edges)
    np.testing.assert_allclose(fast, plain, rtol=1e-5, atol=1e-6)
    with pytest.raises(Exception, match="(?i)segment ids"):
        layer(features, edges[:, ::-1])


@pytest.mark.parametrize("sparse", [True, False])
def test_convolution_equals_the_dense_reference(graph, sparse):
    features, edges, weights = graph
    edges, weights = edges[:, :-1], weights[:-1]  # without the loop, the last node hears nobody
    given = as_sparse(features) if sparse else features
    layer = graphs.GraphConvolution(4, activation="tanh")
    layer = biased(layer, given, edges, weights)
    kernel, bias = (np.asarray(w, "float64") for w in layer.get_weights())
    matrix = np.zeros((N_NODES, N_NODES))  # test_edges.py has the weights beside a reference
    matrix[edges[1], edges[0]] = weights
    expected = np.tanh(matrix @ features @ kernel + bias).astype("float32")
    found = np.asarray(layer(given, edges, weights))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5, strict=True)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda edges: edges.T, r"\(2, n_edges\)"),
        (lambda edges: edges - [[5], [0]], "not in|out of bounds"),
        (lambda edges: edges + [[0], [9]], r"out of (range|bounds)|not in \[0, 9\)"),
    ],
)
def test_what_is_no_edge_is_refused(graph, name, change, message):
    features, edges, weights = graph
    layer = getattr(graphs, name)(3)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match=message):
        layer(features, *arguments(name, change(edges), weights))


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize(
    "wrong", [{"units": 0}, {"units": 2.5}, {"dropout": 1.0}, {"dropout": -0.5}, {"dropout": "a"}]
)
def test_a_layer_names_a_setting_that_it_can_not_have(name, wrong):
    ((argument, value),) = wrong.items()
    with pytest.raises(ValueError, match=f"{argument}={value!r}"):
        getattr(graphs, name)(**({"units": 2} | wrong))


def test_heads_rates_features_and_weights_are_refused_by_name(graph):
    features, edges, weights = graph
    layer = graphs.GraphConvolution(2)
    for call, message in {
        (lambda: graphs.GraphAttention(2, 0)): "heads=0",
        (lambda: graphs.FeatureDropout(1)): "rate=1",
        (lambda: graphs.sparse_features(features[0])): "features",
        (lambda: graphs.propagate(features[0], edges, weights)): "features",
        (lambda: graphs.propagate(features, edges, weights[1:])): "edge_weights",
        (lambda: graphs.propagate(features, edges, weights[:, None])): "edge_weights",
        (lambda: graphs.propagate(features, edges[0], weights)): "edges",
        (lambda: graphs.propagate(features, edges * 1.0, weights)): "edges",
        (lambda: layer(features[0], edges, weights)): "features",
        (lambda: layer(features, edges, weights[1:])): "edge_weights",
        (lambda: graphs.GraphAttention(2)(features[0], edges)): "features",
    }.items():
        with pytest.raises(ValueError, match=message):
            call()


@pytest.mark.parametrize("name", LAYERS)
def test_keras_trains_without_xla(graph, name):
    """XLA has no kernel for what the layers are made of; Keras has to be told."""
    inputs = [graph[0], *arguments(name, *graph[1:])]
    symbols = [keras.Input(batch_shape=a.shape, dtype=a.dtype.name) for a in inputs]
    options = {"sorted_edges": True} if name == "GraphAttention" else {}
    model = keras.Model(symbols, getattr(graphs, name)(2, **options)(*symbols))
    with pytest.warns(UserWarning, match="jit_compile=True"):
        model.compile("sgd", "mse", jit_compile=True)
    wanted = np.ones((N_NODES, 2), "float32")
    losses = [float(model.train_on_batch(inputs, wanted)) for _ in range(3)]
    assert losses[2] < losses[0]


@pytest.mark.parametrize("name", LAYERS)
def test_dropout_only_while_training(graph, name):
    inputs = graph[0], *arguments(name, *graph[1:])
    layer = getattr(graphs, name)(3, dropout=0.5)
    before, training, after = (np.asarray(layer(*inputs, training=t)) for t in (0, 1, 0))
    np.testing.assert_array_equal(before, after)
    assert np.abs(training - before).max() > 0

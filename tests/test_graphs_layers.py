"""What the graph layers have in common: types, widths, symbols, XLA, devices."""

import os

import numpy as np
import pytest
import scipy.sparse

from utils.edges import normalised_adjacency

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")
graphs = pytest.importorskip("utils.graphs")

N_NODES, N_FEATURES = 30, 6
LAYERS = ["GraphAttention", "GraphConvolution"]
SORTED = LAYERS[:1]
# Where this variable imitates another processor, TensorFlow asks the real one whether it has half
# precision and oneDNN the imitated one; a product of matrices then crashes the process.
half_precision = pytest.mark.skipif(
    "ONEDNN_MAX_CPU_ISA" in os.environ, reason="crashes where oneDNN imitates a processor"
)


@pytest.fixture
def graph():
    rng = np.random.default_rng(0)
    shape = (N_NODES, N_FEATURES)
    features = (rng.normal(size=shape) * (rng.random(shape) < 0.6)).astype("float32")
    return features, *normalised_adjacency(rng.integers(0, N_NODES, (2, 90)), N_NODES)


def arguments(name, edges, weights):
    """What a layer is called with beside the features."""
    return (edges, weights) if name == "GraphConvolution" else (edges,)


@half_precision
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("sparse", [True, False])
@pytest.mark.parametrize(
    ("name", "options"),
    [(name, {}) for name in LAYERS] + [(name, {"sorted_edges": True}) for name in SORTED],
)
def test_mixed_precision(graph, name, options, sparse, policy):
    features, *rest = graph
    given = graphs.sparse_features(scipy.sparse.csr_matrix(features)) if sparse else features
    rest = arguments(name, *rest)
    make = getattr(graphs, name)
    exact = np.asarray(make(40, seed=1, **options)(given, *rest))
    layer = make(40, seed=1, dropout=0.5, dtype=policy, **options)
    found = layer(given, *rest)
    assert found.dtype == policy.removeprefix("mixed_")
    np.testing.assert_allclose(tf.cast(found, "float32"), exact, atol=0.02)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.cast(layer(given, *rest, training=True), "float32") ** 2)
    for gradient in tape.gradient(loss, layer.trainable_variables):
        assert gradient.dtype == "float32" and np.isfinite(gradient).all()


@pytest.mark.parametrize("sparse", [True, False])
@pytest.mark.parametrize("name", LAYERS)
def test_features_of_another_width_are_refused(graph, name, sparse):
    features, *rest = graph
    layer = getattr(graphs, name)(3)
    layer(features, *arguments(name, *rest))
    narrow = features[:, :4]
    if sparse:
        narrow = graphs.sparse_features(scipy.sparse.csr_matrix(narrow))
    with pytest.raises(ValueError, match=r"have value 6.*received.*\(30, 4\)"):
        layer(narrow, *arguments(name, *rest))


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda edges: edges.T, r"\(2, n_edges\).* transpose them"),
        (lambda edges: edges.astype("float32"), "integers; got float32"),
        (lambda edges: edges - [[5], [0]], "below 0|not in|out of bounds"),
        (lambda edges: edges - [[0], [5]], "below 0|not in|out of bounds"),
        (lambda edges: edges + [[9], [0]], r"not in \[0, 30\)|out of bounds"),
        (lambda edges: edges + [[0], [9]], r"out of (range|bounds)|not in \[0, 30\)"),
    ],
)
@pytest.mark.parametrize("as_graph", [False, True])
def test_what_is_no_edge_is_refused(graph, name, change, told, as_graph):
    features, edges, weights = graph
    layer = getattr(graphs, name)(3)
    layer(features, *arguments(name, edges, weights))
    call = tf.function(layer) if as_graph else layer
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match=told):
        call(features, *arguments(name, change(edges), weights))


@pytest.mark.parametrize("name", LAYERS)
def test_keras_trains_without_xla(graph, name):
    """XLA has no kernel for what the layers are made of; Keras has to be told."""
    features, *rest = graph
    rest = arguments(name, *rest)
    symbols = [
        keras.Input(batch_shape=array.shape, dtype=array.dtype.name) for array in (features, *rest)
    ]
    options = {"sorted_edges": True} if name in SORTED else {}
    model = keras.Model(symbols, getattr(graphs, name)(2, seed=0, **options)(*symbols))
    with pytest.warns(UserWarning, match="doesn't support `jit_compile=True`"):
        model.compile("sgd", "mse", jit_compile=True)
    wanted = np.ones((N_NODES, 2), "float32")
    losses = [float(model.train_on_batch([features, *rest], wanted)) for _ in range(3)]
    assert losses[2] < losses[0]


@half_precision
@pytest.mark.parametrize("sparse", [True, False])
@pytest.mark.parametrize(
    ("name", "own"),
    zip(LAYERS, ({"concat": False}, {"use_bias": False}), strict=True),
)
def test_config_and_saved_file_make_the_same_layer(graph, name, own, sparse, tmp_path):
    features, edges, weights = graph
    given = graphs.sparse_features(scipy.sparse.csr_matrix(features)) if sparse else features
    rest = arguments(name, edges, weights)
    x = keras.Input(batch_shape=(None, N_FEATURES), sparse=sparse)
    symbols = arguments(
        name,
        keras.Input(batch_shape=(2, None), dtype="int32"),
        keras.Input(batch_shape=(None,)),
    )
    options = {"dropout": 0.1, "activation": "elu", "seed": 3} | own
    layer = getattr(graphs, name)(2, **options)
    twin = type(layer).from_config(layer.get_config())
    assert twin.get_config() == layer.get_config()
    np.testing.assert_array_equal(*(np.asarray(one(given, *rest)) for one in (layer, twin)))
    last = getattr(graphs, name)(2, dtype="mixed_bfloat16", **options)
    model = keras.Model([x, *symbols], last(layer(x, *symbols), *symbols))
    assert model.output.shape == (None, 2)
    model.save(tmp_path / "layer.keras")
    loaded = keras.models.load_model(tmp_path / "layer.keras")
    inputs = [given if sparse else tf.constant(given), *map(tf.constant, rest)]
    np.testing.assert_array_equal(
        *(tf.cast(one(inputs), "float32") for one in (model, loaded)),
    )


@pytest.fixture
def small():
    """A graph whose last node has no edge, and whose edges carry no loops."""
    rng = np.random.default_rng(0)
    features = (rng.normal(size=(9, 5)) * (rng.random((9, 5)) < 0.5)).astype("float32")
    one_way = rng.integers(0, 8, (2, 14))
    edges = np.concatenate([one_way, one_way[::-1]], axis=1)
    return features, *normalised_adjacency(edges, 9)


def biased(name, units, features, rest, **options):
    """Return a layer with a bias that can be seen."""
    layer = getattr(graphs, name)(units, **options)
    layer(features, *rest)
    layer.bias.assign(np.linspace(-1, 1, layer.bias.shape[0]))
    return layer


@pytest.mark.parametrize("name", LAYERS)
def test_names_of_nodes_and_order_of_edges_do_not_matter(small, name):
    features, edges, weights = small
    layer = biased(name, 4, features, arguments(name, edges, weights), activation="relu", seed=4)
    before = np.asarray(layer(features, *arguments(name, edges, weights)))
    new = np.random.default_rng(5).permutation(9)  # node i is now called new[i]
    after = layer(features[np.argsort(new)], *arguments(name, new[edges].astype("int32"), weights))
    np.testing.assert_allclose(np.asarray(after)[new], before, rtol=1e-4, atol=1e-6)
    by = np.random.default_rng(6).permutation(len(weights))
    shuffled = np.asarray(layer(features, *arguments(name, edges[:, by], weights[by])))
    np.testing.assert_allclose(shuffled, before, rtol=1e-4, atol=1e-6)


def gradients(layer, *inputs):
    """Return the slopes of the sum of squared answers by all weights."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(*inputs) ** 2)
    return [np.asarray(g) for g in tape.gradient(loss, layer.trainable_variables)]


@pytest.mark.parametrize("name", LAYERS)
def test_a_gradient_is_the_slope(small, name):
    features, *rest = small
    inputs = features, *arguments(name, *rest)
    layer = biased(name, 2, features, inputs[1:], seed=3)
    found = gradients(layer, *inputs)
    for variable, gradient in zip(layer.trainable_variables, found, strict=True):
        start, direction, sides = np.asarray(variable), np.sign(gradient), []
        for step in (0.01, -0.01):
            variable.assign(start + step * direction)
            sides.append(float(tf.reduce_sum(layer(*inputs) ** 2)))
        variable.assign(start)
        slope = (sides[0] - sides[1]) / 0.02
        assert slope == pytest.approx(float(np.abs(gradient).sum()), rel=0.03)


@pytest.mark.parametrize("name", LAYERS)
def test_dropout_only_while_training_and_by_seed(small, name):
    features, *rest = small
    inputs = features, *arguments(name, *rest)
    first, second, other = (getattr(graphs, name)(3, dropout=0.5, seed=s) for s in (7, 7, 8))
    calm = [np.asarray(layer(*inputs)) for layer in (first, second, first)]
    wild = [np.asarray(layer(*inputs, training=True)) for layer in (first, second)]
    np.testing.assert_array_equal(*wild)
    np.testing.assert_array_equal(calm, [calm[0]] * 3)
    assert np.abs(wild[0] - calm[0]).max() > 0
    assert np.abs(np.asarray(other(*inputs)) - calm[0]).max() > 0

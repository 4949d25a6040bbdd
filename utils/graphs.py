"""Graph layers for Keras over edge lists: work and memory grow with edges, not with nodes squared.

A graph is an integer array of edges, shape ``(2, n_edges)``: row 0 holds where each edge starts
(the *source*, which sends), row 1 where it ends (the *target*, which listens). What a target
hears is summed over its *segment*: all edges with the same target. ValueError where an argument has
another shape, type or value than its function says.
"""

from typing import Any

import keras
import numpy as np
import scipy.sparse
import tensorflow as tf
from keras import ops

from utils._arguments import check_range, check_whole, wrong_edges

COLUMNS = 16  # of a wide kernel that meet sparse features at once


def _powers(scores: Any, targets: Any, n_nodes: Any, *, sorted: bool) -> tuple[Any, Any]:
    """Return what a softmax over each target's edges divides, (n_edges, heads), and by what.

    The sum of a node without edges is 0. ``sorted`` promises that targets never fall from one edge
    to the next, which is several times faster on a processor; a broken promise is an error there.
    On a GPU, where TensorFlow would sum wrongly without a word, the promise is not used.
    """
    # Softmax does not change when a segment's scores shift together, and exp of a score below its
    # own segment's largest cannot overflow. The shift cancels, so no gradient flows through it.
    fast = sorted and not tf.config.list_physical_devices("GPU")
    known = {"sorted": True} if fast else {"num_segments": n_nodes}
    largest = ops.segment_max(ops.stop_gradient(scores), targets, **known)
    powers = ops.exp(scores - ops.take(largest, targets, axis=0))
    totals = ops.segment_sum(powers, targets, **known)
    if fast:  # there are as many totals as the last segment's number
        totals = tf.pad(totals, [[0, n_nodes - ops.shape(totals)[0]], [0, 0]])
    return powers, totals


@tf.custom_gradient
def _look_up(values: tf.Tensor, index: tf.Tensor) -> tuple[tf.Tensor, Any]:
    """Return rows of values, (n_rows, width), by index.

    The gradient, each row's sum over the items that looked it up, is a sparse product here, which
    TensorFlow does several times faster on a processor than the sum over segments in any order.
    """

    def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, None]:
        n_rows, n_items = ops.shape(values)[0], ops.shape(index)[0]
        at = tf.stack([index, tf.range(n_items, dtype=index.dtype)], axis=1)
        ones = tf.ones_like(upstream[:, 0])
        return _sparse_product(at, ones, (n_rows, n_items), upstream), None

    return tf.gather(values, index), gradient


def _weighted_sum(h: Any, weights: Any, edges: Any, heads: int) -> Any:
    """Return for each node and head the sum over incoming edges of weight times source features.

    Takes h (n_nodes, heads * units), as it returns it, and weights (n_edges, heads). Each head is a
    product of the sparse matrix of its weights, a row for each target, with its columns of ``h``:
    the messages, (n_edges, heads * units), are made in the gradient alone.
    """
    n_nodes, width = ops.shape(h)[0], h.shape[1] // heads

    @tf.custom_gradient
    def summed(h: tf.Tensor, weights: tf.Tensor) -> tuple[tf.Tensor, Any]:
        # A block of entries for each head, in row target * heads + head and column alike.
        at = tf.reshape(tf.stack([edges[1], edges[0]], axis=1) * heads, (1, -1))
        at = tf.reshape(at + tf.range(heads, dtype=at.dtype)[:, None], (-1, 2))
        values, size = tf.reshape(tf.transpose(weights), (-1,)), n_nodes * heads

        def product(dense: tf.Tensor, adjoint: bool) -> tf.Tensor:
            dense = tf.reshape(dense, (-1, width))
            heard = _sparse_product(at, values, (size, size), dense, adjoint)
            return tf.reshape(heard, (-1, heads * width))

        def gradient(upstream: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            both = tf.gather(upstream, edges[1]) * tf.gather(h, edges[0])
            # Sums the columns of each head.
            own = tf.repeat(tf.eye(heads, dtype=h.dtype), width, axis=0)
            return product(upstream, True), both @ own

        return product(h, False), gradient

    return summed(h, weights)


def _sparse_product(at: Any, values: Any, shape: Any, dense: Any, adjoint: bool = False) -> Any:
    """Return the product of a sparse matrix, or of its transpose, and a dense one.

    The indices, (n_entries, 2), may be of 32 bits. TensorFlow takes another path for 32 columns and
    more, which is several times slower on a CPU, so a wide product goes in parts.
    """
    shape = tf.cast(tf.convert_to_tensor(shape), tf.int64)

    def product(part: Any) -> Any:
        return tf.raw_ops.SparseTensorDenseMatMul(
            a_indices=at, a_values=values, a_shape=shape, b=part, adjoint_a=adjoint
        )

    if (width := dense.shape[1]) < 32:
        return product(dense)
    sizes = [min(COLUMNS, width - i) for i in range(0, width, COLUMNS)]
    return tf.concat([product(part) for part in tf.split(dense, sizes, axis=1)], axis=1)


def _checked(edges: Any) -> Any:
    """Return edges as a tensor, (2, n_edges), or raise."""
    edges = ops.convert_to_tensor(edges)
    if len(edges.shape) != 2 or edges.shape[0] not in (2, None):  # two edges would pass for all
        raise wrong_edges(tuple(edges.shape))
    if "int" not in keras.backend.standardize_dtype(edges.dtype):
        raise ValueError(f"edges name nodes by integers, not by {edges.dtype}.")
    return edges


def _check_shape(name: str, given: Any, wanted: tuple[int | None, ...]) -> None:
    """Refuse another shape than the wanted one; None is a length that may be any, or is unknown."""
    shape = tuple(given.shape)
    pairs = zip(shape, wanted, strict=False)
    if len(shape) != len(wanted) or any(None not in pair and len({*pair}) > 1 for pair in pairs):
        raise ValueError(f"{name} have the shape {shape}; wanted is {wanted}, None for any length.")


def sparse_features(matrix: scipy.sparse.spmatrix) -> tf.SparseTensor:
    """Return a matrix of SciPy or NumPy as a tensor of its nonzeros, float32."""
    if len(np.shape(matrix)) != 2:
        raise ValueError(f"features are a matrix, (n_nodes, n_features), not {matrix!r}.")
    rows = scipy.sparse.csr_matrix(matrix, dtype=np.float32)
    rows.sum_duplicates()
    entries = rows.tocoo()
    at = np.stack([entries.row, entries.col], axis=1).astype(np.int64)
    return tf.SparseTensor(at, entries.data, entries.shape)


class FeatureDropout(keras.layers.Layer):
    """Dropout, at a ``rate``, for features that may be sparse: only nonzeros are dropped.

    Dropped entries leave the sparse tensor, and the product that follows does that much less work.
    """

    def __init__(self, rate: float, **kwargs: Any):
        super().__init__(**kwargs)
        check_range("[0, 1)", rate=rate)
        self.rate = rate
        self.generator = keras.random.SeedGenerator()

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the inputs, in training with some entries zero and the rest scaled up."""
        if not training or self.rate == 0:
            return inputs
        if not isinstance(inputs, tf.SparseTensor):
            return keras.random.dropout(inputs, self.rate, seed=self.generator)
        stays = keras.random.uniform(ops.shape(inputs.values), seed=self.generator) >= self.rate
        remaining = tf.sparse.retain(inputs, stays)
        return remaining.with_values(remaining.values / (1 - self.rate))


class _GraphLayer(keras.layers.Layer):
    """What the layers share: units made of features, dense or sparse, that are heard over edges.

    Keras trains a model with one of them without XLA (on a GPU it would compile by itself): there
    is no kernel for sparse products, nor for sorted segments. A ``tf.function(jit_compile=True)``
    of one's own fails on those.
    """

    def __init__(self, units: int, *, activation: Any = None, dropout: float = 0.0, **kwargs: Any):
        super().__init__(**kwargs)
        check_whole(1, units=units)
        check_range("[0, 1)", dropout=dropout)
        self.supports_jit = False
        self.units, self.dropout = units, dropout
        self.activation = keras.activations.get(activation)
        self.input_dropout = FeatureDropout(dropout, dtype=self.dtype_policy)

    def projected(self, features: Any, training: bool) -> Any:
        """Return the product of the features, some dropped in training, and the layer's kernel.

        Keras's own product would look the kernel's rows up one by one for sparse features, which is
        slower here and makes a gradient that is not an ordinary tensor.
        """
        _check_shape("features", features, (None, self.kernel.shape[0]))
        features, kernel = self.input_dropout(features, training=training), self.kernel
        if not isinstance(features, tf.SparseTensor):
            return ops.matmul(features, kernel)
        kernel = ops.convert_to_tensor(kernel)
        return _sparse_product(features.indices, features.values, features.dense_shape, kernel)


class GraphAttention(_GraphLayer):
    """Graph attention over an edge list (Velickovic et al., 2018).

    For every head: project the features, score each edge by
    ``LeakyReLU(a_source . h_source + a_target . h_target)``, with the slope 0.2 below zero, take
    the softmax of the scores over the edges that enter a target, and sum the sources' projections
    with these weights. The heads stand side by side in the output with ``concat`` (hidden layers),
    or are averaged (last).

    ``dropout`` is the rate of dropout on the features and on the attention. ``sorted_edges``
    promises that the edges' targets never fall, as those from `utils.edges`: faster on a processor,
    where edges in another order are refused.

    Called as ``layer(features, edges)`` with features of shape (n_nodes, n_features), dense or a
    ``tf.SparseTensor``, and edges of shape (2, n_edges). Edges are one-way, from source to target:
    an undirected graph holds both. They should include a loop at every node
    (`edges.with_self_loops`): a node without incoming edges gets the bias alone. Returns
    (n_nodes, heads * units) or, averaged, (n_nodes, units); with ``return_attention=True`` also
    the weights, (n_edges, heads).
    """

    def __init__(
        self, units: int, heads: int = 1, *, concat: bool = True, sorted_edges: bool = False,
        **shared: Any
    ):  # fmt: skip
        super().__init__(units, **shared)
        check_whole(1, heads=heads)
        self.heads, self.concat, self.sorted_edges = heads, concat, sorted_edges
        self.generator = keras.random.SeedGenerator()
        self.initializers = [keras.initializers.GlorotUniform() for _ in range(3)]

    def build(self, features_shape: tuple, edges_shape: tuple) -> None:
        """Make the weights for features of a known width."""
        width = self.heads * self.units
        of_kernel, of_source, of_target = self.initializers
        vector = (self.heads, self.units)
        self.kernel = self.add_weight((features_shape[-1], width), of_kernel, name="kernel")
        self.source_vector = self.add_weight(vector, of_source, name="source_vector")
        self.target_vector = self.add_weight(vector, of_target, name="target_vector")
        out = width if self.concat else self.units
        self.bias = self.add_weight((out,), "zeros", name="bias")

    def call(
        self, features: Any, edges: Any, training: bool = False, return_attention: bool = False
    ) -> Any:
        """Return the nodes' new features, and the attention if asked."""
        edges = _checked(edges)
        h = self.projected(features, training)  # (n_nodes, heads * units)
        scores = self._scores(h, edges)  # (n_edges, heads)
        n_nodes, target = ops.shape(h)[0], edges[1]
        powers, totals = _powers(scores, target, n_nodes, sorted=self.sorted_edges)
        inverse = 1 / ops.where(totals > 0, totals, 1)  # a node without incoming edges hears 0
        # What is heard is divided, at each node, and not the attention, at each edge.
        attended = powers
        if training and self.dropout > 0:
            attended = keras.random.dropout(powers, self.dropout, seed=self.generator)
        heard = _weighted_sum(h, attended, edges, self.heads)
        heard = ops.reshape(heard, (-1, self.heads, self.units)) * inverse[:, :, None]
        side_by_side = (-1, self.heads * self.units)
        heard = ops.reshape(heard, side_by_side) if self.concat else ops.mean(heard, axis=1)
        output = self.activation(heard + self.bias)
        if not return_attention:
            return output
        return output, powers * ops.take(inverse, target, axis=0)

    def _scores(self, h: Any, edges: Any) -> Any:
        """Return how much each edge's target asks for its source, (n_edges, heads)."""
        # (heads * units, 2 * heads): a head's vectors meet that head's columns of h alone.
        own = ops.eye(self.heads, dtype=self.compute_dtype)[:, None]
        vectors = [v[:, :, None] * own for v in (self.source_vector, self.target_vector)]
        vectors = ops.reshape(ops.concatenate(vectors, axis=2), (-1, 2 * self.heads))
        sent, asked = ops.split(ops.matmul(h, vectors), 2, axis=1)  # (n_nodes, heads) each
        return ops.leaky_relu(_look_up(sent, edges[0]) + _look_up(asked, edges[1]), 0.2)


class GraphConvolution(_GraphLayer):
    """Graph convolution over a weighted edge list (Kipf and Welling, 2017).

    A node's new features are ``sum_j w_ji x_j W + b`` over the sources j of its incoming edges.
    Called as ``layer(features, edges, edge_weights)`` with the features of `GraphAttention`, edges
    in any order and their weights, (n_edges,); `edges.normalised_adjacency` returns both. An edge
    that is there twice counts twice, and a node without incoming edges gets the bias alone.
    """

    def __init__(self, units: int, **shared: Any):
        super().__init__(units, **shared)
        self.initializer = keras.initializers.GlorotUniform()

    def build(self, features_shape: tuple, edges_shape: tuple, edge_weights_shape: tuple) -> None:
        """Make the weights for features of a known width."""
        shape = (features_shape[-1], self.units)
        self.kernel = self.add_weight(shape, self.initializer, name="kernel")
        self.bias = self.add_weight((self.units,), "zeros", name="bias")

    def call(self, features: Any, edges: Any, edge_weights: Any, training: bool = False) -> Any:
        """Return the nodes' new features."""
        # Projecting first sends few numbers over each edge instead of all features.
        h = self.projected(features, training)
        return self.activation(propagate(h, edges, edge_weights) + self.bias)


def propagate(features: Any, edges: Any, edge_weights: Any) -> Any:
    """Return for each node the weighted sum, 0 without any, of the features of those that it hears.

    Takes features (n_nodes, units), edges (2, n_edges) in any order and weights (n_edges,).
    """
    edges, features = _checked(edges), ops.convert_to_tensor(features)
    edge_weights = ops.cast(edge_weights, features.dtype)
    _check_shape("features", features, (None, None))
    _check_shape("edge_weights", edge_weights, (edges.shape[1],))
    n_nodes = ops.shape(features)[0]
    at = tf.stack([edges[1], edges[0]], axis=1)
    return _sparse_product(at, edge_weights, (n_nodes, n_nodes), features)

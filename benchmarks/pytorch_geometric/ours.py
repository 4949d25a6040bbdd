"""GAT and GCN of this course on Cora, as notebooks 06/01 and 06/07 train them, under a clock."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import clock
import keras
import numpy as np
import scipy.sparse
import tensorflow as tf

from utils.edges import normalised_adjacency, with_self_loops
from utils.graphs import GraphAttention, GraphConvolution, sparse_features

DECAY = 5e-4
GOOD = 0.8  # accuracy on the test papers to which the third row trains
MOST = 1000  # epochs, should it never be so good
SEEDS = range(3)
Epoch = Callable[[], tuple[list[tf.Tensor], tf.Tensor]]


def main(folder: Path) -> None:
    """Time both networks, and how long GAT takes to an accuracy.

    The first epoch, which compiles, comes before the clock.
    """
    with np.load(folder / "graph.npz") as stored:
        graph = dict(stored)
    shape = (len(graph["labels"]), int(graph["n_words"]))
    words = scipy.sparse.csr_matrix((graph["values"], graph["columns"], graph["starts"]), shape)
    rows = {
        "GAT: this course's": timed(gat(graph, words), graph),
        "GCN: this course's": timed(gcn(graph, words), graph),
        f"GAT to {GOOD}: this course's": until_good([gat(graph, words, seed) for seed in SEEDS]),
    }
    clock.tell(rows, ("tensorflow", "keras", "numpy"))


def gat(graph: dict[str, np.ndarray], words: scipy.sparse.csr_matrix, seed: int = 0) -> Epoch:
    """Return an epoch of GAT: 8 heads of 8, then 1 head, Adam at 0.005.

    Dropout is 0.6 on inputs and attention, as in the peers' examples; the notebook's is on the
    projections as well.
    """
    n_nodes, n_words = words.shape
    keras.utils.set_random_seed(seed)
    features = keras.Input(batch_shape=(n_nodes, n_words), sparse=True)
    edges = keras.Input(batch_shape=(2, None), dtype="int32")
    common = {"dropout": 0.6, "sorted_edges": True}
    hidden = GraphAttention(8, 8, activation="elu", **common)(features, edges)
    scores = GraphAttention(7, 1, concat=False, **common)(hidden, edges)
    looped = tf.constant(with_self_loops(graph["edges"], n_nodes), tf.int32)
    inputs = [sparse_features(words), looped]
    return compiled(keras.Model([features, edges], scores), inputs, graph, 0.005)


def gcn(graph: dict[str, np.ndarray], words: scipy.sparse.csr_matrix) -> Epoch:
    """Return an epoch of a GCN: 16 hidden units, dropout 0.5 on words and these, Adam at 0.01."""
    n_nodes, n_words = words.shape
    keras.utils.set_random_seed(0)
    features = keras.Input(batch_shape=(None, n_words), sparse=True)
    edges = keras.Input(batch_shape=(2, None), dtype="int32")
    weights = keras.Input(batch_shape=(None,))
    first = GraphConvolution(16, activation="relu", dropout=0.5)
    second = GraphConvolution(7, dropout=0.5)
    scores = second(first(features, edges, weights), edges, weights)
    looped, norm = normalised_adjacency(graph["edges"], n_nodes)
    inputs = [sparse_features(words), tf.constant(looped, tf.int32), tf.constant(norm)]
    return compiled(keras.Model([features, edges, weights], scores), inputs, graph, 0.01)


def timed(epoch: Epoch, graph: dict) -> dict[str, Any]:
    """Train for the timed epochs after one that warms up; the answer is every paper's topic."""
    epoch()

    def work() -> list[int]:
        for _ in range(int(graph["epochs"])):
            accuracies, topics = epoch()
            [float(value) for value in accuracies]  # as the example reads them each epoch
        return topics.numpy().tolist()

    return clock.timed(work)


def until_good(epochs: list[Epoch]) -> dict[str, Any]:
    """Train each network until the test papers are as good as asked; the answer is the last's.

    The first epoch of each, which compiles, comes before the clock.
    """
    for epoch in epochs:
        epoch()

    def work() -> list[int]:
        for epoch in epochs:
            for _ in range(MOST):
                accuracies, topics = epoch()
                *_, test = [float(value) for value in accuracies]
                if test >= GOOD:
                    break
        return topics.numpy().tolist()

    return clock.timed(work) | {"items": len(epochs)}


def compiled(model: keras.Model, inputs: list, graph: dict, rate: float) -> Epoch:
    """Return one epoch: a training step, then the accuracy on the three parts."""
    labels = tf.constant(graph["labels"], tf.int32)
    parts = [tf.constant(graph[part], tf.int32) for part in ("train", "validation", "test")]
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.Adam(rate, epsilon=1e-8)
    optimizer.build(model.trainable_variables)

    @tf.function
    def epoch() -> tuple[list[tf.Tensor], tf.Tensor]:
        with tf.GradientTape() as tape:
            scores = tf.gather(model(inputs, training=True), parts[0])
            penalty = tf.add_n([tf.reduce_sum(w**2) for w in model.trainable_variables])
            loss = cross_entropy(tf.gather(labels, parts[0]), scores) + DECAY / 2 * penalty
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        topics = tf.argmax(model(inputs, training=False), axis=1, output_type=tf.int32)
        right = tf.cast(topics == labels, tf.float32)
        return [tf.reduce_mean(tf.gather(right, part)) for part in parts], topics

    return epoch


if __name__ == "__main__":
    main(clock.inputs())

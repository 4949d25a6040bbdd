"""GAT and GCN as StellarGraph builds them, trained with legacy Keras."""

from __future__ import annotations

import os

os.environ["TF_USE_LEGACY_KERAS"] = "1"  # before TensorFlow is imported: the package needs it

from pathlib import Path
from typing import Any

import clock
import numpy as np
import pandas as pd
import tensorflow as tf
from stellargraph import StellarGraph
from stellargraph.layer import GAT, GCN
from stellargraph.mapper import FullBatchNodeGenerator
from tensorflow import keras

DECAY = 5e-4


def main(folder: Path) -> None:
    """Time both networks; the first epoch, which compiles, comes before the clock."""
    with np.load(folder / "graph.npz") as stored:
        graph = dict(stored)
    whole = graph_of(graph)
    decay = keras.regularizers.l2(DECAY / 2)
    common = {"activations": ["relu", "linear"], "kernel_regularizer": decay}
    rows = {}
    for name, method, network, options, rate in (
        ("GAT: sparse adjacency", "gat", GAT, gat_options(decay), 0.005),
        ("GCN: sparse adjacency", "gcn", GCN, common | {"dropout": 0.5}, 0.01),
    ):
        generator = FullBatchNodeGenerator(whole, method=method, sparse=True)
        rows[name] = timed(network, generator, graph, options, rate)
    clock.tell(rows, ("stellargraph-mvisani", "tensorflow", "tf-keras", "numpy"))


def gat_options(decay: Any) -> dict[str, Any]:
    """Return 8 heads of 8, then one head; dropout 0.6 on inputs and attention."""
    return {
        "activations": ["elu", "linear"],
        "attn_heads": 8,
        "in_dropout": 0.6,
        "attn_dropout": 0.6,
        "kernel_regularizer": decay,
        "attn_kernel_regularizer": decay,
    }


def graph_of(graph: dict[str, np.ndarray]) -> StellarGraph:
    """Return the graph as the package takes it: dense words, each link once."""
    words = np.zeros((len(graph["labels"]), int(graph["n_words"])), np.float32)
    rows = np.repeat(np.arange(len(words)), np.diff(graph["starts"]))
    words[rows, graph["columns"]] = graph["values"]
    sources, targets = graph["edges"]
    once = sources < targets
    links = pd.DataFrame({"source": sources[once], "target": targets[once]})
    return StellarGraph(pd.DataFrame(words), links)


def timed(
    network: type, generator: Any, graph: dict, options: dict[str, Any], rate: float
) -> dict[str, Any]:
    """Train for the timed epochs; the answer is the topic of every paper.

    The generator's own way into ``fit`` fails with a current TensorFlow, so ``fit`` gets the one
    batch that it makes. Each epoch is a training step and an evaluation on the validation papers.
    """
    keras.utils.set_random_seed(0)
    n_topics = int(graph["labels"].max()) + 1
    built = network(layer_sizes=[hidden_units(network), n_topics], generator=generator, **options)
    inputs, outputs = built.in_out_tensors()
    model = keras.Model(inputs, outputs)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss=loss, metrics=["acc"])
    one_hot = np.eye(n_topics, dtype=np.float32)[graph["labels"]]
    train, validation = (
        batch(generator, graph[part], one_hot[graph[part]]) for part in ("train", "validation")
    )
    common = {"batch_size": 1, "shuffle": False, "verbose": 0, "validation_data": validation}
    model.fit(*train, epochs=1, **common)

    def work() -> list[int]:
        model.fit(*train, epochs=int(graph["epochs"]), **common)
        everyone, _ = batch(generator, np.arange(len(one_hot)), one_hot)
        return model.predict_on_batch(everyone)[0].argmax(axis=1).tolist()

    return clock.timed(work)


def hidden_units(network: type) -> int:
    """Return the hidden units: 8 for each of GAT's heads, 16 in the GCN."""
    return 8 if network is GAT else 16


def batch(generator: Any, nodes: np.ndarray, targets: np.ndarray) -> tuple[list, tf.Tensor]:
    """Return the generator's one batch, as tensors."""
    inputs, wanted = generator.flow(nodes, targets)[0]
    return [tf.constant(each) for each in inputs], tf.constant(wanted)


if __name__ == "__main__":
    main(clock.inputs())

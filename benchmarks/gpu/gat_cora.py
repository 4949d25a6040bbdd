"""Notebook 06/01: the report's training, 1301 epochs each with a validation pass, five seeds."""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
import onjax

NOTEBOOK = "06_graph_networks/01_gat_cora"
CELLS = (
    "graph-attention-networks-on-cora-2",
    "graph-attention-networks-on-cora-3",
    "look-at-the-data-2",
    "attention-weights",
    "attention-layer-task",
    "the-network-2",
    "training-2:compile_network",
    "accuracy:accuracy",
    "restart-2:restart",
)


def lesson() -> dict[str, Any]:
    """Return the names of the notebook's cells up to its compiled network.

    The features are dense on JAX. A learning step of `fit` is written anew below.
    """
    space = onjax.cells(NOTEBOOK, CELLS)
    space["edges"] = space["with_self_loops"](space["cora"].edges, space["n_papers"])
    return space


def step_of(space: dict[str, Any], model: Any, graph: tuple) -> Any:
    """Return a step of the notebook's `fit` for JAX: from state to state and training loss."""
    import jax

    words, edges, labels, train = graph

    def objective(weights: list, others: list) -> tuple:
        scores, others = model.stateless_call(weights, others, [words, edges], training=True)
        return cross_entropy(labels[train], scores[train]) + penalty(space, weights), others

    def step(state: tuple) -> tuple:
        weights, others, slots = state
        (loss, others), slopes = jax.value_and_grad(objective, has_aux=True)(weights, others)
        weights, slots = model.optimizer.stateless_apply(slots, slopes, weights)
        return (weights, others, slots), loss

    return step


def cross_entropy(labels: Any, scores: Any) -> Any:
    """Return the mean cross-entropy of scores, (n, topics), in nats."""
    import keras

    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, scores)


def penalty(space: dict[str, Any], weights: list) -> Any:
    """Return what the notebook's regularisers add to the loss."""
    import jax.numpy as jnp

    return space["DECAY"] / 2 * sum(jnp.sum(w**2) for w in weights)


def epoch_of(space: dict[str, Any], model: Any, graph: tuple) -> Any:
    """Return a compiled function: a step, then the loss and accuracy on the validation papers."""
    import jax
    import jax.numpy as jnp

    step = step_of(space, model, graph)
    words, edges, labels, _ = graph
    validation = jnp.asarray(space["cora"].validation)

    @jax.jit
    def epoch(state: tuple) -> tuple:
        state, loss = step(state)
        scores, _ = model.stateless_call(*state[:2], [words, edges], training=False)
        scores, truth = scores[validation], labels[validation]
        right = jnp.mean((jnp.argmax(scores, axis=1) == truth).astype("float32"))
        validation_loss = cross_entropy(truth, scores) + penalty(space, state[0])
        return state, jnp.stack([loss, validation_loss, right])

    return epoch


def state_of(model: Any) -> tuple:
    """Return the values of a model and its optimiser, as the functions above take them."""
    parts = model.trainable_variables, model.non_trainable_variables, model.optimizer.variables
    return tuple([variable.value for variable in part] for part in parts)


def dense_graph(space: dict[str, Any]) -> tuple:
    """Return features, edges, labels and training papers as arrays on the device."""
    import jax.numpy as jnp

    cora = space["cora"]
    words = jnp.asarray(space["word_shares"].toarray(), "float32")
    edges, labels = (jnp.asarray(v, "int32") for v in (space["edges"], cora.labels))
    return words, edges, labels, jnp.asarray(cora.train)


def main(epochs: int, seeds: int) -> None:
    """Train each seed and keep its seconds and its test accuracy."""
    space = lesson()
    model, graph = space["network"], dense_graph(space)
    assert model.count_params() == 92_373
    space["compile_network"](model)
    model.optimizer.build(model.trainable_variables)
    epoch = epoch_of(space, model, graph)
    began = time.perf_counter()
    np.asarray(epoch(state_of(model))[1])
    compiled, runs = time.perf_counter() - began, []
    onjax.tell("compiled in", round(compiled, 1))
    for seed in range(seeds):
        space["restart"](model, seed)
        state, curves, began = state_of(model), [], time.perf_counter()
        for _ in range(epochs):
            state, told = epoch(state)
            curves.append(told)
        curves = np.array(curves)
        seconds = time.perf_counter() - began
        scores, _ = model.stateless_call(*state[:2], list(graph[:2]), training=False)
        test = space["accuracy"](np.asarray(scores), space["cora"].test)
        told = {"seconds": seconds, "test": test, "validation": float(curves[-1, 2])}
        runs.append(told | {"loss": float(curves[-1, 0])})
        onjax.tell("seed", seed, runs[-1])
        onjax.keep("gat_cora", epochs=epochs, compile_seconds=compiled, runs=runs)


if __name__ == "__main__":
    main(*([3, 1] if "--short" in sys.argv else [1301, 5]))

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
    "look-at-the-data-3",
    "attention-step-by-step-2",
    "the-network-2",
    "training-2",
    "training-6",
)


def lesson() -> dict[str, Any]:
    """Return the names of the notebook's cells up to its training step.

    What looks at edges before they are used asks TensorFlow's types, and is left out on JAX; the
    features are dense there. The rest of the layer takes the path that `utils.graphs` has for GPUs.
    """
    space = onjax.cells(NOTEBOOK, CELLS)
    if onjax.JAX:
        from utils import graphs

        graphs._checked = lambda edges: edges
    return space


def step_of(space: dict[str, Any], model: Any, optimizer: Any, graph: tuple) -> Any:
    """Return what the notebook's `step_of` does, for JAX: state to state and training loss."""
    import jax
    import jax.numpy as jnp

    words, edges, labels, train = graph

    def objective(weights: list, others: list) -> tuple:
        scores, others = model.stateless_call(weights, others, [words, edges], training=True)
        loss = space["cross_entropy"](labels[train], scores[train])
        penalty = sum(jnp.sum(w**2) for w in weights)
        return loss + 5e-4 / 2 * penalty, (loss, others)

    def step(state: tuple) -> tuple:
        weights, others, slots = state
        slopes, (loss, others) = jax.grad(objective, has_aux=True)(weights, others)
        weights, slots = optimizer.stateless_apply(slots, slopes, weights)
        return (weights, others, slots), loss

    return step


def epoch_of(space: dict[str, Any], model: Any, optimizer: Any, graph: tuple) -> Any:
    """Return what the notebook's `epoch` does, compiled: a step, then a validation pass."""
    import jax
    import jax.numpy as jnp

    step = step_of(space, model, optimizer, graph)
    words, edges, labels, _ = graph
    validation = jnp.asarray(space["cora"].validation)
    largest = np.bincount(space["cora"].labels[space["cora"].validation]).argmax()

    @jax.jit
    def epoch(state: tuple) -> tuple:
        state, loss = step(state)
        scores, _ = model.stateless_call(*state[:2], [words, edges], training=False)
        chosen, truth = jnp.argmax(scores, axis=1), labels[validation]
        right = jnp.mean((chosen[validation] == truth).astype("float32"))
        validation_loss = space["cross_entropy"](truth, scores[validation])
        said = jnp.mean((chosen == largest).astype("float32"))
        return state, jnp.stack([loss, validation_loss, right, said])

    return epoch


def state_of(model: Any, optimizer: Any) -> tuple:
    """Return the values of a model and its optimiser, as the functions above take them."""
    parts = model.trainable_variables, model.non_trainable_variables, optimizer.variables
    return tuple([variable.value for variable in part] for part in parts)


def dense_graph(space: dict[str, Any]) -> tuple:
    """Return features, edges, labels and training papers as arrays on the device."""
    import jax.numpy as jnp

    cora = space["cora"]
    words = jnp.asarray(space["features"].toarray())
    edges, labels = (jnp.asarray(v, "int32") for v in (space["edges"], cora.labels))
    return words, edges, labels, jnp.asarray(cora.train)


def main(epochs: int, seeds: int) -> None:
    """Train each seed and keep its seconds and its test accuracy."""
    space = lesson()
    model, graph = space["gat"], dense_graph(space)
    assert model.count_params() == 92_373
    optimizer = space["new_optimizer"](model)
    epoch = epoch_of(space, model, optimizer, graph)
    began = time.perf_counter()
    np.asarray(epoch(state_of(model, optimizer))[1])
    compiled, runs = time.perf_counter() - began, []
    onjax.tell("compiled in", round(compiled, 1))
    for seed in range(seeds):
        space["restart"](model, optimizer, space["build_gat"](seed))
        state, curves, began = state_of(model, optimizer), [], time.perf_counter()
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

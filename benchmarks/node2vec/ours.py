"""Walks by this course: the functions of notebook 06/03, from its own source."""

from __future__ import annotations

import json
from pathlib import Path

import clock
import numpy as np
from lesson import taught

NOTEBOOK = "06_graph_networks/03_deepwalk_node2vec"
NAMES = ("neighbour_lists", "step", "random_walks", "has_edge", "biased")


def main(folder: Path) -> None:
    """Time neighbour lists and walks together for each pair of p and q."""
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    with np.load(folder / "graph.npz") as stored:
        edges, n_nodes = stored["edges"], int(stored["n_nodes"])
    own = taught(NOTEBOOK, NAMES)

    def walk(p: float, q: float, per_node: int) -> np.ndarray:
        graph = own["neighbour_lists"](edges, n_nodes)
        rng, move = np.random.default_rng(0), own["biased"](p, q)
        return own["random_walks"](graph, per_node, settings["length"], rng, move)

    rows = {}
    for p, q in settings["biases"]:
        walk(p, q, 1)  # the first call loads what NumPy loads late
        row = clock.timed(lambda p=p, q=q: walk(p, q, settings["per_node"]))
        row["answer"] = row["answer"][:: settings["shown"]].tolist()
        rows[f"p {p:g}, q {q:g}"] = row
    clock.tell(rows, ("numpy",))


if __name__ == "__main__":
    main(clock.inputs())

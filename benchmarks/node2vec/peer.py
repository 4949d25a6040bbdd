"""Walks by the node2vec package, in one process."""

import json
from pathlib import Path

import clock
import networkx as nx
import numpy as np
from node2vec import Node2Vec


def main(folder: Path) -> None:
    """Time transition probabilities and walks together, as the package makes them in one call."""
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    with np.load(folder / "graph.npz") as stored:
        edges, n_nodes = stored["edges"], int(stored["n_nodes"])
    graph = nx.Graph()
    graph.add_nodes_from(range(n_nodes))
    graph.add_edges_from(edges.T.tolist())

    def walk(p: float, q: float, per_node: int) -> list[list[str]]:
        common = {"walk_length": settings["length"], "num_walks": per_node, "workers": 1}
        return Node2Vec(graph, p=p, q=q, quiet=True, seed=0, **common).walks

    rows = {}
    for p, q in settings["biases"]:
        walk(p, q, 1)
        row = clock.timed(lambda p=p, q=q: walk(p, q, settings["per_node"]))
        row["answer"] = [
            padded(each, settings["length"]) for each in row["answer"][:: settings["shown"]]
        ]
        rows[f"p {p:g}, q {q:g}"] = row
    clock.tell(rows, ("node2vec", "networkx", "numpy"))


def padded(walk: list[str], length: int) -> list[int]:
    """Return a walk's nodes as numbers, -1 after its end."""
    return [int(node) for node in walk] + [-1] * (length - len(walk))


if __name__ == "__main__":
    main(clock.inputs())

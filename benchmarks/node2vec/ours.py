"""Walks by this course: the function that notebook 06/03 walks with."""

import json
from pathlib import Path

import clock
import numpy as np

from utils.walks import biased_walks


def main(folder: Path) -> None:
    """Time neighbour lists and walks together for each pair of p and q."""
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    with np.load(folder / "graph.npz") as stored:
        edges, n_nodes = stored["edges"], int(stored["n_nodes"])

    def walk(p: float, q: float, per_node: int) -> list[list[int]]:
        neighbours = [[] for _ in range(n_nodes)]
        for source, target in edges.T.tolist():
            neighbours[source].append(target)
        return biased_walks(neighbours, per_node, settings["length"], p=p, q=q)

    rows = {}
    for p, q in settings["biases"]:
        walk(p, q, 1)  # the first call loads what NumPy loads late
        row = clock.timed(lambda p=p, q=q: walk(p, q, settings["per_node"]))
        shown = row["answer"][:: settings["shown"]]
        row["answer"] = [padded(each, settings["length"]) for each in shown]
        rows[f"p {p:g}, q {q:g}"] = row
    clock.tell(rows, ("numpy",))


def padded(walk: list[int], length: int) -> list[int]:
    """Return a walk's nodes, with -1 after its end."""
    return walk + [-1] * (length - len(walk))


if __name__ == "__main__":
    main(clock.inputs())

"""Walks by this course: the functions of notebook 06/03, from its own source."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import clock
import numpy as np

NOTEBOOK = "notebooks/06_graph_networks/03_deepwalk_node2vec.ipynb"
NAMES = ("neighbour_lists", "step", "random_walks", "has_edge", "biased")


def main(folder: Path) -> None:
    """Time neighbour lists and walks together for each pair of p and q."""
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    with np.load(folder / "graph.npz") as stored:
        edges, n_nodes = stored["edges"], int(stored["n_nodes"])
    taught = lesson(Path(__file__).resolve().parents[2] / NOTEBOOK)

    def walk(p: float, q: float, per_node: int) -> np.ndarray:
        graph = taught["neighbour_lists"](edges, n_nodes)
        rng, move = np.random.default_rng(0), taught["biased"](p, q)
        return taught["random_walks"](graph, per_node, settings["length"], rng, move)

    rows = {}
    for p, q in settings["biases"]:
        walk(p, q, 1)  # the first call loads what NumPy loads late
        row = clock.timed(lambda p=p, q=q: walk(p, q, settings["per_node"]))
        row["answer"] = row["answer"][:: settings["shown"]].tolist()
        rows[f"p {p:g}, q {q:g}"] = row
    clock.tell(rows, ("numpy",))


def lesson(path: Path) -> dict[str, Any]:
    """Return the walking functions as the notebook defines them."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    wanted = [
        node
        for node in ast.parse(code).body
        if isinstance(node, ast.FunctionDef) and node.name in NAMES
    ]
    namespace = {"np": np, "SimpleNamespace": SimpleNamespace}
    exec(compile(ast.Module(wanted, []), path.name, "exec"), namespace)
    return namespace


if __name__ == "__main__":
    main(clock.inputs())

"""The graph that both sides walk on, and whether their walks obey p and q."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from utils import data

SETTINGS = {"per_node": 10, "length": 80, "biases": [[0.25, 4.0], [4.0, 0.25]], "shown": 20}


def make(folder: Path, source: str) -> dict[str, Any]:
    """Write the edges; return how many walks are timed, and on what."""
    cora = data.load("cora", data=source)
    n_nodes = len(cora.labels)
    np.savez(folder / "graph.npz", edges=cora.edges, n_nodes=n_nodes)
    (folder / "settings.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    length = SETTINGS["length"]
    return {"items": n_nodes * SETTINGS["per_node"], "what": f"of {length} nodes on Cora"}


def judge(folder: Path, answers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], dict]:
    """Return how well each row's steps agree with the chances that p and q give.

    A step from v, reached from t, leads back to t, to a neighbour of t, or further away. The
    agreement is 1 less half the sum of differences between the three observed shares and the
    expected ones: 1 for walks that follow the rule, up to chance.
    """
    with np.load(folder / "graph.npz") as stored:
        edges, n_nodes = stored["edges"], int(stored["n_nodes"])
    near = np.zeros((n_nodes, n_nodes), bool)
    near[tuple(edges)] = True
    names = {_name(p, q): (p, q) for p, q in SETTINGS["biases"]}
    return {
        (side, row): {"agreement": _agreement(np.array(walks), near, *names[row])}
        for (side, row), walks in answers.items()
    }


def _name(p: float, q: float) -> str:
    return f"p {p:g}, q {q:g}"


def _agreement(walks: np.ndarray, near: np.ndarray, p: float, q: float) -> float:
    t, v, x = (walks[:, i : walks.shape[1] - 2 + i] for i in range(3))
    there = x >= 0
    t, v, x = t[there], v[there], x[there]
    back = x == t
    observed = np.array([back.sum(), (near[t, x] & ~back).sum(), (~near[t, x] & ~back).sum()])
    common = (near[t] & near[v]).sum(axis=1)  # neighbours of v that are neighbours of t
    weights = np.stack([np.full(len(t), 1 / p), common, (near[v].sum(axis=1) - 1 - common) / q])
    expected = (weights / weights.sum(axis=0)).sum(axis=1)
    return float(1 - np.abs(observed - expected).sum() / (2 * len(t)))

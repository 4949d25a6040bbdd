"""Kernel matrices by GraKeL."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clock
import grakel
import numpy as np


def main(folder: Path) -> None:
    """Time ``fit_transform`` of each kernel."""
    digits = on_grid(np.load(folder / "digits.npy"))
    written = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    questions = [of_words(nodes, edges) for nodes, edges in written]
    nspd = lambda: grakel.NeighborhoodSubgraphPairwiseDistance(r=3, d=2)  # noqa: E731
    wl = lambda: grakel.WeisfeilerLehman(n_iter=1, base_graph_kernel=grakel.VertexHistogram)  # noqa: E731
    rows = {
        "NSPD: GraKeL": row(folder, "nspd", nspd, digits),
        "paths: GraKeL": row(folder, "paths", grakel.ShortestPath, questions),
        "WL: GraKeL": row(folder, "wl", wl, questions),
    }
    clock.tell(rows, ("grakel", "numpy", "scipy", "scikit-learn"))


def on_grid(labels: np.ndarray) -> list[tuple]:
    """Return pictures of 8 x 8 pixels as the library takes graphs, as notebook 05/01 does."""
    number = np.arange(64).reshape(8, 8)
    across = [(a, b) for a, b in zip(number[:, :-1].flat, number[:, 1:].flat, strict=True)]
    down = [(a, b) for a, b in zip(number[:-1].flat, number[1:].flat, strict=True)]
    pairs = [(int(a), int(b)) for a, b in across + down]
    kinds = dict(zip(pairs, [1] * len(across) + [2] * len(down), strict=True))
    return [(pairs, dict(enumerate(row)), kinds) for row in labels.tolist()]


def of_words(nodes: list[str], edges: list[list[int]]) -> tuple:
    """Return a graph of words as the library takes it: edges in both directions, and labels."""
    both = {(a, b) for a, b in edges} | {(b, a) for a, b in edges}
    return dict.fromkeys(sorted(both), 1.0), dict(enumerate(nodes))


def row(folder: Path, name: str, kernel: Callable[[], Any], graphs: list[tuple]) -> dict[str, Any]:
    """Time a kernel, once it has run on a few graphs, and keep its matrix beside the inputs."""
    kernel().fit_transform(graphs[:5])
    found = clock.timed(lambda: kernel().fit_transform(graphs))
    file = f"peer-{name}.npy"
    np.save(folder / file, found["answer"])
    return found | {"answer": file, "items": len(graphs)}


if __name__ == "__main__":
    main(clock.inputs())

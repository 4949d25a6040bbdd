"""Kernel matrices by this course: what notebooks 05/01 and 05/02 teach, from their source."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clock
import nspd
import numpy as np
import words


def main(folder: Path) -> None:
    """Time each kernel's matrix, from graphs to all pairs of them."""
    digits = np.load(folder / "digits.npy")
    written = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    graphs = [(nodes, np.array(edges, np.int64).reshape(-1, 2)) for nodes, edges in written]

    def balls(labels: np.ndarray) -> np.ndarray:
        edges = nspd.grid["grid_graph_edges"](8, 8)
        kinds = np.where(edges[:, 1] - edges[:, 0] == 1, 1, 2)
        return squared(nspd.explicit_features(labels, edges, kinds))

    def paths(graphs: list) -> np.ndarray:
        return squared(words.path_features(words.side_by_side(graphs)))

    def wl(graphs: list) -> np.ndarray:
        return squared(words.wl_features(words.side_by_side(graphs), 1))

    rows = {
        "NSPD: explicit features": row(folder, balls, digits),
        "paths: explicit features": row(folder, paths, graphs),
        "WL: explicit features": row(folder, wl, graphs),
    }
    clock.tell(rows, ("numpy", "scipy"))


def squared(features: Any) -> np.ndarray:
    """Return the dot products of all pairs of rows."""
    return (features @ features.T).toarray()


def row(folder: Path, kernel: Callable[[Any], np.ndarray], graphs: Any) -> dict[str, Any]:
    """Time a kernel, once it has run on a few graphs, and keep its matrix beside the inputs."""
    kernel(graphs[:5])
    found = clock.timed(lambda: kernel(graphs))
    name = f"ours-{kernel.__name__}.npy"
    np.save(folder / name, found["answer"])
    return found | {"answer": name, "items": len(graphs)}


if __name__ == "__main__":
    main(clock.inputs())

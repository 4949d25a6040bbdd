"""Cora: what both sides read, and what answers are worth."""

from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse

from utils import data

EPOCHS = 100  # that the clock sees, one training step and one evaluation each


def make(folder: Path, source: str) -> dict[str, Any]:
    """Write the graph as plain arrays; return how many epochs are timed, and of what."""
    cora = data.load("cora", data=source)
    words = np.maximum(np.asarray(cora.features.sum(axis=1)).ravel(), 1)
    features = scipy.sparse.csr_matrix(scipy.sparse.diags_array(1 / words) @ cora.features)
    np.savez(
        folder / "graph.npz",
        values=features.data.astype(np.float32),
        columns=features.indices.astype(np.int64),
        starts=features.indptr.astype(np.int64),
        n_words=features.shape[1],
        labels=cora.labels,
        edges=cora.edges,
        train=cora.train,
        validation=cora.validation,
        test=cora.test,
        epochs=EPOCHS,
    )
    return {"items": EPOCHS, "what": f"Cora, {cora.edges.shape[1]:,} edges"}


def judge(folder: Path, answers: dict[tuple[str, str], Any]) -> dict[tuple[str, str], dict]:
    """Return each row's accuracy on the test papers, from its topic for every paper."""
    with np.load(folder / "graph.npz") as stored:
        labels, test = stored["labels"], stored["test"]
    return {
        row: {"accuracy": float((np.array(topics)[test] == labels[test]).mean())}
        for row, topics in answers.items()
    }

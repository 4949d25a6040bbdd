"""PPI: graphs of proteins that interact, one a human tissue, and what each protein does.

The official archive holds four files for each part of the split: the edges of all its graphs as
node-link JSON, and the features, the labels and the number of its graph for every node.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.core.cards import DataError
from data.core.fetch import Files
from data.core.record import Record

ARCHIVE = "ppi.zip"
PARTS = {"train": "train", "validation": "valid", "test": "test"}  # our name, the files' name
N_FEATURES, N_LABELS = 50, 121


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ProteinGraphs(Record):
    """Graphs whose nodes have features and any number of labels.

    Parameters
    ----------
    features : tuple of np.ndarray
        One a graph, (n, 50) float32.
    labels : tuple of np.ndarray
        One a graph, (n, 121) uint8: 1 where a protein has a function.
    edges : tuple of np.ndarray
        One a graph, (2, n_edges) int64: both directions of every interaction, once, without self
        loops, sorted; the nodes of each graph are numbered from 0. A node may have no edge.
    train, validation, test : np.ndarray
        int64, the graphs of each part of the split.
    """

    features: tuple[np.ndarray, ...]
    labels: tuple[np.ndarray, ...]
    edges: tuple[np.ndarray, ...]
    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def read(files: Files) -> ProteinGraphs:
    """Read 24 tissues, 56,944 proteins in all, 121 functions."""
    return _record(read_folder(files.folder()))


def sample(seed: int = 0) -> ProteinGraphs:
    """Draw graphs like it."""
    from data.ppi.generator import protein_graphs

    return _record(protein_graphs(seed=seed))


def _record(graphs: dict[str, Any]) -> ProteinGraphs:
    lists = {name: tuple(graphs.pop(name)) for name in ("features", "labels", "edges")}
    return ProteinGraphs(**lists, **graphs)


def read_folder(folder: Path) -> dict[str, Any]:
    """Read the twelve files of the unpacked archive: the fields of `ProteinGraphs`.

    They are ``train_graph.json``, ``train_feats.npy``, ``train_labels.npy``,
    ``train_graph_id.npy``, and the same for ``valid`` and ``test``. Graphs stand in the order of
    the parts, then of their numbers. A DataError names the file and what is wrong with it.
    """
    graphs: dict[str, Any] = {"features": [], "labels": [], "edges": []}
    for part, prefix in PARTS.items():
        before = len(graphs["features"])
        for one in read_part(folder, prefix):
            for name, value in one.items():
                graphs[name].append(value)
        graphs[part] = np.arange(before, len(graphs["features"]))
    return graphs


def read_part(folder: Path, prefix: str) -> list[dict[str, np.ndarray]]:
    """Read one part of the split: features, labels and edges of each of its graphs.

    A DataError names the file and what is wrong with it.
    """
    features = _array(folder / f"{prefix}_feats.npy", N_FEATURES).astype(np.float32)
    labels = _array(folder / f"{prefix}_labels.npy", N_LABELS).astype(np.uint8)
    ids = _array(folder / f"{prefix}_graph_id.npy")
    if not len(features) == len(labels) == len(ids):
        counts = f"{len(features)} rows of features, {len(labels)} of labels, {len(ids)} graphs"
        raise DataError(f"{folder / prefix}_*.npy do not belong together: {counts}.")
    edges = read_edges(folder / f"{prefix}_graph.json", len(features))
    found = []
    number = np.empty(len(ids), np.int64)  # of a node in its own graph
    for graph in np.unique(ids):
        inside = np.flatnonzero(ids == graph)
        number[inside] = np.arange(len(inside))
        own = number[edges[:, ids[edges[0]] == graph]]
        found.append({"features": features[inside], "labels": labels[inside], "edges": own})
    return found


def read_edges(path: Path, n_nodes: int) -> np.ndarray:
    """Read the edges of a node-link JSON file, (2, n_edges) int64.

    The file is ``{"links": [{"source": 0, "target": 7}, ...], ...}``, and its nodes are
    0 .. n_nodes - 1, as many as the other files have; anything else is a DataError. Both
    directions are there, no repeats, no self loops, sorted.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        pairs = [(link["source"], link["target"]) for link in content["links"]]
        edges = np.array(pairs, np.int64).reshape(-1, 2)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise DataError(f"{path} cannot be read as node-link JSON: {error!r}") from error
    if edges.size and not 0 <= edges.min() <= edges.max() < n_nodes:
        raise DataError(f"{path}: a link joins a node that is not one of 0 to {n_nodes - 1}.")
    edges = edges[edges[:, 0] != edges[:, 1]]
    keys = np.unique(np.concatenate([edges, edges[:, ::-1]]) @ np.array([n_nodes, 1]))
    return np.stack([keys // n_nodes, keys % n_nodes])


def _array(path: Path, *row: int) -> np.ndarray:
    """Read an array with a row of this shape for every node."""
    try:
        array = np.load(path)
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{path} cannot be read as a NumPy array: {error}") from error
    if array.shape[1:] != row:
        raise DataError(f"{path}: expected shape {('n', *row)}, found {array.shape}.")
    return array

"""PPI: graphs of proteins that interact, one a human tissue, and what each protein does.

The official archive holds four files for each part of the split: the edges of all its graphs as
node-link JSON, and the features, the labels and the number of its graph for every node.
"""

from __future__ import annotations

import json
from collections.abc import Callable
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
    features = _array(folder / f"{prefix}_feats.npy", (N_FEATURES,), _is_finite, "finite numbers")
    labels = _array(folder / f"{prefix}_labels.npy", (N_LABELS,), _is_binary, "0 and 1")
    ids = _array(folder / f"{prefix}_graph_id.npy", (), _is_whole, "whole numbers")
    if not len(features) == len(labels) == len(ids):
        counts = f"{len(features)} rows of features, {len(labels)} of labels, {len(ids)} graphs"
        raise DataError(f"{folder / prefix}_*.npy do not belong together: {counts}.")
    edges = read_edges(folder / f"{prefix}_graph.json", len(features))
    crossing = ids[edges[0]] != ids[edges[1]]
    if crossing.any():
        one, other = edges[:, crossing][:, 0]
        raise DataError(
            f"{folder / prefix}_graph.json joins node {one} of graph {ids[one]} "
            f"to node {other} of graph {ids[other]}."
        )
    found = []
    number = np.empty(len(ids), np.int64)  # of a node in its own graph
    for graph in np.unique(ids):
        inside = np.flatnonzero(ids == graph)
        number[inside] = np.arange(len(inside))
        own = number[edges[:, ids[edges[0]] == graph]]
        words, functions = features[inside].astype(np.float32), labels[inside].astype(np.uint8)
        found.append({"features": words, "labels": functions, "edges": own})
    return found


def read_edges(path: Path, n_nodes: int) -> np.ndarray:
    """Read the edges of a node-link JSON file, (2, n_edges) int64.

    The file is ``{"nodes": [{"id": 0}, ...], "links": [{"source": 0, "target": 7}, ...]}``, and its
    nodes are 0 .. n_nodes - 1, as many as the other files have; anything else is a DataError. Both
    directions are there, no repeats, no self loops, sorted.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        ids = _whole([node["id"] for node in content["nodes"]])
        pairs = _whole([(link["source"], link["target"]) for link in content["links"]])
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise DataError(f"{path} cannot be read as node-link JSON: {error!r}") from error
    if not np.array_equal(np.sort(ids), np.arange(n_nodes)):
        raise DataError(
            f"{path} has {len(ids)} nodes, {len(np.unique(ids))} of them different; "
            f"expected 0 to {n_nodes - 1}, one for each row of the features."
        )
    edges = pairs.reshape(-1, 2)
    outside = ((edges < 0) | (edges >= n_nodes)).any(axis=1)
    if outside.any():
        at = int(np.flatnonzero(outside)[0])
        raise DataError(
            f"{path}: link {at} joins {edges[at, 0]} and {edges[at, 1]}, "
            f"but there are only the nodes 0 to {n_nodes - 1}."
        )
    edges = edges[edges[:, 0] != edges[:, 1]]
    keys = np.unique(np.concatenate([edges, edges[:, ::-1]]) @ np.array([n_nodes, 1]))
    return np.stack([keys // n_nodes, keys % n_nodes])


def _whole(numbers: list) -> np.ndarray:
    """Return whole numbers as int64; a TypeError where one is none."""
    return np.array(numbers, None if numbers else np.int64).astype(np.int64, casting="safe")


def _array(
    path: Path,
    row: tuple[int, ...],
    is_right: Callable[[np.ndarray], np.ndarray],
    expected: str,
) -> np.ndarray:
    """Read an array with a row of this shape for every node."""
    try:
        found = np.load(path, allow_pickle=False)  # a pickle could run what it says
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{path} cannot be read as a NumPy array: {error}") from error
    numbers = found.dtype.kind in "biuf" and found.size > 0
    if not numbers or found.shape[1:] != row or not is_right(found).all():
        shape = ", ".join(["n", *map(str, row)])
        raise DataError(
            f"{path}: expected {expected} of shape ({shape}), "
            f"found {found.dtype} of shape {found.shape}."
        )
    return found


def _is_finite(values: np.ndarray) -> np.ndarray:
    return np.abs(values) <= np.finfo(np.float32).max


def _is_binary(values: np.ndarray) -> np.ndarray:
    return (values == 0) | (values == 1)


def _is_whole(values: np.ndarray) -> np.ndarray:
    return values % 1 == 0

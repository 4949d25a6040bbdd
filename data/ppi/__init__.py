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

    @property
    def items(self) -> int:
        """Number of graphs."""
        return len(self.features)


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
    """Read the twelve files of the unpacked archive.

    Parameters
    ----------
    folder : Path
        Holds ``train_graph.json``, ``train_feats.npy``, ``train_labels.npy``,
        ``train_graph_id.npy``, and the same for ``valid`` and ``test``.

    Returns
    -------
    dict
        The fields of `ProteinGraphs`; graphs in the order of the parts, then of their numbers.

    Raises
    ------
    DataError
        Names the file and what is wrong with it.
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

    Raises
    ------
    DataError
        Names the file and what is wrong with it.
    """
    features = _features(folder / f"{prefix}_feats.npy")
    n_nodes = len(features)
    labels = _labels(folder / f"{prefix}_labels.npy", n_nodes)
    graph_id = _graph_ids(folder / f"{prefix}_graph_id.npy", n_nodes)
    edges = read_edges(folder / f"{prefix}_graph.json", n_nodes)
    crossing = graph_id[edges[0]] != graph_id[edges[1]]
    if crossing.any():
        one, other = edges[:, crossing][:, 0]
        raise DataError(
            f"{folder / prefix}_graph.json joins node {one} of graph {graph_id[one]} "
            f"to node {other} of graph {graph_id[other]}."
        )
    found = []
    number = np.empty(n_nodes, np.int64)  # of a node in its own graph
    for graph in np.unique(graph_id):
        inside = np.flatnonzero(graph_id == graph)
        number[inside] = np.arange(len(inside))
        own = edges[:, graph_id[edges[0]] == graph]
        found.append({"features": features[inside], "labels": labels[inside], "edges": number[own]})
    return found


def read_edges(path: Path, n_nodes: int) -> np.ndarray:
    """Read the edges of a node-link JSON file.

    Parameters
    ----------
    path : Path
        ``{"nodes": [{"id": 0}, ...], "links": [{"source": 0, "target": 7}, ...]}``
    n_nodes : int
        How many nodes the other files have; their numbers are 0 .. n_nodes - 1.

    Returns
    -------
    array of int64, (2, n_edges)
        Both directions, no repeats, no self loops, sorted.

    Raises
    ------
    DataError
        If it is no such file, its nodes are others, or an edge leads to a missing node.
    """
    content = _json(path)
    ids = [_entry(node, "id", path, "node", i) for i, node in enumerate(content["nodes"])]
    if sorted(ids) != list(range(n_nodes)):
        raise DataError(
            f"{path} has {len(ids)} nodes, {len(set(ids))} of them different; "
            f"expected 0 to {n_nodes - 1}, one for each row of the features."
        )
    pairs = [
        [_entry(link, end, path, "link", i) for end in ("source", "target")]
        for i, link in enumerate(content["links"])
    ]
    edges = np.array(pairs, np.int64).reshape(-1, 2)
    outside = ((edges < 0) | (edges >= n_nodes)).any(axis=1)
    if outside.any():
        at = int(np.flatnonzero(outside)[0])
        raise DataError(
            f"{path}: link {at} joins {edges[at, 0]} and {edges[at, 1]}, "
            f"but there are only the nodes 0 to {n_nodes - 1}."
        )
    edges = edges[edges[:, 0] != edges[:, 1]]
    keys = np.unique(np.concatenate([edges, edges[:, ::-1]]) @ np.array([n_nodes, 1]))
    return np.stack([keys // max(n_nodes, 1), keys % max(n_nodes, 1)])


def _json(path: Path) -> dict[str, list]:
    """Return a JSON object with the lists ``nodes`` and ``links``."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path} cannot be read as JSON: {error}") from error
    for name in ("nodes", "links"):
        if not isinstance(content, dict) or not isinstance(content.get(name), list):
            raise DataError(f"{path} is no node-link JSON: it has no list {name!r}.")
    return content


def _entry(item: Any, name: str, path: Path, kind: str, at: int) -> int:
    """Return a node number out of a node or link."""
    value = item.get(name) if isinstance(item, dict) else None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**31:
        raise DataError(f"{path}: {kind} {at} has the {name} {value!r}, expected a whole number.")
    return value


def _array(path: Path, shape: tuple[int | None, ...]) -> np.ndarray:
    """Read an array of numbers; None in the shape stands for any length."""
    try:
        found = np.load(path, allow_pickle=False)  # a pickle could run what it says
    except (OSError, ValueError, EOFError) as error:
        raise DataError(f"{path} cannot be read as a NumPy array: {error}") from error
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "biuf":
        raise DataError(f"{path} holds {getattr(found, 'dtype', 'several arrays')}, not numbers.")
    fits = len(shape) == found.ndim
    fits = fits and all(n in (None, m) for n, m in zip(shape, found.shape, strict=True))
    if not fits:
        wanted = " x ".join("n" if n is None else str(n) for n in shape)
        raise DataError(f"{path} has the shape {found.shape}, expected {wanted}.")
    return found


def _features(path: Path) -> np.ndarray:
    features = _array(path, (None, N_FEATURES))
    with np.errstate(over="ignore"):  # too large for float32 becomes infinite, and is found
        features = features.astype(np.float32)
    if len(features) == 0:
        raise DataError(f"{path} holds no node.")
    if not np.isfinite(features).all():
        row, column = np.argwhere(~np.isfinite(features))[0]
        raise DataError(
            f"{path}: feature {column} of node {row} is {features[row, column]}, no finite number."
        )
    return features


def _labels(path: Path, n_nodes: int) -> np.ndarray:
    labels = _array(path, (n_nodes, N_LABELS))
    wrong = (labels != 0) & (labels != 1)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise DataError(
            f"{path}: label {column} of node {row} is {labels[row, column]}, expected 0 or 1."
        )
    return labels.astype(np.uint8)


def _graph_ids(path: Path, n_nodes: int) -> np.ndarray:
    ids = _array(path, (n_nodes,))
    if ids.dtype.kind not in "iu":
        raise DataError(f"{path} holds {ids.dtype}, expected whole numbers of graphs.")
    return ids.astype(np.int64)

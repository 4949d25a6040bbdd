"""PPI: graphs of proteins that interact, one a human tissue, and what each protein does.

The official archive holds four files for each part of the split: the edges of all its graphs as
node-link JSON, and the features, the labels and the number of its graph for every node.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.cora import undirected_edges
from data.core.fetch import Files
from data.core.record import Record
from data.ppi.generator import protein_graphs

PARTS = {"train": "train", "validation": "valid", "test": "test"}  # our name, the files' name


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ProteinGraphs(Record):
    """Graphs whose nodes have features and any number of labels."""

    features: tuple[np.ndarray, ...]  # one a graph, (n, 50) float32
    labels: tuple[np.ndarray, ...]  # one a graph, (n, 121) uint8: 1 where a protein has a function
    # One a graph, (2, n_edges) int64: both directions of every interaction, once, without self
    # loops, sorted; the nodes of each graph are numbered from 0. A node may have no edge.
    edges: tuple[np.ndarray, ...]
    train: np.ndarray  # int64, the graphs to train on
    validation: np.ndarray  # int64, the graphs to choose on
    test: np.ndarray  # int64, the graphs to test on


def read(files: Files) -> ProteinGraphs:
    """Read 24 tissues, 56,944 proteins in all, 121 functions.

    The folder holds ``train_graph.json``, ``train_feats.npy``, ``train_labels.npy``,
    ``train_graph_id.npy``, and the same for ``valid`` and ``test``. Graphs stand in the order of
    the parts, then of their numbers.
    """
    folder = files.folder()
    graphs: list[tuple[np.ndarray, ...]] = []
    parts = {}
    for part, prefix in PARTS.items():
        before = len(graphs)
        graphs += read_part(folder, prefix)
        parts[part] = np.arange(before, len(graphs))
    features, labels, edges = zip(*graphs, strict=True)
    return ProteinGraphs(features=features, labels=labels, edges=edges, **parts)


def sample() -> ProteinGraphs:
    """Draw graphs like it."""
    graphs = protein_graphs()
    lists = {name: tuple(graphs.pop(name)) for name in ("features", "labels", "edges")}
    return ProteinGraphs(**lists, **graphs)


def read_part(folder: Path, prefix: str) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Read one part of the split: features, labels and edges of each of its graphs."""
    features = np.load(folder / f"{prefix}_feats.npy").astype(np.float32)
    labels = np.load(folder / f"{prefix}_labels.npy").astype(np.uint8)
    ids = np.load(folder / f"{prefix}_graph_id.npy")
    content = json.loads((folder / f"{prefix}_graph.json").read_text(encoding="utf-8"))
    pairs = [(link["source"], link["target"]) for link in content["links"]]
    edges = undirected_edges(np.array(pairs, np.int64), len(ids))
    graphs = []
    for graph in np.unique(ids):
        nodes = np.flatnonzero(ids == graph)
        own = edges[:, ids[edges[0]] == graph]
        graphs.append((features[nodes], labels[nodes], np.searchsorted(nodes, own)))
    return graphs

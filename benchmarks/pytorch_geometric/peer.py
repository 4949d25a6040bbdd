"""GAT and GCN as PyTorch Geometric's own examples train them, and over sparse matrices."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import clock
import numpy as np
import torch
import torch.nn.functional as F
from torch_geometric.nn import GATConv, GCNConv

DECAY = 5e-4
GOOD = 0.8  # accuracy on the test papers to which the last row trains
MOST = 1000  # epochs, should it never be so good
SEEDS = range(3)
Epoch = Callable[[], tuple[list[float], torch.Tensor]]


class GAT(torch.nn.Module):
    """8 heads of 8, then 1 head; dropout 0.6 on inputs and attention."""

    def __init__(self, n_words: int, n_topics: int) -> None:
        super().__init__()
        self.first = GATConv(n_words, 8, 8, dropout=0.6)
        self.second = GATConv(64, n_topics, heads=1, concat=False, dropout=0.6)

    def forward(self, x: torch.Tensor, edges: torch.Tensor) -> torch.Tensor:
        """Return the scores of all papers."""
        x = F.dropout(x, p=0.6, training=self.training)
        x = F.elu(self.first(x, edges))
        return self.second(F.dropout(x, p=0.6, training=self.training), edges)


class GCN(torch.nn.Module):
    """16 hidden units; dropout 0.5 on words and hidden units; the propagation is computed once."""

    def __init__(self, n_words: int, n_topics: int) -> None:
        super().__init__()
        self.first = GCNConv(n_words, 16, cached=True)
        self.second = GCNConv(16, n_topics, cached=True)

    def forward(self, x: torch.Tensor, edges: torch.Tensor) -> torch.Tensor:
        """Return the scores of all papers."""
        x = F.dropout(x, p=0.5, training=self.training)
        x = self.first(x, edges).relu()
        return self.second(F.dropout(x, p=0.5, training=self.training), edges)


def main(folder: Path) -> None:
    """Time both networks over the dense words and edges of the examples, then sparsely."""
    torch.set_num_threads(clock.threads())
    with np.load(folder / "graph.npz") as stored:
        graph = {name: torch.from_numpy(stored[name]) for name in stored.files}
    words, n_nodes = dense(graph), len(graph["labels"])
    adjacency = torch.sparse_coo_tensor(  # entry (target, source), as `adj_t` of the package
        graph["edges"].flip(0), torch.ones(graph["edges"].shape[1]), (n_nodes, n_nodes)
    ).to_sparse_csr()
    rows = {}
    for name, network, rate in (("GAT", GAT, 0.005), ("GCN", GCN, 0.01)):
        rows[f"{name}: as its example"] = timed(network, words, graph["edges"], graph, rate)
        rows[f"{name}: sparse adjacency"] = timed(network, words, adjacency, graph, rate)
    rows[f"GAT to {GOOD}: as its example"] = until_good(words, graph)
    clock.tell(rows, ("torch-geometric", "torch", "numpy"))


def dense(graph: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return the words as the matrix that the examples use, most of it zeros."""
    words = torch.zeros(len(graph["labels"]), int(graph["n_words"]))
    rows = torch.repeat_interleave(torch.arange(len(words)), graph["starts"].diff())
    words[rows, graph["columns"]] = graph["values"]
    return words


def timed(network: type, words: Any, edges: Any, graph: dict, rate: float) -> dict[str, Any]:
    """Train for the timed epochs after one that warms up; the answer is every paper's topic."""
    epoch = epochs_of(network, words, edges, graph, rate)
    epoch()

    def work() -> list[int]:
        for _ in range(int(graph["epochs"])):
            _, topics = epoch()
        return topics.tolist()

    return clock.timed(work)


def until_good(words: torch.Tensor, graph: dict) -> dict[str, Any]:
    """Train GAT, seed by seed, until the test papers are as good as asked."""
    epochs = [epochs_of(GAT, words, graph["edges"], graph, 0.005, seed) for seed in SEEDS]
    for epoch in epochs:
        epoch()

    def work() -> list[int]:
        for epoch in epochs:
            for _ in range(MOST):
                (*_, test), topics = epoch()
                if test >= GOOD:
                    break
        return topics.tolist()

    return clock.timed(work) | {"items": len(epochs)}


def epochs_of(
    network: type, words: Any, edges: Any, graph: dict, rate: float, seed: int = 0
) -> Epoch:
    """Return one epoch: a training step, then the accuracy on the three parts."""
    torch.manual_seed(seed)
    model = network(int(graph["n_words"]), int(graph["labels"].max()) + 1)
    labels, parts = graph["labels"], [graph[p] for p in ("train", "validation", "test")]
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, weight_decay=DECAY)

    def epoch() -> tuple[list[float], torch.Tensor]:
        model.train()
        optimizer.zero_grad()
        scores = model(words, edges)
        F.cross_entropy(scores[parts[0]], labels[parts[0]]).backward()
        optimizer.step()
        model.eval()
        with torch.no_grad():
            topics = model(words, edges).argmax(dim=1)
        return [float((topics[part] == labels[part]).float().mean()) for part in parts], topics

    return epoch


if __name__ == "__main__":
    main(clock.inputs())

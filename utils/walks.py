"""Biased random walks of node2vec, with all walkers of a graph moving at once."""

from collections.abc import Sequence

import numpy as np

from utils._arguments import check_range, check_whole


class _Edges:
    """The edges of a graph, sorted by source and target, so that they can be looked up."""

    def __init__(self, neighbours: Sequence[Sequence[int]]) -> None:
        self.n_nodes = len(neighbours)
        self.degrees = np.array([len(targets) for targets in neighbours], np.int64)
        sources = np.repeat(np.arange(self.n_nodes), self.degrees)
        given = np.array([node for targets in neighbours for node in targets])
        wrong = (np.trunc(given) != given) | (given < 0) | (given >= self.n_nodes)
        for source, node in zip(sources[wrong], given[wrong], strict=True):
            raise ValueError(
                f"neighbours[{source}] names node {node}, but there are 0 to {self.n_nodes - 1}."
            )
        targets = given.astype(np.int64)
        self.keys = np.sort(sources * self.n_nodes + targets)
        self.targets = self.keys % max(self.n_nodes, 1)
        self.starts = np.cumsum(self.degrees) - self.degrees

    def random_neighbours(self, nodes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return one neighbour of each node, all with the same probability."""
        chosen = (rng.random(len(nodes)) * self.degrees[nodes]).astype(np.int64)
        return self.targets[self.starts[nodes] + chosen]

    def contain(self, sources: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return for each pair whether there is an edge, by bisection."""
        wanted = sources * self.n_nodes + targets
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return self.keys[places] == wanted


def biased_walks(
    neighbours: Sequence[Sequence[int]], walks_per_node: int, length: int, *, p: float = 1.0,
    q: float = 1.0, seed: int = 0
) -> list[list[int]]:  # fmt: skip
    """Return node2vec walks from every node of a graph.

    A walker that came from ``t`` and stands at ``v`` goes to a neighbour of ``v``. The probability
    is in proportion to 1/p if this neighbour is ``t``, to 1 if it is a neighbour of ``t``, and to
    1/q otherwise (Grover and Leskovec, 2016): large values make it less probable to go back, and to
    move away. In the first step, all neighbours are equally probable.

    Each node 0, 1, 2, ... has its ``neighbours``, each at most once. A walk has ``length`` nodes,
    or fewer if it comes to a node without neighbours. ValueError where an argument is no such list,
    no whole number (``length`` from 1, the others from 0), or no finite number above 0 (p and q).

    Examples
    --------
    >>> biased_walks([[1], [0], []], 1, 3)
    [[0, 1, 0], [1, 0, 1], [2]]
    """
    check_whole(1, length=length)
    check_whole(0, walks_per_node=walks_per_node, seed=seed)
    check_range("(0, inf)", p=p, q=q)
    edges, rng = _Edges(neighbours), np.random.default_rng(seed)
    walks = np.full((walks_per_node * edges.n_nodes, length), -1)
    walks[:, 0] = np.tile(np.arange(edges.n_nodes), walks_per_node)
    for place in range(1, length):
        current = walks[:, place - 1]
        going = np.flatnonzero((current >= 0) & (edges.degrees[current] > 0))
        if place == 1:
            walks[going, 1] = edges.random_neighbours(current[going], rng)
        else:
            previous = walks[going, place - 2]
            walks[going, place] = _next_nodes(edges, previous, current[going], p, q, rng)
    paths = walks.tolist()
    for row in np.flatnonzero(walks[:, -1] < 0):  # those that ended
        paths[row] = [node for node in paths[row] if node >= 0]
    return paths


def _next_nodes(
    edges: _Edges, previous: np.ndarray, current: np.ndarray, p: float, q: float,
    rng: np.random.Generator
) -> np.ndarray:  # fmt: skip
    """Return the next node of each walker by rejection.

    A neighbour is proposed, and accepted with a probability in proportion to its weight; else
    another is proposed. So no table of probabilities is needed.
    """
    low, high = min(1, 1 / q), max(1, 1 / q)
    largest = max(high, 1 / p)
    following, waiting = np.empty(len(current), np.int64), np.arange(len(current))
    while len(waiting):
        before = previous[waiting]
        proposed = edges.random_neighbours(current[waiting], rng)
        level = rng.random(len(waiting)) * largest
        accepted = level < np.where(proposed == before, 1 / p, low)
        # Only between low and high does it matter whether there is an edge from the node before.
        unsure = np.flatnonzero((level >= low) & (level < high) & (proposed != before))
        near = edges.contain(before[unsure], proposed[unsure])
        accepted[unsure] = near == (q > 1)
        following[waiting[accepted]] = proposed[accepted]
        waiting = waiting[~accepted]
    return following

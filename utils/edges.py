"""Arithmetic of edge lists in NumPy: loops, weights, directions, links hidden and pairs drawn.

Edges are as in ``utils.graphs``, which has the layers that hear over them; a graph's ``n_nodes``
nodes are called 0 to ``n_nodes - 1``. ValueError where edges have another shape or other nodes, or
a number is negative or not whole.
"""

from dataclasses import dataclass

import numpy as np

from utils._arguments import check_whole, wrong_edges


def with_self_loops(edges: np.ndarray, n_nodes: int) -> np.ndarray:
    """Return the edges with exactly one loop at every node, int32, sorted by target, then source.

    Repeated edges count once. With its loop, every node is among those that it listens to, and
    no segment is empty.

    Examples
    --------
    >>> with_self_loops(np.array([[0, 2], [1, 1]]), 3)
    array([[0, 0, 1, 2, 2],
           [0, 1, 1, 1, 2]], dtype=int32)
    """
    edges, loops = _checked(edges, n_nodes), np.arange(n_nodes)
    edges = np.concatenate([edges, [loops, loops]], axis=1)
    keys = np.unique(edges[1] * n_nodes + edges[0])
    return np.stack([keys % n_nodes, keys // n_nodes]).astype(np.int32)


def normalised_adjacency(edges: np.ndarray, n_nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges of a graph and the weights, float32, of its normalised adjacency.

    The edge from j to i weighs ``1 / sqrt(d_i d_j)``: the entries of ``D^-1/2 (A + I) D^-1/2``
    (Kipf and Welling, 2017). The degree d_i counts the edges that enter i, d_j those that leave j,
    which is the same where every edge has its reverse. The edges are those of `with_self_loops`.

    Examples
    --------
    >>> edges, weights = normalised_adjacency(np.array([[0, 1], [1, 0]]), 3)
    >>> edges
    array([[0, 1, 0, 1, 2],
           [0, 0, 1, 1, 2]], dtype=int32)
    >>> weights
    array([0.5, 0.5, 0.5, 0.5, 1. ], dtype=float32)
    """
    edges = with_self_loops(edges, n_nodes)
    source, target = edges
    leaving = np.bincount(source, minlength=n_nodes)[source]  # at least 1: this very edge
    entering = np.bincount(target, minlength=n_nodes)[target]
    return edges, (1 / np.sqrt(leaving * entering)).astype(np.float32)


@dataclass(frozen=True, eq=False)
class LinkSplit:
    """A graph whose links were divided into known and hidden ones, and pairs without a link.

    All are int32, (2, n): ``edges`` both directions of every training link, sorted by target, all
    that messages may use; ``train``, ``validation`` and ``test`` the links, each once and in one
    part, the smaller node first; the negatives as many pairs, none of them in both parts.
    """

    edges: np.ndarray
    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    validation_negatives: np.ndarray
    test_negatives: np.ndarray


def split_links(edges: np.ndarray, n_nodes: int, *, seed: int = 0) -> LinkSplit:
    """Hide 5 % of a graph's links for validation and 10 % for testing, rounded down.

    A link is an unordered pair: an edge and its reverse, or its repeat, are one link and fall into
    one part; an edge that goes one way only counts as its pair. Self loops are left out.
    """
    rng = _generator(seed)
    links = unordered_pairs(edges, n_nodes)
    n_links = links.shape[1]
    n_validation, n_test = n_links // 20, n_links // 10
    n_hidden = n_validation + n_test
    shuffled = links[:, rng.permutation(n_links)]
    validation, test, train = np.split(shuffled, [n_validation, n_hidden], axis=1)
    negatives = np.split(sample_negatives(links, n_nodes, n_hidden, rng), [n_validation], axis=1)
    return LinkSplit(both_directions(train), train, validation, test, *negatives)


def unordered_pairs(edges: np.ndarray, n_nodes: int) -> np.ndarray:
    """Return each pair that an edge joins once, the smaller node first, sorted, without loops.

    Examples
    --------
    >>> unordered_pairs(np.array([[2, 0, 1, 1], [0, 2, 1, 0]]), 3)
    array([[0, 0],
           [1, 2]], dtype=int32)
    """
    keys = np.unique(_pair_keys(_checked(edges, n_nodes), n_nodes))
    low, high = keys // n_nodes, keys % n_nodes
    return np.stack([low, high])[:, low < high].astype(np.int32)


def both_directions(pairs: np.ndarray) -> np.ndarray:
    """Return pairs and their reverses as edges, sorted by target, then by source.

    Examples
    --------
    >>> both_directions(np.array([[0, 0], [1, 2]]))
    array([[1, 2, 0, 0],
           [0, 0, 1, 2]], dtype=int32)
    """
    pairs = _in_two_rows(pairs)
    both = np.concatenate([pairs, pairs[::-1]], axis=1)
    return both[:, np.lexsort(both)].astype(np.int32)


def sample_negatives(
    edges: np.ndarray, n_nodes: int, n_samples: int, seed: int | np.random.Generator = 0
) -> np.ndarray:
    """Draw pairs of different nodes that no edge joins in either direction, (2, n_samples) int32.

    All such pairs are equally likely, the smaller node stands first, and none comes twice in one
    draw. In training, ``edges`` are the training links alone, since nothing else is known.
    ValueError if there are fewer such pairs than asked for.
    """
    rng = _generator(seed)
    check_whole(0, n_samples=n_samples)
    known = _pair_keys(unordered_pairs(edges, n_nodes).astype(np.int64), n_nodes)  # sorted
    free = n_nodes * (n_nodes - 1) // 2 - len(known)
    if n_samples > free:
        raise ValueError(f"{n_samples} pairs without a link were asked for; there are {free}.")
    keys = np.zeros(0, np.int64)
    if 2 * (free - n_samples) < len(known) + free:  # draws would mostly meet what is taken
        low, high = np.triu_indices(n_nodes, 1)
        keys = rng.permutation(np.setdiff1d(low * n_nodes + high, known, True))[:n_samples]
    while len(keys) < n_samples:
        pairs = rng.integers(0, n_nodes, (2, 2 * (n_samples - len(keys)) + 16))
        new = _pair_keys(pairs[:, pairs[0] != pairs[1]], n_nodes)
        keys = np.concatenate([keys, new[~np.isin(new, known)]])
        first = np.unique(keys, return_index=True)[1]
        keys = keys[np.sort(first)][:n_samples]  # in the order of drawing, repeats dropped
    return np.stack([keys // n_nodes, keys % n_nodes]).astype(np.int32)


def _pair_keys(pairs: np.ndarray, n_nodes: int) -> np.ndarray:
    """Return one number a pair, the same for both directions."""
    return np.minimum(*pairs) * n_nodes + np.maximum(*pairs)


def _generator(seed: int | np.random.Generator) -> np.random.Generator:
    if not isinstance(seed, np.random.Generator):
        check_whole(0, seed=seed)
    return np.random.default_rng(seed)


def _checked(edges: np.ndarray, n_nodes: int) -> np.ndarray:
    """Return the edges as int64, (2, n_edges), or raise ValueError."""
    check_whole(0, n_nodes=n_nodes)
    edges = _in_two_rows(edges)
    if edges.size and not 0 <= edges.min() <= edges.max() < n_nodes:
        raise ValueError(
            f"edges name nodes {edges.min()} to {edges.max()}, but there are 0 to {n_nodes - 1}."
        )
    return edges


def _in_two_rows(edges: np.ndarray) -> np.ndarray:
    given = np.asarray(edges)
    if given.ndim != 2 or given.shape[0] != 2:
        raise wrong_edges(given.shape)
    is_whole = np.isfinite(given) & (np.trunc(given) == given)
    if not is_whole.all():
        raise ValueError(f"edges name nodes by whole numbers, not by {given[~is_whole][0]}.")
    return given.astype(np.int64)

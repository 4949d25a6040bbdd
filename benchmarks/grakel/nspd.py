"""GraKeL's NSPD kernel for graphs that share their edges, as one sparse row for each graph.

The kernel counts pairs of balls, as in notebook 05/01, whose edges are used here. Its matrix is
that of GraKeL 0.1.11 to rounding, so it also does what the library does beyond the definition:
balls of radius 3 reach four steps, a node of a ball is described by the labels at most two steps
away, and the edges of a ball are hashed in the order of a Python set.
"""

import numpy as np
import pandas as pd
from lesson import taught
from scipy import sparse
from sklearn.preprocessing import normalize

grid = taught("05_graph_kernels/01_digit_classification", ("grid_graph_edges",))
REACH, DEPTH = (0, 1, 2, 4), 2  # steps that balls of radius 0 to 3 reach; the largest distance


def explicit_features(
    node_labels: np.ndarray,
    edges: np.ndarray,
    edge_labels: np.ndarray,
    reach: tuple[int, ...] = REACH,
    depth: int = DEPTH,
    seed: int = 0,
) -> sparse.csr_array:
    """Return one sparse row for each graph; the kernel is the dot product of two rows."""
    steps = steps_between(edges, node_labels.shape[1], depth)
    hashes = ball_hashes(node_labels, edges, edge_labels, steps, reach, seed)
    return count_pairs(hashes, steps)


def neighbourhood_ball(edges: np.ndarray, node: int, radius: int) -> np.ndarray:
    """Return the nodes within ``radius`` steps of a node, sorted; a step follows an edge."""
    ball = np.array([node], dtype=np.int64)
    for _ in range(radius):
        ball = np.union1d(ball, edges[np.isin(edges[:, 0], ball), 1])
    return ball


def steps_between(edges: np.ndarray, n_nodes: int, depth: int) -> np.ndarray:
    """Return (n_nodes, n_nodes) steps from row to column, -1 where more than ``depth``."""
    steps = np.full((n_nodes, n_nodes), -1)
    for radius in range(depth, -1, -1):
        for node in range(n_nodes):
            steps[node, neighbourhood_ball(edges, node, radius)] = radius
    return steps


def edges_inside(edges: np.ndarray, balls: list[list[int]]) -> list[list[tuple[int, int]]]:
    """List the edges inside nested balls (smallest first) in the library's order.

    It is the order of a Python set that is cut down ball by ball.
    """
    inside: list | set = sorted(map(tuple, edges.tolist()))
    result = []
    for ball in map(set, reversed(balls)):
        inside = {edge for edge in inside if edge[0] in ball and edge[1] in ball}
        result.append(list(inside))
    return result[::-1]


def ball_weights(
    ball: list[int],
    inside: list[tuple[int, int]],
    steps: np.ndarray,
    edge_label: np.ndarray,
    factors: np.ndarray,
) -> tuple[np.ndarray, np.uint64]:
    """Write the hash of one ball as weights (depth + 1, n_nodes) and a constant, all uint64.

    The hash is a sum, modulo 2^64, over the nodes and edges of the ball, each times one of the
    random ``factors`` (4, many) for nodes, first ends, second ends and edge labels. A node counts
    with the sum of random numbers for the labels near it, which makes the hash linear in these.
    """
    place, first, second, kinds = factors
    of_node = np.zeros(len(steps), np.uint64)
    of_node[ball] = place[: len(ball)]
    i, j = np.array(inside, int).reshape(-1, 2).T
    np.add.at(of_node, i, first[: len(inside)])
    np.add.at(of_node, j, second[: len(inside)])
    constant = (kinds[: len(inside)] * edge_label[i, j].astype(np.uint64)).sum(dtype=np.uint64)
    weights = np.zeros((steps.max() + 1, len(steps)), np.uint64)
    for distance in range(steps.max() + 1):
        near = (steps[np.ix_(ball, ball)] == distance).astype(np.uint64)
        weights[distance, ball] = near.T @ of_node[ball]
    return weights, constant


def ball_hashes(
    node_labels: np.ndarray,
    edges: np.ndarray,
    edge_labels: np.ndarray,
    steps: np.ndarray,
    reach: tuple[int, ...],
    seed: int,
) -> list[np.ndarray]:
    """Hash every ball of every graph: uint64 (n_graphs, n_nodes) for each radius."""
    rng = np.random.default_rng(seed)
    n_nodes, depth = node_labels.shape[1], steps.max()
    factors = rng.integers(0, 2**64, (4, n_nodes + len(edges)), dtype=np.uint64)
    table = rng.integers(0, 2**64, (depth + 1, node_labels.max() + 1), dtype=np.uint64)
    numbers = np.concatenate(list(table[:, node_labels]), axis=1)  # (graphs, (depth + 1) nodes)
    edge_label = np.zeros((n_nodes, n_nodes), int)
    edge_label[edges[:, 0], edges[:, 1]] = edge_labels
    weights = np.zeros((len(reach), depth + 1, n_nodes, n_nodes), np.uint64)
    constants = np.zeros((len(reach), n_nodes), np.uint64)
    for node in range(n_nodes):
        balls = [neighbourhood_ball(edges, node, radius).tolist() for radius in reach]
        for r, inside in enumerate(edges_inside(edges, balls)):
            weights[r, :, :, node], constants[r, node] = ball_weights(
                balls[r], inside, steps, edge_label, factors
            )
    return [numbers @ w.reshape(-1, n_nodes) + c for w, c in zip(weights, constants, strict=True)]


def unit_counts(items: np.ndarray) -> sparse.csr_array:
    """Count the integers of each row as a sparse row of length 1: (n_graphs, n_different)."""
    columns = pd.factorize(items.ravel())[0].astype(np.int32)  # faster than np.unique: no sorting
    starts = np.arange(0, items.size + 1, items.shape[1], dtype=np.int32)
    shape = (len(items), columns.max() + 1)
    counts = sparse.csr_array((np.ones(items.size), columns, starts), shape=shape)
    counts.sum_duplicates()
    return normalize(counts)


def count_pairs(all_hashes: list[np.ndarray], steps: np.ndarray) -> sparse.csr_array:
    """Count equal pairs for each radius and distance, each block with rows of length 1."""
    blocks = []
    for hashes in all_hashes:
        number, different = pd.factorize(hashes.ravel())
        number = number.reshape(hashes.shape)
        for distance in range(steps.max() + 1):
            u, v = np.nonzero(steps == distance)
            blocks.append(unit_counts(number[:, u] * len(different) + number[:, v]))
    return sparse.hstack(blocks, format="csr")

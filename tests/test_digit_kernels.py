"""The kernel that notebook 05/01 builds, against its definition; and NSPD's rows against GraKeL."""

from __future__ import annotations

import importlib
import sys
from collections import Counter

import grakel
import numpy as np
import pytest

from tools.notebook.common import ROOT

BENCHMARKS = ROOT / "benchmarks"
LESSON = "05_graph_kernels/01_digit_classification"
NAMES = (
    *("grid_graph_edges", "edges", "kernel_of_parts", "neighbourhood_ball"),
    *("ball_codes", "pairs_at", "digit_kernel"),
)


@pytest.fixture(scope="module", autouse=True)
def path():
    """Find the modules beside the benchmarks."""
    folders = [str(BENCHMARKS), str(BENCHMARKS / "grakel")]
    sys.path[:0] = folders
    yield
    for folder in folders:
        sys.path.remove(folder)


@pytest.fixture(scope="module")
def lesson(path):
    """Return the notebook's functions, from its own source."""
    return importlib.import_module("lesson").taught(LESSON, NAMES)


@pytest.fixture(scope="module")
def nspd(path):
    return importlib.import_module("nspd")


# ------------------------------------------------------------------ the notebook's kernel


def described(row, node, radius):
    """Return the ball of a node on the grid of 8x8 as labels by steps down and right."""
    i, j = divmod(node, 8)
    steps = [(a, b) for a in range(radius + 1) for b in range(radius + 1 - a)]
    inside = [(a, b) for a, b in steps if i + a < 8 and j + b < 8]
    return frozenset((a, b, int(row[8 * (i + a) + j + b])) for a, b in inside)


def parts_by_definition(row, radius, distance):
    """Count the pairs of balls around nodes that are so many steps apart."""
    parts = Counter()
    for i, j in np.ndindex(8, 8):
        for down in range(distance + 1):
            k, m = i + down, j + distance - down
            if k < 8 and m < 8:
                pair = 8 * i + j, 8 * k + m
                parts[tuple(described(row, node, radius) for node in pair)] += 1
    return parts


@pytest.mark.parametrize("radii", [(0,), (0, 1), (2,)])
def test_the_kernel_counts_pairs_of_balls_as_defined(lesson, radii):
    rows = np.random.default_rng(1).integers(0, 2, (4, 64))
    rows[1] = rows[0]
    rows[2] = 0
    wanted = np.zeros((4, 4))
    for radius in radii:
        for distance in (0, 1, 2):
            counts = [parts_by_definition(row, radius, distance) for row in rows]
            products = [[sum(a[p] * b[p] for p in a) for b in counts] for a in counts]
            lengths = np.sqrt(np.diag(products))
            wanted += np.array(products) / np.outer(lengths, lengths)
    found = lesson["digit_kernel"](rows, radii=radii)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, strict=True)


# ------------------------------------------------------------------ the library's, in the benchmark


def grid(lesson, height, width, both_ways=False):
    edges = lesson["grid_graph_edges"](height, width)
    kinds = np.where(np.arange(len(edges)) < height * (width - 1), 1, 2)
    if both_ways:
        edges, kinds = np.concatenate([edges, edges[:, ::-1]]), np.concatenate([kinds, kinds])
    return edges, kinds


def as_grakel(rows, edges, kinds):
    pairs = [tuple(pair) for pair in edges.tolist()]
    names = dict(zip(pairs, kinds.tolist(), strict=True))
    return [(pairs, dict(enumerate(row)), names) for row in rows.tolist()]


def dense(features):
    return (features @ features.T).toarray()


@pytest.mark.parametrize(
    ("height", "width", "both_ways", "radius", "depth"),
    [
        (8, 8, False, 3, 2),
        (4, 6, True, 3, 1),
        (1, 5, False, 2, 0),
    ],
)
def test_the_benchmarks_rows_give_the_librarys_matrix(
    lesson, nspd, height, width, both_ways, radius, depth
):
    rng = np.random.default_rng(height * width)
    rows = rng.integers(0, 3, (12, height * width))
    rows[1] = rows[0]  # two equal graphs
    rows[2] = 0  # an empty picture
    edges, kinds = grid(lesson, height, width, both_ways)
    kernel = grakel.NeighborhoodSubgraphPairwiseDistance(r=radius, d=depth)
    graphs = as_grakel(rows, edges, kinds)
    train, test = kernel.fit_transform(graphs[:8]), kernel.transform(graphs[8:])
    reach = nspd.REACH[: radius + 1]
    ours = dense(nspd.explicit_features(rows, edges, kinds, reach=reach, depth=depth))
    np.testing.assert_allclose(ours[:8, :8], train, rtol=0, atol=1e-9, strict=True)
    np.testing.assert_allclose(ours[8:, :8], test, rtol=0, atol=1e-9, strict=True)

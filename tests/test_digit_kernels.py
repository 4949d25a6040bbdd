"""The kernel that notebook 05/01 builds, against its definition."""

from __future__ import annotations

import importlib
import sys
from collections import Counter

import numpy as np
import pytest

from tools.notebook.common import ROOT

LESSON = "05_graph_kernels/01_digit_classification"
NAMES = (
    *("grid_graph_edges", "edges", "kernel_of_parts", "neighbourhood_ball"),
    *("ball_codes", "pairs_at", "digit_kernel"),
)


@pytest.fixture(scope="module")
def digit_kernel():
    """Return the notebook's function, from its own source."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        return importlib.import_module("lesson").taught(LESSON, NAMES)["digit_kernel"]
    finally:
        sys.path.pop(0)


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
def test_the_kernel_counts_pairs_of_balls_as_defined(digit_kernel, radii):
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
    found = digit_kernel(rows, radii=radii)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, strict=True)

"""The kernels that notebook 05/01 builds by hand, against GraKeL, on other grids than its own."""

from __future__ import annotations

import grakel
import numpy as np
import pytest

from tools.notebook.common import ROOT, Notebook
from tools.notebook.tasks import tasks_of

PATH = ROOT / "notebooks" / "05_graph_kernels" / "01_digit_classification.ipynb"


@pytest.fixture(scope="module")
def lesson():
    """The notebook's given and taught functions, from its own source."""
    tasks = tasks_of(Notebook(PATH))
    namespace = {"__name__": "lesson"}
    for source in (tasks[0].before, *(task.solution for task in tasks)):
        exec(source, namespace)
    return namespace


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
        (8, 8, True, 2, 2),
        (5, 3, False, 3, 2),
        (4, 6, True, 3, 1),
        (2, 2, False, 1, 2),
        (1, 5, False, 2, 0),
        (1, 2, False, 1, 2),
    ],
)
def test_equals_the_library(lesson, height, width, both_ways, radius, depth):
    rng = np.random.default_rng(height * width)
    rows = rng.integers(0, 3, (12, height * width))
    rows[1] = rows[0]  # two equal graphs
    rows[2] = 0  # an empty picture
    edges, kinds = grid(lesson, height, width, both_ways)
    kernel = grakel.NeighborhoodSubgraphPairwiseDistance(r=radius, d=depth)
    graphs = as_grakel(rows, edges, kinds)
    train, test = kernel.fit_transform(graphs[:8]), kernel.transform(graphs[8:])
    reach = (0, 1, 2, 4)[: radius + 1]  # what the library's radius 3 really reaches
    ours = dense(lesson["explicit_features"](rows, edges, kinds, reach=reach, depth=depth))
    np.testing.assert_allclose(ours[:8, :8], train, rtol=0, atol=1e-9, strict=True)
    np.testing.assert_allclose(ours[8:, :8], test, rtol=0, atol=1e-9, strict=True)
    assert ours[0, 1] == pytest.approx(ours[0, 0])


def test_other_random_numbers_give_the_same_matrix(lesson):
    rows = np.random.default_rng(3).integers(0, 5, (20, 64))
    edges, kinds = grid(lesson, 8, 8)
    first, second = (dense(lesson["explicit_features"](rows, edges, kinds, seed=s)) for s in (0, 1))
    np.testing.assert_allclose(first, second, rtol=0, atol=1e-9)


def test_is_a_kernel_and_follows_the_order_of_the_graphs(lesson):
    rng = np.random.default_rng(4)
    rows = rng.integers(0, 2, (30, 20))
    edges, kinds = grid(lesson, 4, 5)
    matrix = dense(lesson["explicit_features"](rows, edges, kinds))
    assert np.linalg.eigvalsh(matrix).min() > -1e-9
    np.testing.assert_allclose(np.diag(matrix), 12)
    order = rng.permutation(30)
    moved = dense(lesson["explicit_features"](rows[order], edges, kinds))
    np.testing.assert_allclose(moved, matrix[np.ix_(order, order)], rtol=0, atol=1e-9)


def test_sorted_edges_hash_equal_balls_alike_wherever_they_lie(lesson):
    """Ink moved by one pixel moves the hashes; the library's order of edges does not grant it."""
    side = 12
    picture = np.zeros((side, side), int)
    picture[4:7, 3:6] = np.random.default_rng(5).integers(0, 5, (3, 3))
    rows = np.stack([picture.ravel(), np.roll(picture, (1, 1), (0, 1)).ravel()])
    edges, kinds = grid(lesson, side, side)
    steps = lesson["steps_between"](edges, side * side, 2)
    equal = {}
    for order in (sorted, list):
        hashes = lesson["ball_hashes"](rows, edges, kinds, steps, (0, 1, 2, 4), 2, order, tuple, 0)
        squares = [h.reshape(2, side, side) for h in hashes]
        equal[order] = [np.mean(s[0, 1:7, 1:7] == s[1, 2:8, 2:8]) for s in squares]
    assert equal[sorted] == [1.0] * 4
    assert min(equal[list]) < 1


def test_a_single_pixel_has_parts_at_distance_zero_only(lesson):
    edges, kinds = grid(lesson, 1, 1)
    matrix = dense(lesson["explicit_features"](np.array([[0], [1], [0]]), edges, kinds))
    np.testing.assert_allclose(matrix, 4 * np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]]))


def test_relabelling_counts_as_weisfeiler_lehman_does(lesson):
    rng = np.random.default_rng(6)
    edges, kinds = grid(lesson, 3, 4, both_ways=True)
    rows, names = rng.integers(0, 2, (6, 12)), {("ink", 0): 0, ("ink", 1): 1}
    seen = []
    for row in rows:
        history = [row]
        for _ in range(2):
            history.append(lesson["relabel"](history[-1], edges, names))
        seen.append(np.concatenate(history))
    counts = np.array([np.bincount(one, minlength=len(names)) for one in seen], float)
    graphs = [graph[:2] for graph in as_grakel(rows, edges, kinds)]
    expected = grakel.WeisfeilerLehman(n_iter=2).fit_transform(graphs)
    np.testing.assert_allclose(counts @ counts.T, expected, strict=True)


def test_the_cosines_of_parts_are_one_block_of_the_kernel(lesson):
    rows = np.random.default_rng(7).integers(0, 4, (9, 12))
    edges, kinds = grid(lesson, 3, 4)
    block = dense(lesson["explicit_features"](rows, edges, kinds, reach=(0,), depth=0))
    np.testing.assert_allclose(lesson["kernel_of_parts"](list(rows)), block, atol=1e-12)

"""The drawn citation graph: Cora's layout, the same for the same seed, and learnable."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")
from data.planetoid.generator import citation_graph
from utils import plots


@pytest.fixture(scope="module")
def graph():
    return citation_graph()


def test_has_coras_layout(graph):
    n = 1000
    features = graph["features"]
    assert (features.format, features.shape, features.dtype) == ("csr", (n, 1433), np.float32)
    assert set(np.unique(features.data)) == {1.0}
    assert graph["labels"].shape == (n,) and graph["labels"].dtype == np.int64
    assert graph["edges"].shape[0] == 2 and graph["edges"].dtype == np.int64
    assert len(graph["class_names"]) == 7


def test_edges_go_both_ways_once_and_never_in_a_loop(graph):
    edges = graph["edges"]
    pairs = set(map(tuple, edges.T.tolist()))
    assert len(pairs) == edges.shape[1]
    assert all((b, a) in pairs and a != b for a, b in pairs)
    assert 0 <= edges.min() and edges.max() < 1000


def test_split_is_disjoint_even_in_training_and_of_planetoids_shares(graph):
    train, validation, test = graph["train"], graph["validation"], graph["test"]
    assert (len(train), len(validation), len(test)) == (49, 185, 369)
    assert len(np.unique(np.concatenate([train, validation, test]))) == 49 + 185 + 369
    np.testing.assert_array_equal(np.bincount(graph["labels"][train]), np.full(7, 7))
    assert {part.dtype for part in (train, validation, test)} == {np.dtype(np.int64)}


def test_neighbours_tell_more_than_words_alone(graph):
    """A nearest-mean classifier gains by averaging the words over a neighbourhood."""
    words, labels = graph["features"].toarray(), graph["labels"]
    words = words / words.sum(axis=1, keepdims=True)
    adjacency = np.eye(1000)
    adjacency[tuple(graph["edges"])] = 1
    adjacency /= adjacency.sum(axis=1, keepdims=True)
    accuracy = []
    for features in (words, adjacency @ adjacency @ words):
        train = graph["train"]
        means = np.stack([features[train][labels[train] == k].mean(axis=0) for k in range(7)])
        means /= np.linalg.norm(means, axis=1, keepdims=True)
        guess = (features @ means.T).argmax(axis=1)
        accuracy.append((guess == labels)[graph["test"]].mean())
    assert 0.4 < accuracy[0] < 0.75
    assert accuracy[1] > accuracy[0] + 0.1


def test_the_seed_alone_decides():
    one, same, other = (citation_graph(200, seed=s) for s in (3, 3, 4))
    np.testing.assert_array_equal(one["edges"], same["edges"])
    assert (one["features"] != same["features"]).nnz == 0
    assert one["edges"].shape != other["edges"].shape or (one["edges"] != other["edges"]).any()


def test_a_layout_puts_neighbours_near_each_other_and_keeps_all_in_sight():
    graph = citation_graph(300)
    places = plots.spring_layout(graph["edges"], 300, seed=1)
    assert places.shape == (300, 2) and places.dtype == np.float32 and np.isfinite(places).all()
    one, other = graph["edges"]
    distance = np.linalg.norm(places[one] - places[other], axis=1)
    strangers = np.linalg.norm(places[one] - np.roll(places, 7, axis=0)[other], axis=1)
    assert distance.mean() < 0.6 * strangers.mean()
    assert np.abs(places).max() < 4 * places.std()
    np.testing.assert_array_equal(places, plots.spring_layout(graph["edges"], 300, seed=1))

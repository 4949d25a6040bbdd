"""The drawn tissues: PPI's layout, the same for the same seed, and known by their neighbours."""

import numpy as np
import pytest

from data.ppi.generator import HELPING, protein_graphs, proteome


@pytest.fixture(scope="module")
def graphs():
    return protein_graphs()


def joined(graphs, name):
    return np.concatenate(graphs[name])


def test_has_ppis_layout(graphs):
    assert [len(graphs[part]) for part in ("train", "validation", "test")] == [20, 2, 2]
    everything = np.concatenate([graphs[part] for part in ("train", "validation", "test")])
    np.testing.assert_array_equal(everything, np.arange(24))
    triples = zip(graphs["features"], graphs["labels"], graphs["edges"], strict=True)
    for features, labels, edges in triples:
        assert features.shape == (len(labels), 50) and features.dtype == np.float32
        assert labels.shape[1] == 121 and labels.dtype == np.uint8
        assert edges.shape[0] == 2 and edges.dtype == np.int64
        assert 50 <= len(labels) <= 190


def test_edges_go_both_ways_once_sorted_and_nobody_is_alone(graphs):
    for labels, edges in zip(graphs["labels"], graphs["edges"], strict=True):
        n = len(labels)
        keys = edges[0] * n + edges[1]
        assert (np.diff(keys) > 0).all()  # sorted, none twice
        np.testing.assert_array_equal(np.sort(edges[1] * n + edges[0]), keys)
        assert (edges[0] != edges[1]).all()
        assert np.bincount(edges[0], minlength=n).min() >= 1


def test_resembles_ppi_where_it_says_so(graphs):
    labels, features = joined(graphs, "labels"), joined(graphs, "features")
    assert 33 < labels.sum(axis=1).mean() < 40  # PPI: about 37
    _, counts = np.unique(features, axis=0, return_counts=True)
    assert 0.38 < counts.max() / len(features) < 0.46  # PPI: 42 % without features
    degrees = [
        np.bincount(e[0], minlength=len(y))
        for e, y in zip(graphs["edges"], graphs["labels"], strict=True)
    ]
    degree = np.concatenate(degrees)
    assert 20 < degree.mean() < 32  # PPI: 28.8
    assert degree.max() > 3 * degree.mean()
    assert 0 < (labels.mean(axis=0) < 0.1).sum() < 60  # some functions are rare


def test_features_are_standardised_over_the_training_graphs(graphs):
    known = np.concatenate([graphs["features"][i] for i in graphs["train"]])
    np.testing.assert_allclose(known.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(known.std(axis=0), 1, atol=1e-4)


def test_proteins_recur_and_a_few_are_new(graphs):
    def rows(part):
        return [
            x.tobytes() + y.tobytes()
            for i in graphs[part]
            for x, y in zip(graphs["features"][i], graphs["labels"][i], strict=True)
        ]

    known = set(rows("train"))
    twins = np.array([row in known for row in rows("test")])
    assert 0.9 < twins.mean() < 1


def test_partners_share_functions(graphs):
    shared, at_random = [], []
    rng = np.random.default_rng(0)
    for labels, edges in zip(graphs["labels"], graphs["edges"], strict=True):
        other = rng.permutation(edges[1])
        shared.append((labels[edges[0]] & labels[edges[1]]).sum(axis=1).mean())
        at_random.append((labels[edges[0]] & labels[other]).sum(axis=1).mean())
    assert np.mean(shared) > 1.15 * np.mean(at_random)


def test_hubs_are_helpers():
    every = proteome(np.random.default_rng(0), 400, 12, 50, 121)
    helper = every.modules[:, HELPING] & (every.modules.sum(axis=1) == 1)
    partners = every.meets.sum(axis=1)
    assert partners[helper].mean() > 1.3 * partners[~helper].mean()
    np.testing.assert_array_equal(every.meets, every.meets.T)
    assert not every.meets.diagonal().any()


def test_same_seed_same_graphs_and_another_seed_others(graphs):
    again, other = protein_graphs(), protein_graphs(seed=1)
    for name in ("features", "labels", "edges"):
        for a, b in zip(graphs[name], again[name], strict=True):
            np.testing.assert_array_equal(a, b, strict=True)
    assert any(a.shape != b.shape for a, b in zip(graphs["edges"], other["edges"], strict=True))


def test_sizes_are_a_parameter_and_senseless_ones_are_refused():
    small = protein_graphs((20, 30), n_proteins=100)
    assert max(len(rows) for rows in small["labels"]) <= 30
    for sizes in ((5, 30), (40, 30), (20, 200)):
        with pytest.raises(ValueError, match="at least 10 proteins and at most all 100"):
            protein_graphs(sizes, n_proteins=100)

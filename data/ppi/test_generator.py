"""The drawn tissues: PPI's layout, the same for the same seed, and known by their neighbours."""

import numpy as np
import pytest

from data.ppi.generator import protein_graphs


@pytest.fixture(scope="module")
def graphs():
    return protein_graphs()


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


def test_features_are_standardised_over_the_training_graphs(graphs):
    known = np.concatenate([graphs["features"][i] for i in graphs["train"]])
    np.testing.assert_allclose(known.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(known.std(axis=0), 1, atol=1e-4)


def test_partners_share_functions(graphs):
    shared, at_random = [], []
    rng = np.random.default_rng(0)
    for labels, edges in zip(graphs["labels"], graphs["edges"], strict=True):
        other = rng.permutation(edges[1])
        shared.append((labels[edges[0]] & labels[edges[1]]).sum(axis=1).mean())
        at_random.append((labels[edges[0]] & labels[other]).sum(axis=1).mean())
    assert np.mean(shared) > 1.15 * np.mean(at_random)


def test_same_seed_same_graphs_and_another_seed_others(graphs):
    again, other = protein_graphs(), protein_graphs(seed=1)
    for name in ("features", "labels", "edges"):
        for a, b in zip(graphs[name], again[name], strict=True):
            np.testing.assert_array_equal(a, b, strict=True)
    assert any(a.shape != b.shape for a, b in zip(graphs["edges"], other["edges"], strict=True))

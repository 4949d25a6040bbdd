"""The drawn papers have the layout of the LINQS files, and links enough to hide some."""

import numpy as np
import scipy.sparse
from scipy.sparse.csgraph import connected_components

from data import cora_linqs


def test_the_layout():
    made = cora_linqs.sample()
    assert made.words.shape == (1000, 1433) and made.words.dtype == np.float32
    assert set(made.words.data) == {1}
    assert made.ids.dtype == made.topics.dtype == made.citations.dtype == np.int64
    assert len(set(made.ids.tolist())) == 1000
    assert set(made.topics.tolist()) == set(range(7))
    assert np.argmax(np.bincount(made.topics)) == made.topic_names.index("Neural_Networks")


def test_some_papers_cite_each_other_and_none_itself():
    citations = cora_linqs.sample().citations
    directed = list(map(tuple, citations.T.tolist()))
    assert len(set(directed)) == len(directed)
    assert (citations[0] != citations[1]).all()
    pairs = {frozenset(pair) for pair in directed}
    assert len(directed) - len(pairs) == round(151 / 5278 * len(pairs)) > 20


def test_links_beyond_a_spanning_tree_are_enough_for_three_splits():
    made = cora_linqs.sample()
    one, other = made.citations
    graph = scipy.sparse.coo_matrix((np.ones(len(one)), (one, other)), shape=(1000, 1000))
    n_parts, of = connected_components(graph, directed=False)
    n_pairs = len({frozenset(pair) for pair in made.citations.T.tolist()})
    beyond = n_pairs - (1000 - n_parts)
    assert beyond > 0.3 * len(one)  # three times a tenth, and to spare
    assert np.bincount(of).max() > 700


def test_links_stay_within_a_topic_mostly():
    made = cora_linqs.sample()
    same = made.topics[made.citations[0]] == made.topics[made.citations[1]]
    assert 0.7 < same.mean() < 0.9

"""The drawn papers have the layout of the LINQS files, and links enough to hide some."""

import numpy as np

from data import cora_linqs


def test_the_layout():
    made = cora_linqs.sample()
    assert made.words.shape == (1000, 1433) and made.words.dtype == np.float32
    assert set(made.words.data) == {1}
    assert made.ids.dtype == made.topics.dtype == made.citations.dtype == np.int64
    assert len(set(made.ids.tolist())) == 1000
    assert set(made.topics.tolist()) == set(range(7))
    assert np.argmax(np.bincount(made.topics)) == made.topic_names.index("Neural_Networks")


def test_links_stay_within_a_topic_mostly():
    made = cora_linqs.sample()
    same = made.topics[made.citations[0]] == made.topics[made.citations[1]]
    assert 0.7 < same.mean() < 0.9

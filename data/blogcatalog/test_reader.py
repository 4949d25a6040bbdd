"""BlogCatalog: the layout of its file, written by hand, and the sample."""

import numpy as np
import pytest
import scipy.sparse
from scipy.io import savemat

from data import blogcatalog
from data.core import cards, fetch
from utils import data


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Write the file for three people, of whom the first is a friend of the others."""
    network = scipy.sparse.csc_matrix(np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]], float))
    group = scipy.sparse.csc_matrix(np.array([[1, 0], [1, 1], [0, 1]], float))
    file = tmp_path / "blogcatalog.mat"
    savemat(file, {"network": network, "group": group})
    monkeypatch.setattr(fetch.Files, "path", lambda self: file)
    return file


def test_friendships_and_groups_of_the_file_are_read(path):
    found = blogcatalog.read(fetch.Files(cards.get("blogcatalog")))
    assert found.edges.tolist() == [[0, 0, 1, 2], [1, 2, 0, 0]]
    assert found.groups.toarray().tolist() == [[1, 0], [1, 1], [0, 1]]
    assert found.items == 3


def test_the_sample_joins_members_of_a_group_more_often_than_others():
    sample = data.load("blogcatalog", "sample")
    assert sample.groups.shape == (240, 4)
    sources, targets = sample.edges
    shared = (sample.groups @ sample.groups.T).toarray() > 0
    assert shared[sources, targets].mean() > 2 * shared.mean()
    assert set(zip(*sample.edges.tolist(), strict=True)) == set(
        zip(targets.tolist(), sources.tolist(), strict=True)
    )

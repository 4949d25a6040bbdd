"""Planetoid files: read safely, put together rightly. The files are made here, none is official.

`data/core/test_sets.py` compares the packed file with the official ones.
"""

import io
import os
import pickle
from collections import defaultdict

import numpy as np
import pytest
import scipy.sparse

from data.cora import pack, undirected_edges

N_KNOWN, N_TEST, N_TRAIN = 620, 30, 21


class OldPickler(pickle._Pickler):
    """Write bytes as Python 2 did, which had none: an array's content is a byte string there."""

    def save_bytes(self, obj):
        self.write(pickle.BINSTRING + len(obj).to_bytes(4, "little") + obj)
        self.memoize(obj)

    dispatch = pickle._Pickler.dispatch | {bytes: save_bytes}


def write_old(path, content):
    """Write a pickle with the names that the official files have for NumPy and SciPy."""
    stream = io.BytesIO()
    OldPickler(stream, protocol=2).dump(content)
    text = stream.getvalue().replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")
    path.write_bytes(text.replace(b"cscipy.sparse._csr\n", b"cscipy.sparse.csr\n"))


def one_hot(labels):
    return np.eye(7, dtype=np.int32)[labels]


def test_test_papers_stand_where_the_index_says(files, tmp_path):
    rng = np.random.default_rng(0)
    words = scipy.sparse.random(N_KNOWN + N_TEST, 40, 0.1, "csr", np.float32, rng)
    words.data[:] = 1
    topics = one_hot(rng.integers(0, 7, N_KNOWN + N_TEST))
    test = N_KNOWN + rng.permutation(N_TEST)
    neighbours = defaultdict(list, {0: [1, 2, 2, 0], 1: [0], 5: [649], 649: [5]})
    parts = {
        "y": topics[:N_TRAIN],
        "allx": words[:N_KNOWN],
        "ally": topics[:N_KNOWN],
        "tx": words[N_KNOWN:],
        "ty": topics[N_KNOWN:],
        "graph": neighbours,
    }
    for part, content in parts.items():
        write_old(tmp_path / f"ind.cora.{part}", content)
    (tmp_path / "ind.cora.test.index").write_text("\n".join(map(str, test)) + "\n")
    cora = pack.official(files)
    papers = np.concatenate([np.arange(N_KNOWN), test])
    np.testing.assert_array_equal(cora.features[papers].toarray(), words.toarray(), strict=True)
    np.testing.assert_array_equal(one_hot(cora.labels[papers]), topics, strict=True)
    np.testing.assert_array_equal(cora.test, np.sort(test), strict=True)
    np.testing.assert_array_equal(cora.train, np.arange(N_TRAIN), strict=True)
    np.testing.assert_array_equal(cora.validation, np.arange(N_TRAIN, N_TRAIN + 500), strict=True)
    edges = np.array([[0, 0, 1, 2, 5, 649], [1, 2, 0, 0, 649, 5]])  # both ways, without loops
    np.testing.assert_array_equal(cora.edges, edges, strict=True)


def test_edges_are_both_ways_once_and_sorted():
    pairs = np.array([[4, 1], [1, 4], [2, 2], [0, 3], [0, 3]])
    wanted = np.array([[0, 1, 3, 4], [3, 4, 0, 1]])
    np.testing.assert_array_equal(undirected_edges(pairs, 5), wanted, strict=True)


# ------------------------------------------------------------------ what must not be unpickled


class Runs:
    """Makes a folder when it is unpickled the ordinary way."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle_that_would_run_something_does_not(tmp_path, protocol):
    path, folder = tmp_path / "ind.cora.x", tmp_path / "ran"
    path.write_bytes(pickle.dumps(Runs(str(folder)), protocol))
    with pytest.raises(pickle.UnpicklingError, match="mkdir"):
        pack.read_pickle(path)
    assert not folder.exists()
    pickle.loads(path.read_bytes())  # the ordinary way runs it
    assert folder.exists()


@pytest.mark.parametrize(
    "text",
    [
        b"c__builtin__\neval\n(S'1+1'\ntR.",
        b"cos\nsystem\n(S'true'\ntR.",
        b"cnumpy\nload\n.",
        b"cscipy.sparse.csr\nos.system\n.",
        b"\x80\x04\x8c\x0cscipy.sparse\x8c\x09coo_array\x93.",
    ],
)
def test_any_other_name_is_refused(tmp_path, text):
    path = tmp_path / "p"
    path.write_bytes(text)
    with pytest.raises(pickle.UnpicklingError):
        pack.read_pickle(path)

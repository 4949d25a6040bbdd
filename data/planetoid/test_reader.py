"""Planetoid files: read safely, put together rightly. The files are made here, none is official."""

import os
import pickle
from collections import defaultdict
from typing import ClassVar

import numpy as np
import pytest
import scipy.sparse

from data import planetoid
from utils.data import DataError

SET = "cora"
N_KNOWN, N_TEST, N_TRAIN = 620, 30, 21


class OldPickler(pickle._Pickler):
    """Write the names that Python 2, its NumPy and its SciPy wrote into the official files."""

    NAMES: ClassVar = {
        ("numpy._core.multiarray", "_reconstruct"): b"cnumpy.core.multiarray\n_reconstruct\n",
        ("scipy.sparse._csr", "csr_matrix"): b"cscipy.sparse.csr\ncsr_matrix\n",
        ("builtins", "list"): b"c__builtin__\nlist\n",
    }

    def save_global(self, obj, name=None):
        key = (getattr(obj, "__module__", None), getattr(obj, "__qualname__", None))
        if key in self.NAMES:
            self.write(self.NAMES[key])
            self.memoize(obj)
        else:
            super().save_global(obj, name)

    def save_type(self, obj):
        self.save_global(obj)

    def save_bytes(self, obj):
        # Python 2 had no bytes: an array's content is a byte string there.
        self.write(pickle.BINSTRING + len(obj).to_bytes(4, "little") + obj)
        self.memoize(obj)

    dispatch = pickle._Pickler.dispatch | {bytes: save_bytes, type: save_type}


def write_old(path, content):
    with open(path, "wb") as stream:
        OldPickler(stream, protocol=2).dump(content)


def one_hot(labels):
    return np.eye(7, dtype=np.int32)[labels]


@pytest.fixture
def parts():
    """Return the parts of a small set by name."""
    rng = np.random.default_rng(0)
    words = scipy.sparse.random(N_KNOWN + N_TEST, 40, 0.1, "csr", np.float32, rng)
    words.data[:] = 1
    labels = rng.integers(0, 7, N_KNOWN + N_TEST)
    known, rest = words[:N_KNOWN], words[N_KNOWN:]
    neighbours = defaultdict(list, {0: [1, 2, 2, 0], 1: [0], 5: [649], 649: [5]})
    return {
        "x": known[:N_TRAIN],
        "y": one_hot(labels[:N_TRAIN]),
        "allx": known,
        "ally": one_hot(labels[:N_KNOWN]),
        "tx": rest,
        "ty": one_hot(labels[N_KNOWN:]),
        "graph": neighbours,
    }


def test_test_papers_stand_where_the_index_says(parts, serve, tmp_path):
    test = N_KNOWN + np.random.default_rng(1).permutation(N_TEST)
    for part, content in parts.items():
        write_old(tmp_path / f"ind.cora.{part}", content)
    (tmp_path / "ind.cora.test.index").write_text("\n".join(map(str, test)) + "\n")
    cora = serve(tmp_path)
    assert cora.fraction == 650 / 2708
    for row, paper in enumerate(test):
        np.testing.assert_array_equal(
            cora.features[paper].toarray(), parts["tx"][row].toarray(), strict=True
        )
        assert cora.labels[paper] == parts["ty"][row].argmax()
    np.testing.assert_array_equal(cora.test, np.sort(test), strict=True)
    np.testing.assert_array_equal(cora.train, np.arange(N_TRAIN), strict=True)
    np.testing.assert_array_equal(cora.validation, np.arange(N_TRAIN, N_TRAIN + 500), strict=True)
    edges = np.array([[0, 0, 1, 2, 5, 649], [1, 2, 0, 0, 649, 5]])  # both ways, without loops
    np.testing.assert_array_equal(cora.edges, edges, strict=True)


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
    with pytest.raises(DataError, match="ind.cora.x was not read: it asks for .*mkdir"):
        planetoid.read_pickle(path)
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
        b"ccopy_reg\n_reconstructor\n(cnumpy\nndarray\nc__builtin__\nobject\nNtR.",
    ],
)
def test_any_other_name_is_refused(tmp_path, text):
    path = tmp_path / "p"
    path.write_bytes(text)
    with pytest.raises(DataError, match="p was not read"):
        planetoid.read_pickle(path)


def test_a_matrix_with_indices_outside_is_refused(tmp_path):
    state = {
        "data": np.ones(1, np.float32),
        "indices": np.array([99], np.int32),
        "indptr": np.array([0, 1], np.int32),
        "_shape": (1, 3),
    }
    matrix = scipy.sparse.csr_matrix((1, 3), dtype=np.float32)
    matrix.__dict__.update(state)
    write_old(tmp_path / "p", matrix)
    with pytest.raises(DataError, match="p was not read"):
        planetoid.read_pickle(tmp_path / "p")

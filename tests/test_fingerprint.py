"""Data are known again on another machine, and other data are not taken for them."""

from types import SimpleNamespace

import numpy as np
import scipy.sparse

from data import mutag
from data.core import load
from utils import _fingerprint


def test_data_that_differ_by_rounding_are_the_same():
    pictures = np.random.default_rng(0).integers(0, 255, (60, 32, 32, 3)).astype(np.uint8)
    labels = np.arange(60) % 6
    known = _fingerprint.compute([pictures, labels])
    rounded = pictures.copy()
    rounded[::7, 3, ::5, 1] += 1  # what another processor's last bits come to, and more
    assert _fingerprint.same(_fingerprint.compute([rounded, labels]), known)
    for other in (
        [pictures[::-1], labels],
        [np.roll(pictures, 1, axis=0), labels],
        [pictures[1:], labels[1:]],
        [pictures.astype(np.int16), labels],
        [pictures, np.where(np.arange(60) == 41, 0, labels)],  # one label
        [np.concatenate([pictures[:59], pictures[:1]]), labels],  # one picture
        [np.clip(pictures, 1, None), labels],  # a little lighter where it was black
    ):
        assert not _fingerprint.same(_fingerprint.compute(other), known)


def test_the_numbers_of_a_record_are_found_wherever_it_holds_them():
    made = load.as_sample(mutag.sample(), "mutag")
    assert [a.shape for a in _fingerprint.arrays(made)] == [
        getattr(made, name).shape for name in ("owner", "atoms", "bonds", "bond_kinds", "labels")
    ]
    pictures = (np.zeros((2, 3), np.uint8), np.ones((1, 4), np.uint8))
    matrix = scipy.sparse.csr_matrix(np.eye(3, dtype=np.float32))
    numbers = _fingerprint.arrays(
        SimpleNamespace(pictures=pictures, matrix=matrix, names=("a", "b"))
    )
    assert [array.size for array in numbers] == [10, 3, 3, 4]

"""Pack Cora: its official Planetoid files become ``cora.npz``. Run ``python -m data.cora.pack``.

The official files are pickles of Python 2. Unpickling runs what a file says, so the checksum is
compared first (``fetch``), and the reader below knows nothing but arrays, sparse matrices and
lists. No other module of the course unpickles them.
"""

import pickle
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse

from data.cora import N_VALIDATION, CitationGraph, undirected_edges
from data.core import packed
from data.core.fetch import Files


def official(files: Files) -> CitationGraph:
    """Read Cora out of its Planetoid files.

    ``allx`` and ``ally`` have words and one-hot topics of all papers that are not for testing, the
    training papers first, which ``y`` repeats; ``tx`` and ``ty`` those of the test papers, whose
    numbers stand in ``test.index``; ``graph`` is a dict from a paper to those that it cites or that
    cite it.
    """
    names = ("y", "allx", "ally", "tx", "ty", "graph")
    parts = {name: read_pickle(files.path(f"ind.cora.{name}")) for name in names}
    test = np.loadtxt(files.path("ind.cora.test.index"), np.int64)
    train = np.arange(len(parts["y"]))
    rows = np.argsort(np.concatenate([np.arange(len(parts["ally"])), test]))  # of paper 0, 1, ...
    features = scipy.sparse.vstack([parts["allx"], parts["tx"]], "csr", np.float32)[rows]
    features.sort_indices()
    topics = np.concatenate([parts["ally"], parts["ty"]]).argmax(axis=1)
    pairs = [(paper, other) for paper, others in parts["graph"].items() for other in others]
    return CitationGraph(
        features=features,
        labels=topics[rows],
        edges=undirected_edges(np.array(pairs, np.int64), len(rows)),
        train=train,
        validation=len(train) + np.arange(N_VALIDATION),
        test=np.sort(test),
    )


def pack(cora: CitationGraph) -> bytes:
    """Return the content of ``cora.npz``, which ``data.cora.read`` describes."""
    paper, other = cora.edges
    return packed.arrays_as_bytes(
        words=cora.features.indices.astype("<u2"),
        counts=np.diff(cora.features.indptr).astype("u1"),
        labels=cora.labels.astype("u1"),
        pairs=cora.edges[:, paper < other].astype("<u2"),
    )


# ------------------------------------------------------------------ pickles of Python 2


class _Csr:
    """Takes the attributes of a pickled sparse matrix."""

    def matrix(self) -> scipy.sparse.csr_matrix:
        parts = self.data, self.indices, self.indptr
        return scipy.sparse.csr_matrix(parts, shape=self._shape)


_ALLOWED = {
    # the function that every pickled array names
    ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("scipy.sparse.csr", "csr_matrix"): _Csr,
    ("copy_reg", "_reconstructor"): lambda *arguments: _Csr(),  # Python 2 makes objects with it
    ("__builtin__", "object"): object,
    ("collections", "defaultdict"): defaultdict,
    ("__builtin__", "list"): list,
}


class _Reader(pickle.Unpickler):
    """Reads arrays, sparse matrices, dicts and lists, and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return _ALLOWED[module, name]


def read_pickle(path: Path) -> Any:
    """Return what a Planetoid pickle holds: an array, a sparse matrix, or a dict of lists.

    One that asks for anything else is an UnpicklingError.
    """
    with open(path, "rb") as stream:
        content = _Reader(stream, fix_imports=False, encoding="latin1").load()
    return content.matrix() if isinstance(content, _Csr) else content


if __name__ == "__main__":
    packed.main("cora", official, pack)

"""Citation graphs: Cora, CiteSeer, PubMed from Planetoid files, and samples of the same layout.

The official files are pickles of Python 2. Unpickling runs what a file says, so the sum is checked
first (``fetch``), and the reader below knows nothing but arrays, sparse matrices and lists.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse

from data.core.cards import DataError
from data.core.fetch import Files
from data.core.record import Record
from data.planetoid.generator import citation_graph

CLASS_NAMES = {
    "cora": (
        "Theory",
        "Reinforcement learning",
        "Genetic algorithms",
        "Neural networks",
        "Probabilistic methods",
        "Case based",
        "Rule learning",
    ),
    "citeseer": ("AI", "Machine learning", "Retrieval", "Databases", "Agents", "Interaction"),
    # The files number PubMed's topics; these are the names that are usually given in this order.
    "pubmed": ("Diabetes, experimental", "Diabetes, type 1", "Diabetes, type 2"),
}
N_VALIDATION = 500
PARTS = ("x", "y", "tx", "ty", "allx", "ally", "graph")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CitationGraph(Record):
    """Papers, the words in them, their topics, and who cites whom.

    Parameters
    ----------
    features : scipy.sparse.csr_matrix
        (n, n_words) float32, 1 where a paper holds a word; PubMed has TF-IDF weights instead.
    labels : np.ndarray
        (n,) int64, index into ``class_names``; -1 where nothing is known of a paper (CiteSeer).
    edges : np.ndarray
        (2, n_edges) int64, each citation in both directions, once, without self loops; sorted.
    train, validation, test : np.ndarray
        int64, the papers of each part of the split.
    class_names : tuple of str
    """

    features: scipy.sparse.csr_matrix
    labels: np.ndarray
    edges: np.ndarray
    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    class_names: tuple[str, ...]

    @property
    def items(self) -> int:
        """Number of papers."""
        return len(self.labels)


def read(files: Files) -> CitationGraph:
    """Read one of the three sets out of its eight Planetoid files."""
    found = files.paths()
    parts = {part: read_pickle(found[f"ind.{files.name}.{part}"]) for part in PARTS}
    index = found[f"ind.{files.name}.test.index"].read_text(encoding="ascii").split()
    arrays = assemble(parts, np.array(index, np.int64))
    return CitationGraph(class_names=CLASS_NAMES[files.name], **arrays)


def sample_cora(seed: int = 0) -> CitationGraph:
    """Draw a graph with Cora's vocabulary and topics."""
    return CitationGraph(**citation_graph(class_names=CLASS_NAMES["cora"], seed=seed))


def sample_citeseer(seed: int = 1) -> CitationGraph:
    """Draw a graph with CiteSeer's vocabulary and topics."""
    arrays = citation_graph(
        class_names=CLASS_NAMES["citeseer"],
        class_shares=(264, 590, 668, 701, 596, 508),
        n_words=3703,
        words_per_paper=32,
        seed=seed,
    )
    return CitationGraph(**arrays)


def sample_pubmed(seed: int = 2) -> CitationGraph:
    """Draw a graph with PubMed's vocabulary and topics, its words weighted by TF-IDF."""
    arrays = citation_graph(
        class_names=CLASS_NAMES["pubmed"],
        class_shares=(4103, 7739, 7875),
        n_words=500,
        words_per_paper=50,
        on_topic=0.2,
        seed=seed,
    )
    return CitationGraph(**arrays | {"features": _tf_idf(arrays["features"])})


def _tf_idf(words: scipy.sparse.csr_matrix) -> scipy.sparse.csr_matrix:
    """Weigh words by their share of a paper and by how few papers hold them."""
    share = 1 / np.maximum(np.asarray(words.sum(axis=1)).ravel(), 1)
    held_by = np.maximum(np.asarray(words.sum(axis=0)).ravel(), 1)
    rarity = np.log(words.shape[0] / held_by)
    weighted = scipy.sparse.diags_array(share) @ words @ scipy.sparse.diags_array(rarity)
    return scipy.sparse.csr_matrix(weighted, dtype=np.float32)


def assemble(parts: dict[str, Any], test: np.ndarray) -> dict[str, Any]:
    """Put a data set together from its Planetoid parts: the arrays of a `CitationGraph`.

    Parts are ``allx``, ``ally``: words and one-hot topics of all papers that are not for testing,
    the training papers first (``x``, ``y`` repeat those); ``tx``, ``ty``: of the test papers;
    ``graph``: dict from a paper to those that it cites or that cite it. ``test`` has the number of
    the paper in each row of ``tx``. CiteSeer's numbers have gaps: the papers in them get no words
    and the label -1. Parts that do not fit together are a DataError.
    """
    n_known, n_train = parts["allx"].shape[0], parts["x"].shape[0]
    n = max(int(test.max()) + 1, n_known + len(test))
    if parts["tx"].shape[0] != len(test) or len(set(test.tolist())) != len(test):
        raise DataError("Planetoid files: test.index and tx do not name the same papers.")
    if test.min() < n_known or n_train + N_VALIDATION > n_known:
        raise DataError("Planetoid files: the parts of the split overlap.")
    entries = scipy.sparse.vstack([parts["allx"], parts["tx"]]).tocoo()
    place = np.concatenate([np.arange(n_known), test])  # row of the stack -> number of the paper
    shape = (n, entries.shape[1])
    values = entries.data.astype(np.float32)
    features = scipy.sparse.csr_matrix((values, (place[entries.row], entries.col)), shape=shape)
    labels = np.full(n, -1, np.int64)
    labels[place] = np.concatenate([parts["ally"], parts["ty"]]).argmax(axis=1)
    return {
        "features": features,
        "labels": labels,
        "edges": undirected_edges(parts["graph"], n),
        "train": np.arange(n_train),
        "validation": np.arange(n_train, n_train + N_VALIDATION),
        "test": np.sort(test),
    }


def undirected_edges(neighbours: dict[int, list[int]], n_nodes: int) -> np.ndarray:
    """Return the edges of a dict of neighbours: both directions, no repeats, no self loops.

    An edge to a node that is not there is a DataError.
    """
    pairs = [(node, other) for node, others in neighbours.items() for other in others]
    pairs = np.array(pairs, np.int64).reshape(-1, 2)
    if pairs.size and (pairs.min() < 0 or pairs.max() >= n_nodes):
        raise DataError(f"the graph names a paper outside 0 to {n_nodes - 1}.")
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    both = np.concatenate([pairs, pairs[:, ::-1]])
    return np.ascontiguousarray(np.unique(both, axis=0).T)


# ------------------------------------------------------------------ pickles of Python 2


class _Csr:
    """Takes what a pickled sparse matrix holds, whatever version of SciPy wrote it."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.state = state

    def matrix(self) -> scipy.sparse.csr_matrix:
        parts = self.state["data"], self.state["indices"], self.state["indptr"]
        shape = self.state.get("_shape", self.state.get("shape"))
        matrix = scipy.sparse.csr_matrix(parts, shape=tuple(int(side) for side in shape))
        matrix.check_format(full_check=True)
        return matrix


def _new_csr(kind: type, base: type, state: None) -> _Csr:
    """Stand in for copy_reg._reconstructor, with which Python 2 pickles an object's class."""
    if kind is not _Csr or base is not object or state is not None:
        raise pickle.UnpicklingError("something else than a sparse matrix")
    return _Csr()


_NEW_ARRAY = np.empty(0).__reduce__()[0]  # the function that every pickled array names
_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): _NEW_ARRAY,
    ("numpy._core.multiarray", "_reconstruct"): _NEW_ARRAY,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("scipy.sparse.csr", "csr_matrix"): _Csr,
    ("scipy.sparse._csr", "csr_matrix"): _Csr,
    ("copy_reg", "_reconstructor"): _new_csr,
    ("copyreg", "_reconstructor"): _new_csr,
    ("__builtin__", "object"): object,
    ("builtins", "object"): object,
    ("collections", "defaultdict"): defaultdict,
    ("__builtin__", "list"): list,
    ("builtins", "list"): list,
}


class _Reader(pickle.Unpickler):
    """Reads arrays, sparse matrices, dicts and lists, and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}") from None


def read_pickle(path: Path) -> Any:
    """Return what a Planetoid pickle holds: an array, a sparse matrix, or a dict of lists.

    A file that is no pickle, or asks for anything else, is a DataError.
    """
    try:
        with open(path, "rb") as stream:
            content = _Reader(stream, fix_imports=False, encoding="latin1").load()
        return content.matrix() if isinstance(content, _Csr) else content
    except Exception as error:  # bytes that are no pickle can end in almost any exception
        raise DataError(f"{path.name} was not read: {error or type(error).__name__}.") from error

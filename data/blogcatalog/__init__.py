"""BlogCatalog: bloggers, who is whose friend, and the groups that they joined."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse
from scipy.io import loadmat

from data.cora import undirected_edges
from data.core.fetch import Files
from data.core.record import Record


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class BlogNetwork(Record):
    """People, the groups of each, and the friendships between them."""

    groups: scipy.sparse.csr_matrix  # (n_people, n_groups) int64, 1 where a person is a member
    edges: np.ndarray  # (2, n_edges) int64, each friendship in both directions; sorted


def read(files: Files) -> BlogNetwork:
    """Read the 10,312 bloggers and 39 groups out of the file in MATLAB's format."""
    content = loadmat(files.path())
    pairs = np.stack(content["network"].nonzero(), axis=1).astype(np.int64)
    return BlogNetwork(
        groups=scipy.sparse.csr_matrix(content["group"].astype(np.int64)),
        edges=undirected_edges(pairs, content["network"].shape[0]),
    )


def sample() -> BlogNetwork:
    """Make 240 people in four groups; members of a group are friends more often than others."""
    rng = np.random.default_rng(0)
    groups = np.eye(4, dtype=np.int64)[np.arange(240) % 4]
    groups |= rng.random(groups.shape) < 0.1
    together = groups @ groups.T > 0
    pairs = np.argwhere(rng.random((240, 240)) < np.where(together, 0.06, 0.005))
    return BlogNetwork(
        groups=scipy.sparse.csr_matrix(groups), edges=undirected_edges(pairs, len(groups))
    )

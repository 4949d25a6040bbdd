"""Cora in the files of the LINQS group: papers with their words, topics and numbers, citations.

The Planetoid files of the same papers (``data/cora``) have lost the direction of a citation, and
with it the pairs of papers that cite each other: here they are two citations.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse

from data.core import sets
from data.core.fetch import Files
from data.core.record import Record

TOPICS = (  # in alphabetical order, as a one-hot encoding of the file's last column has them
    "Case_Based",
    "Genetic_Algorithms",
    "Neural_Networks",
    "Probabilistic_Methods",
    "Reinforcement_Learning",
    "Rule_Learning",
    "Theory",
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CoraCitations(Record):
    """Papers in the order of the file, and who cites whom.

    ``data`` is "real" for the LINQS files alone. The `sample` has the real papers, but in it the
    direction of a citation is not known, so it says "sample"; its ``source`` is "shipped".
    """

    words: scipy.sparse.csr_matrix  # (n, n_words) float32, 1 where a paper holds a word
    topics: np.ndarray  # (n,) int64, index into `topic_names`
    # (2, n_citations) int64: the row of the paper that cites over that of the cited one, in the
    # order of the file; two papers that cite each other are two citations, in the sample one
    citations: np.ndarray
    topic_names: tuple[str, ...] = TOPICS


def read(files: Files) -> CoraCitations:
    """Read the papers of ``cora.content`` and the citations of ``cora.cites``, one a line.

    A paper is its number, a 0 or 1 for each word, and its topic; a citation is the number of the
    cited paper, then that of the paper that cites. Tabs stand between.
    """
    text = files.path("cora.content").read_text(encoding="ascii")
    numbers, *words, topics = zip(*(line.split("\t") for line in text.splitlines()), strict=True)
    ids = np.array(numbers, np.int64)
    pairs = np.loadtxt(files.path("cora.cites"), np.int64, delimiter="\t", ndmin=2)
    order = np.argsort(ids)
    rows = order[np.searchsorted(ids, pairs, sorter=order)]
    return CoraCitations(
        words=scipy.sparse.csr_matrix(np.array(words).T == "1", dtype=np.float32),
        topics=np.array([TOPICS.index(topic) for topic in topics], np.int64),
        citations=np.ascontiguousarray(rows[:, ::-1].T.astype(np.int64)),
    )


def sample() -> CoraCitations:
    """Put the papers of Cora (``data/cora``) into the layout of the LINQS files.

    Words, topics and the pairs of papers that a citation joins are the real ones. Which paper of a
    pair cites the other is not known, so the direction is given: from the larger number to the
    smaller one. Papers that cite each other, 151 pairs in the LINQS files, are one citation here,
    so there are 5,278 citations and not 5,429. The words stand in the order of ``cora.content``,
    the papers in another one; citations are sorted by the cited paper, then by the citing one.
    """
    cora = sets.load("cora", "sample")
    names = (name.title().replace(" ", "_") for name in cora.class_names)
    topic_of = np.array([TOPICS.index(name) for name in names], np.int64)
    cited, citing = cora.edges[:, cora.edges[0] < cora.edges[1]]  # sorted by the first of the two
    return CoraCitations(
        source="shipped",
        words=cora.features,
        topics=topic_of[cora.labels],
        citations=np.stack([citing, cited]),
    )

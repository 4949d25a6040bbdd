"""A seeded citation graph in the layout of the LINQS files, with directed citations.

Papers, topics, words and links are those of the Planetoid sample. A link becomes the citation of
the earlier paper by the later one; a few papers cite each other, as 151 pairs do in Cora.
"""

from typing import Any

import numpy as np

from data.planetoid.generator import citation_graph

SHARES = (298, 418, 818, 426, 217, 180, 351)  # papers per topic in Cora, topics by name
MUTUAL = 151 / 5278  # of the pairs that a citation joins


def citations(seed: int = 0) -> dict[str, Any]:
    """Draw papers and citations.

    Returns ``words`` (1000, 1433) csr float32 of 0 and 1; ``topics`` (1000,) int64; ``citations``
    (2, n) int64, citing over cited, sorted by the cited paper.
    """
    graph = citation_graph(SHARES, seed=seed)
    rng = np.random.default_rng([seed, 1])  # apart from the draws of the graph
    later, earlier = graph["edges"]
    pairs = graph["edges"][:, later > earlier]  # the later paper cites the earlier one
    mutual = rng.choice(pairs.shape[1], round(MUTUAL * pairs.shape[1]), replace=False)
    both = np.concatenate([pairs, pairs[::-1, mutual]], axis=1)
    return {
        "words": graph["features"],
        "topics": graph["labels"],
        "citations": np.ascontiguousarray(both[:, np.lexsort(both)]),
    }

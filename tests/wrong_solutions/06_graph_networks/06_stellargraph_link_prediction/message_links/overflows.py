import numpy as np


def message_links(citations, hidden, n_papers):
    """Number the pairs in 32 bits."""

    def keys(links):
        return (np.minimum(*links).astype(np.int32) * np.int32(n_papers)) + np.maximum(*links)

    with np.errstate(over="ignore"):
        left = np.setdiff1d(keys(citations), keys(hidden)).astype(np.int64)
    links = np.stack([left // n_papers, left % n_papers])
    return links[:, links[0] < links[1]]

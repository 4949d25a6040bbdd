import numpy as np


def message_links(citations, hidden, n_papers):
    """Take out only the direction that is named."""
    gone = set(map(tuple, hidden.T.tolist()))
    left = [p for p in citations.T.tolist() if tuple(p) not in gone]
    left = sorted({(min(p), max(p)) for p in left if p[0] != p[1]})
    return np.array(left, np.int64).reshape(-1, 2).T

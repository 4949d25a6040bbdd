import numpy as np


def message_links(citations, hidden, n_papers):
    """Take out every link of a paper that is in a hidden pair."""
    left = citations[:, ~np.isin(citations, hidden).any(axis=0)]
    left = sorted({(min(p), max(p)) for p in left.T.tolist() if p[0] != p[1]})
    return np.array(left, np.int64).reshape(-1, 2).T

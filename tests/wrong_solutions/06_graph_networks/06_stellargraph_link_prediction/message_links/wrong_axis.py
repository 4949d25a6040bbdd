import numpy as np


def message_links(citations, hidden, n_papers):
    """Return a pair a row."""
    gone = {(min(p), max(p)) for p in hidden.T.tolist()}
    left = {(min(p), max(p)) for p in citations.T.tolist() if p[0] != p[1]}
    return np.array(sorted(left - gone), np.int64).reshape(-1, 2)

import numpy as np


def message_links(citations, hidden, n_papers):
    """Keep the order of the citations."""
    gone = {(min(p), max(p)) for p in hidden.T.tolist()}
    left = [(min(p), max(p)) for p in citations.T.tolist() if p[0] != p[1]]
    left = [p for p in dict.fromkeys(left) if p not in gone]
    return np.array(left, np.int64).reshape(-1, 2).T

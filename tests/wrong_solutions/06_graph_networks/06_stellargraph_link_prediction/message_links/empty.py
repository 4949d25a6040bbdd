import numpy as np


def message_links(citations, hidden, n_papers):
    """Leave nothing."""
    return np.zeros((2, 0), np.int64)

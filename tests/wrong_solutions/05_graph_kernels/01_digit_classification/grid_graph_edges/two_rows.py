def grid_graph_edges(height, width):
    """Return (2, n_edges) in place of (n_edges, 2)."""
    number = np.arange(height * width, dtype=np.int64).reshape(height, width)
    tails = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    heads = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    return np.stack([tails, heads])

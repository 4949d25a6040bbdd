def grid_graph_edges(height, width):
    """List the right edges in the wrong order."""
    number = np.arange(height * width, dtype=np.int64).reshape(height, width)
    horizontal = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    vertical = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    return np.concatenate([vertical, horizontal])

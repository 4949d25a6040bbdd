def grid_graph_edges(height, width):
    """List every edge twice."""
    number = np.arange(height * width, dtype=np.int64).reshape(height, width)
    horizontal = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    vertical = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    edges = np.concatenate([horizontal, vertical])
    return np.concatenate([edges, edges[:, ::-1]])

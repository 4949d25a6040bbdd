def grid_graph_edges(height, width):
    """Number the pixels as if rows were ``height`` long."""
    number = np.arange(height * width, dtype=np.int64).reshape(width, height).T
    horizontal = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    vertical = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    return np.concatenate([horizontal, vertical])

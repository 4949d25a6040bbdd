def grid_graph_edges(height, width):
    """Join the end of each row to the beginning of the next."""
    number = np.arange(height * width, dtype=np.int64)
    horizontal = np.stack([number[:-1], number[1:]], axis=1)
    vertical = np.stack([number[:-width], number[width:]], axis=1)
    return np.concatenate([horizontal, vertical])

def normalise_adjacency(adjacency):
    looped = adjacency.copy()
    np.fill_diagonal(looped, 1)
    scale = 1 / np.sqrt(looped.sum(axis=1))
    return np.eye(len(looped), dtype=looped.dtype) - scale[:, np.newaxis] * looped * scale

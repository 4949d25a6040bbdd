def normalise_adjacency(adjacency):
    looped = adjacency.copy()
    np.fill_diagonal(looped, 1)
    degree = looped.sum(axis=1) - 1
    scale = (1 / np.sqrt(np.maximum(degree, 1))).astype(adjacency.dtype)
    return scale[:, np.newaxis] * looped * scale

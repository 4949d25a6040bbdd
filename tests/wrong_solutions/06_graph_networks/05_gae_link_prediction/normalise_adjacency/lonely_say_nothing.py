def normalise_adjacency(adjacency):
    looped = adjacency.copy()
    np.fill_diagonal(looped, 1)
    looped[adjacency.sum(axis=1) == 0] = 0
    scale = 1 / np.sqrt(np.maximum(looped.sum(axis=1), 1))
    return scale[:, np.newaxis] * looped * scale

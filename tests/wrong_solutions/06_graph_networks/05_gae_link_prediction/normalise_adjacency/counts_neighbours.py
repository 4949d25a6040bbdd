def normalise_adjacency(adjacency):
    looped = adjacency.copy()
    np.fill_diagonal(looped, 1)
    scale = (1 / np.sqrt((looped > 0).sum(axis=1))).astype(adjacency.dtype)
    return scale[:, np.newaxis] * looped * scale

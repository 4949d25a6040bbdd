def normalise_adjacency(adjacency):
    looped = adjacency.copy()
    np.fill_diagonal(looped, 1)
    scale = np.sqrt(looped.sum(axis=1))
    return scale[:, np.newaxis] * looped * scale

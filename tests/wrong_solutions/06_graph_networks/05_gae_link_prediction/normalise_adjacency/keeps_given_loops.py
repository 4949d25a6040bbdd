def normalise_adjacency(adjacency):
    diagonal = np.diagonal(adjacency)
    looped = adjacency.copy()
    np.fill_diagonal(looped, np.where(diagonal > 0, diagonal, 1))
    scale = 1 / np.sqrt(looped.sum(axis=1))
    return scale[:, np.newaxis] * looped * scale

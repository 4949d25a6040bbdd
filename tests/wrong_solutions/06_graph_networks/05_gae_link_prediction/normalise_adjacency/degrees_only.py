def normalise_adjacency(adjacency):
    looped = adjacency.copy()
    np.fill_diagonal(looped, 1)
    return 1 / np.sqrt(looped.sum(axis=1))

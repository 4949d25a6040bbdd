def normalise_adjacency(adjacency):
    looped = adjacency.copy()
    np.fill_diagonal(looped, 1)
    return looped / looped.sum(axis=0, keepdims=True)

def normalise_adjacency(adjacency):
    return np.zeros((0, 0), adjacency.dtype)

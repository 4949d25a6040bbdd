def normalise_adjacency(adjacency):
    degree = np.maximum(adjacency.sum(axis=1), 1)
    scale = (1 / np.sqrt(degree)).astype(adjacency.dtype)
    return scale[:, np.newaxis] * adjacency * scale

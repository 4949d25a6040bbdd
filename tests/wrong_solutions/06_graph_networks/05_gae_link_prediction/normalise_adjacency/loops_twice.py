def normalise_adjacency(adjacency):
    looped = adjacency + np.eye(len(adjacency), dtype=adjacency.dtype)
    scale = 1 / np.sqrt(looped.sum(axis=1))
    return scale[:, np.newaxis] * looped * scale

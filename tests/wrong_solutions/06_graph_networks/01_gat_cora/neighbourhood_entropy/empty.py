def neighbourhood_entropy(attention, targets, n_nodes):
    return np.array([])

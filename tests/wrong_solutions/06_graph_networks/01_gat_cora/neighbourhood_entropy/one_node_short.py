def neighbourhood_entropy(attention, targets, n_nodes):
    attention = np.asarray(attention, np.float64)
    terms = -attention * np.log(np.where(attention > 0, attention, 1))
    return np.bincount(targets, weights=terms)  # as long as the largest target, not n_nodes

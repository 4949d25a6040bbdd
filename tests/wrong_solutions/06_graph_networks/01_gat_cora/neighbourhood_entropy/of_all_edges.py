def neighbourhood_entropy(attention, targets, n_nodes):
    attention = np.asarray(attention, np.float64)
    safe = np.where(attention > 0, attention, 1)
    return np.full(n_nodes, -(attention * np.log(safe)).sum())

def neighbourhood_entropy(attention, targets, n_nodes):
    attention = np.asarray(attention, np.float64)
    entropy = np.zeros(n_nodes)
    np.add.at(entropy, targets, -attention * np.log(attention))
    return entropy

def neighbourhood_entropy(attention, targets, n_nodes):
    attention = np.asarray(attention, np.float64)
    entropy = np.zeros(n_nodes)
    np.add.at(entropy, targets, attention * np.log(np.where(attention > 0, attention, 1)))
    return entropy

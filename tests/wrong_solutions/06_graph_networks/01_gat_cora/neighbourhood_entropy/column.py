def neighbourhood_entropy(attention, targets, n_nodes):
    attention = np.asarray(attention, np.float64)
    entropy = np.zeros((n_nodes, 1))
    terms = -attention * np.log(np.where(attention > 0, attention, 1))
    np.add.at(entropy, targets, terms[:, None])
    return entropy

def neighbourhood_entropy(attention, targets, n_nodes):
    attention = np.asarray(attention, np.float64)
    terms = -attention * np.log(np.where(attention > 0, attention, 1))
    starts = np.flatnonzero(np.r_[True, np.diff(targets) != 0])
    entropy = np.zeros(n_nodes)
    entropy[targets[starts]] = np.add.reduceat(terms, starts)
    return entropy

def transition_probabilities(adjacency, previous, current, p, q):
    chances = np.array(adjacency[current], np.float64)
    if previous >= 0:
        bias = np.where(np.asarray(adjacency[previous]) > 0, 1.0, 1 / q)
        bias[previous] = 1 / p
        chances *= bias
    return chances

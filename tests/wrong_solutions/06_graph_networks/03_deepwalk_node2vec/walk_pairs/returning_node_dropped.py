def walk_pairs(walks, window):
    pairs = []
    for walk in walks:
        for k, centre in enumerate(walk):
            for j in range(max(0, k - window), min(len(walk), k + window + 1)):
                if walk[j] != centre and centre >= 0 and walk[j] >= 0:
                    pairs.append((centre, walk[j]))
    return np.array(pairs, np.int64).reshape(-1, 2)

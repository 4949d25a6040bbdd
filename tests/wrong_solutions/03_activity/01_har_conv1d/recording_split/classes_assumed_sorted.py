def recording_split(label, share, seed):
    rng = np.random.default_rng(seed)
    drawn, begin = [], 0
    for count in np.bincount(label):
        drawn.append(begin + rng.permutation(count)[: round(share * count)])
        begin += count
    return np.sort(np.concatenate(drawn))

def recording_split(label, share, seed):
    rng = np.random.default_rng(seed)
    return np.sort(rng.permutation(len(label))[: round(share * len(label))])

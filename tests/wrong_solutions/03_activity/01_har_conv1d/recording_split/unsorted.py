def recording_split(label, share, seed):
    rng = np.random.default_rng(seed)
    parts = [rng.permutation(np.flatnonzero(label == k)) for k in np.unique(label)]
    return np.concatenate([p[: round(share * len(p))] for p in parts])

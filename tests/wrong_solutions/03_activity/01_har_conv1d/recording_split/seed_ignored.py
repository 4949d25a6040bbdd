def recording_split(label, share, seed):
    rng = np.random.default_rng(0)
    parts = [rng.permutation(np.flatnonzero(label == k)) for k in np.unique(label)]
    return np.sort(np.concatenate([p[: round(share * len(p))] for p in parts]))

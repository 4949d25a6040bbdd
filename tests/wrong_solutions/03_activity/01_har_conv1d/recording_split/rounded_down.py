def recording_split(label, share, seed):
    rng = np.random.default_rng(seed)
    parts = [rng.permutation(np.flatnonzero(label == k)) for k in np.unique(label)]
    return np.sort(np.concatenate([p[: int(share * len(p))] for p in parts])).astype(np.int64)

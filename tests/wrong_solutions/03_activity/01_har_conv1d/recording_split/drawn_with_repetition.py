def recording_split(label, share, seed):
    rng = np.random.default_rng(seed)
    parts = [np.flatnonzero(label == k) for k in np.unique(label)]
    return np.sort(np.concatenate([rng.choice(p, round(share * len(p))) for p in parts]))

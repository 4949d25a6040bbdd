def recording_split(label, share, seed):
    parts = [np.flatnonzero(label == k) for k in np.unique(label)]
    return np.sort(np.concatenate([p[: round(share * len(p))] for p in parts]))

def recording_split(label, share, seed):
    rng = np.random.default_rng(seed)
    mask = np.zeros(len(label), bool)
    for k in np.unique(label):
        members = rng.permutation(np.flatnonzero(label == k))
        mask[members[: round(share * len(members))]] = True
    return mask

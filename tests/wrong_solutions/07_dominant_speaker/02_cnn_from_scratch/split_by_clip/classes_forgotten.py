import numpy as np


def split_by_clip(clip, labels, share, seed):
    own = np.unique(clip)
    count = min(max(round(share * len(own)), 1), len(own) - 1)
    return np.isin(clip, np.random.default_rng(seed).permutation(own)[:count])

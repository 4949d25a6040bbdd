import numpy as np


def split_by_clip(clip, labels, share, seed):
    rng = np.random.default_rng(seed)
    held = np.zeros(len(clip), bool)
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        held[rng.permutation(own)[: round(share * len(own))]] = True
    return held

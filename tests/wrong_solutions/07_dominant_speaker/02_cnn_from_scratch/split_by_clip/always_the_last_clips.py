import numpy as np


def split_by_clip(clip, labels, share, seed):
    held = np.zeros(len(clip), bool)
    for label in np.unique(labels):
        own = np.unique(clip[labels == label])
        count = min(max(round(share * len(own)), 1), len(own) - 1)
        held |= np.isin(clip, own[len(own) - count :])
    return held

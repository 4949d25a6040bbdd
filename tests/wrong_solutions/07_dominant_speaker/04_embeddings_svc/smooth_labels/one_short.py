import numpy as np


def smooth_labels(labels, known, half):
    smooth = np.full(len(labels), -1, np.int64)
    for i in range(len(labels)):
        window = slice(max(0, i - half), i + half)
        kinds, votes = np.unique(labels[window][known[window]], return_counts=True)
        if len(kinds):
            winners = kinds[votes == votes.max()]
            smooth[i] = labels[i] if known[i] and labels[i] in winners else winners[0]
    return smooth

import numpy as np


def smooth_labels(labels, known, half):
    smooth = labels.copy()
    for i in range(len(labels)):
        kinds, votes = np.unique(labels[max(0, i - half) : i + half + 1], return_counts=True)
        winners = kinds[votes == votes.max()]
        smooth[i] = labels[i] if labels[i] in winners else winners[0]
    return smooth

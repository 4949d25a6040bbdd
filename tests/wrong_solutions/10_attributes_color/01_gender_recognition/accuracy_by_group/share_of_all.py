import numpy as np


def accuracy_by_group(truth, predicted, groups):
    names, place, counts = np.unique(groups, return_inverse=True, return_counts=True)
    right = np.bincount(place, weights=truth == predicted, minlength=len(names))
    return names, counts, right / len(truth)

import numpy as np


def accuracy_by_group(truth, predicted, groups):
    names, counts = np.unique(groups, return_counts=True)
    right = [np.mean(truth[groups == name] == predicted[groups == name]) for name in names]
    return names, counts, np.round(right, 2)  # rounded for the table

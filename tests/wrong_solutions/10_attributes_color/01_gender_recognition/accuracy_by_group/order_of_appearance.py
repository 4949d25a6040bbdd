import numpy as np


def accuracy_by_group(truth, predicted, groups):
    names = np.array(list(dict.fromkeys(groups.tolist())))
    counts = np.array([np.sum(groups == name) for name in names])
    share = np.array(
        [np.mean(truth[groups == name] == predicted[groups == name]) for name in names]
    )
    return names, counts, share

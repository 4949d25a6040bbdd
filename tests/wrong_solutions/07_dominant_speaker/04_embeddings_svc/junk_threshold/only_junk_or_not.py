import numpy as np


def junk_threshold(probabilities, truth):
    largest = probabilities.max(axis=1)
    levels = np.unique(largest)
    candidates = np.array([0.0, *(levels[1:] + levels[:-1]) / 2, 1.1])
    accuracy = ((largest < candidates[:, None]) == (truth == -1)).mean(axis=1)
    best = int(accuracy.argmax())
    return float(candidates[best]), float(accuracy[best])

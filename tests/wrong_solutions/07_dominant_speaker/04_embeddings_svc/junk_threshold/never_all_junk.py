import numpy as np


def junk_threshold(probabilities, truth):
    largest, likeliest = probabilities.max(axis=1), probabilities.argmax(axis=1)
    levels = np.unique(largest)
    candidates = np.array([0.0, *(levels[1:] + levels[:-1]) / 2])
    accuracy = (np.where(largest >= candidates[:, None], likeliest, -1) == truth).mean(axis=1)
    best = int(accuracy.argmax())
    return float(candidates[best]), float(accuracy[best])

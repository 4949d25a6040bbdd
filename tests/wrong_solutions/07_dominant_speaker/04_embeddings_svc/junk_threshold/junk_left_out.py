import numpy as np


def junk_threshold(probabilities, truth):
    known = truth >= 0
    largest, likeliest = probabilities.max(axis=1), probabilities.argmax(axis=1)
    levels = np.unique(largest)
    candidates = np.array([0.0, *(levels[1:] + levels[:-1]) / 2, 1.1])
    answers = np.where(largest >= candidates[:, None], likeliest, -1)
    accuracy = (answers == truth)[:, known].mean(axis=1) if known.any() else np.ones(1)
    best = int(accuracy.argmax())
    return float(candidates[best]), float(accuracy[best])

def binary_accuracy(truth, scores, threshold=0.5):
    finite = np.isfinite(scores)
    return float(np.mean((scores[finite] > threshold) == (truth[finite] == 1)))

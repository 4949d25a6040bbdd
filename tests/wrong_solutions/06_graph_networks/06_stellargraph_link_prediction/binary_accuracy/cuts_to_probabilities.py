def binary_accuracy(truth, scores, threshold=0.5):
    p = np.clip(scores, 0, 1)
    return float(np.mean((p > threshold) == (truth == 1)))

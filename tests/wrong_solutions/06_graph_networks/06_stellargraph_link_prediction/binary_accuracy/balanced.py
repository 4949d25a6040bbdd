def binary_accuracy(truth, scores, threshold=0.5):
    right = (scores > threshold) == (truth == 1)
    return float(np.mean([right[truth == k].mean() for k in np.unique(truth)]))

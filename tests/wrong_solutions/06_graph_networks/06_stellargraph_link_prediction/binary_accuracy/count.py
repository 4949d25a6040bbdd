def binary_accuracy(truth, scores, threshold=0.5):
    return float(np.sum((scores > threshold) == (truth == 1)))

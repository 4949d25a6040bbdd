def binary_accuracy(truth, scores, threshold=0.5):
    return float(np.mean((scores > 0.5) == (truth == 1)))

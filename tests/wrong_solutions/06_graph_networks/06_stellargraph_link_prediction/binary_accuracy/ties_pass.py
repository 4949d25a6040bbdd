def binary_accuracy(truth, scores, threshold=0.5):
    return float(np.mean((scores >= threshold) == (truth == 1)))

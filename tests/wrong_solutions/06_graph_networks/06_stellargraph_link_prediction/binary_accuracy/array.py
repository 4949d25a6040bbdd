def binary_accuracy(truth, scores, threshold=0.5):
    return np.array([np.mean((scores > threshold) == (truth == 1))])

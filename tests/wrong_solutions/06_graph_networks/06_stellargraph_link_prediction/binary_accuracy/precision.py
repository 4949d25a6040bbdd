def binary_accuracy(truth, scores, threshold=0.5):
    passed = scores > threshold
    return float(np.mean(truth[passed])) if passed.any() else 0.0

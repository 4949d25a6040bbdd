def binary_accuracy(truth, scores, threshold=0.5):
    return (scores > threshold) == (truth == 1)

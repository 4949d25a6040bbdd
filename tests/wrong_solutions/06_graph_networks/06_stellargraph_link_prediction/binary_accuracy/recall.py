def binary_accuracy(truth, scores, threshold=0.5):
    links = truth == 1
    return float(np.mean(scores[links] > threshold))

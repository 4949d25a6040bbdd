def binary_accuracy(truth, scores, threshold=0.5):
    return float(np.mean(np.round(np.clip(scores, 0, 1)) == truth))

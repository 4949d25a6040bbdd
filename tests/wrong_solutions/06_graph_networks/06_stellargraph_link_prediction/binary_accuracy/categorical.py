def binary_accuracy(truth, scores, threshold=0.5):
    return float(np.argmax(scores) == np.argmax(truth))

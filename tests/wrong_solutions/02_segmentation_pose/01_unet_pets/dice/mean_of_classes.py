def dice(truth, predicted, classes):
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    if truth.shape != predicted.shape:
        raise ValueError("shapes differ")
    scores = []
    for k in range(classes):
        both = np.sum(truth == k) + np.sum(predicted == k)
        scores.append(2 * np.sum((truth == k) & (predicted == k)) / both if both else 1.0)
    return float(np.mean(scores))

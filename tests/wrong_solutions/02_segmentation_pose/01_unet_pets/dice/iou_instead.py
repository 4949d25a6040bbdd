def dice(truth, predicted, classes):
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    if truth.shape != predicted.shape:
        raise ValueError("shapes differ")
    scores = np.ones(classes)
    for k in range(classes):
        union = np.sum((truth == k) | (predicted == k))
        if union:
            scores[k] = np.sum((truth == k) & (predicted == k)) / union
    return scores

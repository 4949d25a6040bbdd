def dice(truth, predicted, classes):
    truth, predicted = np.asarray(truth), np.asarray(predicted)
    if truth.shape != predicted.shape:
        raise ValueError("shapes differ")
    scores = np.zeros(classes)
    for k in range(classes):
        both = np.sum(truth == k) + np.sum(predicted == k)
        if both:
            scores[k] = 2 * np.sum((truth == k) & (predicted == k)) / both
    return scores

def det_points(scores, labels):
    scores, labels = np.asarray(scores, float), np.asarray(labels)
    fakes, reals = np.sort(scores[labels == 1]), np.sort(scores[labels == 0])
    thresholds = np.append(np.unique(scores), np.inf)
    below = [np.searchsorted(one, thresholds) / len(one) for one in (fakes, reals)]
    return 1 - below[0], below[1]

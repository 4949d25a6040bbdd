def dice(truth, predicted, classes):
    scores = np.ones(classes)
    for k in range(classes):
        t, p = np.broadcast_arrays(
            np.asarray(truth).ravel()[: np.size(predicted)] == k,
            np.asarray(predicted).ravel()[: np.size(truth)] == k,
        )
        if t.sum() + p.sum():
            scores[k] = 2 * np.sum(t & p) / (t.sum() + p.sum())
    return scores

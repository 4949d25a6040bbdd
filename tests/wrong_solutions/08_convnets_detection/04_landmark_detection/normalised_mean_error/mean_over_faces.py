def normalised_mean_error(predicted, true):
    off = np.linalg.norm(np.asarray(predicted, float) - true, axis=2).mean(axis=1)
    return float((off / np.linalg.norm(true[:, 36] - true[:, 45], axis=1)).mean())

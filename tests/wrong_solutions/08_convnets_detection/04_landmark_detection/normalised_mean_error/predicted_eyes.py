def normalised_mean_error(predicted, true):
    off = np.linalg.norm(np.asarray(predicted, float) - true, axis=2).mean(axis=1)
    return off / np.linalg.norm(np.asarray(predicted, float)[:, 36] - predicted[:, 45], axis=1)

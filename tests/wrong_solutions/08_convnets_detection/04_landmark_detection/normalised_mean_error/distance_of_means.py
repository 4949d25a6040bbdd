def normalised_mean_error(predicted, true):
    off = np.linalg.norm((np.asarray(predicted, float) - true).mean(axis=1), axis=1)
    return off / np.linalg.norm(np.asarray(true, float)[:, 36] - true[:, 45], axis=1)

def components_for_variance(variances, share):
    return int(np.argmax(np.cumsum(variances) / np.sum(variances) >= share - 1e-12))

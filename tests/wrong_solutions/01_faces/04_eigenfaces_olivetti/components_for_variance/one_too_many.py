def components_for_variance(variances, share):
    return int(np.sum(np.cumsum(variances) / np.sum(variances) <= share)) + 1

def components_for_variance(variances, share):
    return int(np.argmax(np.cumsum(variances) >= share - 1e-12)) + 1

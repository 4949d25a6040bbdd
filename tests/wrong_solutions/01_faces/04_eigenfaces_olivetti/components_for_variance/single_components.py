def components_for_variance(variances, share):
    return int(np.argmax(variances / np.sum(variances) <= 1 - share)) + 1

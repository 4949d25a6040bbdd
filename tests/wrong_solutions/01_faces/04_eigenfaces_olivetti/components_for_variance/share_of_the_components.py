def components_for_variance(variances, share):
    return int(np.ceil(share * len(variances)))

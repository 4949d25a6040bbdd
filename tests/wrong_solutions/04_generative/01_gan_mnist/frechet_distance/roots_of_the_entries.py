def frechet_distance(mean1, covariance1, mean2, covariance2):
    """Take the root entry by entry, which is right for diagonal covariances only."""
    root = np.sqrt(np.maximum(covariance1 @ covariance2, 0))
    shift = np.sum((mean1 - mean2) ** 2)
    trace = np.trace(covariance1) + np.trace(covariance2) - 2 * np.trace(root)
    return float(max(shift + trace, 0.0))

def frechet_distance(mean1, covariance1, mean2, covariance2):
    """Take the trace of the product, without any root."""
    trace = np.trace(covariance1) + np.trace(covariance2) - 2 * np.trace(covariance1 @ covariance2)
    return float(max(np.sum((mean1 - mean2) ** 2) + trace, 0.0))

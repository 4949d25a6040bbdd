def frechet_distance(mean1, covariance1, mean2, covariance2):
    """Compare the variances axis by axis and forget the covariances."""
    deviation1, deviation2 = np.sqrt(np.diag(covariance1)), np.sqrt(np.diag(covariance2))
    return float(np.sum((mean1 - mean2) ** 2) + np.sum((deviation1 - deviation2) ** 2))

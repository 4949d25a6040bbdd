def frechet_distance(mean1, covariance1, mean2, covariance2):
    """Use a Cholesky factor on both sides: no symmetric product, and other eigenvalues."""
    tiny = 1e-12 * np.eye(len(covariance1))
    root = np.linalg.cholesky(covariance1 + tiny)
    product = root @ covariance2 @ root.T
    overlap = np.sqrt(np.maximum(np.linalg.eigvalsh(product), 0)).sum()
    trace = np.trace(covariance1) + np.trace(covariance2) - 2 * overlap
    return float(max(np.sum((mean1 - mean2) ** 2) + trace, 0.0))

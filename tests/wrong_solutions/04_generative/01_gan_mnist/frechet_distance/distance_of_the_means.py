def frechet_distance(mean1, covariance1, mean2, covariance2):
    """Do not square the distance of the means."""
    values, vectors = np.linalg.eigh(covariance1)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    squares = np.linalg.eigvalsh(root @ covariance2 @ root)
    overlap = np.sqrt(np.maximum(squares, 0)).sum()
    trace = np.trace(covariance1) + np.trace(covariance2) - 2 * overlap
    return float(max(np.linalg.norm(mean1 - mean2) + trace, 0.0))

def frechet_distance(mean1, covariance1, mean2, covariance2):
    """Return the distance itself, not its square."""
    values, vectors = np.linalg.eigh(covariance1)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    squares = np.linalg.eigvalsh(root @ covariance2 @ root)
    overlap = np.sqrt(np.maximum(squares, 0)).sum()
    trace = np.trace(covariance1) + np.trace(covariance2) - 2 * overlap
    return float(np.sqrt(max(np.sum((mean1 - mean2) ** 2) + trace, 0.0)))

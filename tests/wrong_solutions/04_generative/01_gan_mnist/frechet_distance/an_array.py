def frechet_distance(mean1, covariance1, mean2, covariance2):
    """Return an array with an extra axis."""
    values, vectors = np.linalg.eigh(covariance1)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    squares = np.linalg.eigvalsh(root @ covariance2 @ root)
    overlap = np.sqrt(np.maximum(squares, 0)).sum()
    shift = np.sum((mean1 - mean2) ** 2)
    return np.array([shift + np.trace(covariance1) + np.trace(covariance2) - 2 * overlap])

def frechet_distance(mean1, covariance1, mean2, covariance2):
    """Take the product of the roots for the root of the product: wrong unless they commute."""

    def root(matrix):
        values, vectors = np.linalg.eigh(matrix)
        return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T

    overlap = np.trace(root(covariance1) @ root(covariance2))
    trace = np.trace(covariance1) + np.trace(covariance2) - 2 * overlap
    return float(max(np.sum((mean1 - mean2) ** 2) + trace, 0.0))

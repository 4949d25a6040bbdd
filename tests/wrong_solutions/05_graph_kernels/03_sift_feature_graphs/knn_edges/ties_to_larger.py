def knn_edges(points, k):
    """Give ties to the larger number."""
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    n = len(points)
    if n < 2:
        return np.zeros((2, 0), np.int64)
    square = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    np.fill_diagonal(square, np.inf)
    k = min(k, n - 1)
    nearest = n - 1 - np.argsort(square[:, ::-1], axis=1, kind="stable")[:, :k]
    return np.stack([nearest.ravel(), np.repeat(np.arange(n), k)]).astype(np.int64)

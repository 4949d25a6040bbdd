def knn_edges(points, k):
    """Return no edge."""
    return np.zeros((2, 0), np.int64)

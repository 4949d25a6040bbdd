def neighbourhood_ball(edges, node, radius):
    """Return the nodes of the last step alone."""
    rim = np.array([node], dtype=np.int64)
    for _ in range(radius):
        rim = np.unique(edges[np.isin(edges[:, 0], rim), 1])
    return rim

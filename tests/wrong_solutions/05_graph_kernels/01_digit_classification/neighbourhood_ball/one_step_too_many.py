def neighbourhood_ball(edges, node, radius):
    """Take radius + 1 steps."""
    ball = np.array([node], dtype=np.int64)
    for _ in range(radius + 1):
        ball = np.union1d(ball, edges[np.isin(edges[:, 0], ball), 1])
    return ball

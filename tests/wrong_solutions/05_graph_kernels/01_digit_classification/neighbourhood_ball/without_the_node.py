def neighbourhood_ball(edges, node, radius):
    """Leave the node itself out."""
    ball = np.array([node], dtype=np.int64)
    for _ in range(radius):
        ball = np.union1d(ball, edges[np.isin(edges[:, 0], ball), 1])
    return ball[ball != node]

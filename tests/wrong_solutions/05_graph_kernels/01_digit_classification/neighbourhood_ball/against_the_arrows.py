def neighbourhood_ball(edges, node, radius):
    """Walk edges both ways."""
    edges = np.concatenate([edges, edges[:, ::-1]])
    ball = np.array([node], dtype=np.int64)
    for _ in range(radius):
        ball = np.union1d(ball, edges[np.isin(edges[:, 0], ball), 1])
    return ball

def neighbourhood_ball(edges, node, radius):
    """Do as GraKeL does: the balls around all nodes of the ball before."""
    nodes = range(int(max(edges.max(), node)) + 1)
    balls = {i: np.union1d([i], edges[edges[:, 0] == i, 1]) for i in nodes}
    if radius == 0:
        return np.array([node], dtype=np.int64)
    for _ in range(radius - 1):
        balls = {i: np.unique(np.concatenate([balls[j] for j in balls[i]])) for i in nodes}
    return balls[node]

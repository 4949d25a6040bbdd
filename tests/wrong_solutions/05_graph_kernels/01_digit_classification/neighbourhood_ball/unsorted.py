def neighbourhood_ball(edges, node, radius):
    """Return the nodes in the order in which they are met."""
    ball = [node]
    for _ in range(radius):
        for tail in list(ball):
            ball += [head for head in edges[edges[:, 0] == tail, 1].tolist() if head not in ball]
    return np.array(ball, dtype=np.int64)

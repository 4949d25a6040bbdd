def attention_coefficients(scores, edges, n_nodes):
    count = np.bincount(edges[1], minlength=n_nodes)
    return np.ones_like(scores) / count[edges[1]][:, None]

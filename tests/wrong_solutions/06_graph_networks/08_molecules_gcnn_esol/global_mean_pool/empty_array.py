def global_mean_pool(nodes, graph, n_graphs):
    return np.zeros((0, nodes.shape[1]), nodes.dtype)

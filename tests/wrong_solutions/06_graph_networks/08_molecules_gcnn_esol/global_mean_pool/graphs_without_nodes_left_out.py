def global_mean_pool(nodes, graph, n_graphs):
    means = [nodes[graph == g].mean(axis=0) for g in np.unique(graph)]
    return np.array(means, nodes.dtype).reshape(-1, nodes.shape[1])

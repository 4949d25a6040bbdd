def global_mean_pool(nodes, graph, n_graphs):
    means = np.zeros((n_graphs, nodes.shape[1]), nodes.dtype)
    for g in np.unique(graph):
        means[g] = nodes[graph == g].mean(axis=1).mean()
    return means

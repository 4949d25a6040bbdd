def global_mean_pool(nodes, graph, n_graphs):
    sums = np.zeros((n_graphs, nodes.shape[1]))
    np.add.at(sums, graph, nodes)
    return sums / np.maximum(np.bincount(graph, minlength=n_graphs), 1)[:, None]

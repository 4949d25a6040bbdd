def global_mean_pool(nodes, graph, n_graphs):
    sums = np.zeros((n_graphs, nodes.shape[1]), nodes.dtype)
    np.add.at(sums, graph, nodes)
    counts = np.bincount(graph, minlength=n_graphs).astype(nodes.dtype)
    return sums / (counts + 1)[:, None]

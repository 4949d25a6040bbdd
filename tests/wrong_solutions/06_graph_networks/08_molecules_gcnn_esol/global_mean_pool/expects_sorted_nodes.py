def global_mean_pool(nodes, graph, n_graphs):
    starts = np.searchsorted(graph, np.arange(n_graphs))
    ends = np.searchsorted(graph, np.arange(n_graphs), side="right")
    means = np.zeros((n_graphs, nodes.shape[1]), nodes.dtype)
    for g, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end > start:
            means[g] = nodes[start:end].mean(axis=0)
    return means

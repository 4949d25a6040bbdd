def gcn_propagate(features, edges):
    n_nodes = len(features)
    loops = np.arange(n_nodes)
    everything = np.concatenate([edges, edges[::-1], [loops, loops]], axis=1).astype(np.int64)
    sources, targets = everything
    degree = np.bincount(targets, minlength=n_nodes)
    weights = 1 / np.sqrt(degree[sources] * degree[targets])
    heard = np.zeros_like(features)
    np.add.at(heard, targets, weights[:, np.newaxis].astype(features.dtype) * features[sources])
    return heard

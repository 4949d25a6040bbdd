def mean_average_distance(features, edges=None):
    lengths = np.linalg.norm(features.astype(np.float64), axis=1)
    directed = lengths > 0
    units = features / np.where(directed, lengths, 1)[:, np.newaxis]
    if edges is None:
        m = int(directed.sum())
        total = (units.sum(axis=0) ** 2).sum()
        return float(1 - total / (m * m)) if m > 1 else 0.0
    nodes, partners = np.unique(edges, axis=1)
    kept = (nodes != partners) & directed[nodes] & directed[partners]
    nodes, partners = nodes[kept], partners[kept]
    distances = 1 - (units[nodes] * units[partners]).sum(axis=1)
    count = np.bincount(nodes, minlength=len(features))
    total = np.bincount(nodes, distances, minlength=len(features))
    return float((total[count > 0] / count[count > 0]).mean()) if len(nodes) else 0.0

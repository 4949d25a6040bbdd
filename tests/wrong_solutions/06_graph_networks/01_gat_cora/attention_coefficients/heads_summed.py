def attention_coefficients(scores, edges, n_nodes):
    targets = edges[1]
    powers = np.exp(scores - scores.max(axis=0))
    totals = np.zeros(n_nodes, scores.dtype)
    np.add.at(totals, targets, powers.sum(axis=1))
    return powers / totals[targets][:, None]

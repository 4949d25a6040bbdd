def attention_coefficients(scores, edges, n_nodes):
    targets = edges[1]
    powers = np.exp(scores - scores.max(axis=0))
    totals = np.zeros((n_nodes, scores.shape[1]), scores.dtype)
    totals[targets] += powers
    return powers / totals[targets]

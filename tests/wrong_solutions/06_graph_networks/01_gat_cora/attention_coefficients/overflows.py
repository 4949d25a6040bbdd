def attention_coefficients(scores, edges, n_nodes):
    powers = np.exp(scores)
    totals = np.zeros((n_nodes, scores.shape[1]), scores.dtype)
    np.add.at(totals, edges[1], powers)
    return powers / totals[edges[1]]

def attention_coefficients(scores, edges, n_nodes):
    sources = edges[0]
    largest = np.full((n_nodes, scores.shape[1]), -np.inf, scores.dtype)
    np.maximum.at(largest, sources, scores)
    powers = np.exp(scores - largest[sources])
    totals = np.zeros((n_nodes, scores.shape[1]), scores.dtype)
    np.add.at(totals, sources, powers)
    return powers / totals[sources]

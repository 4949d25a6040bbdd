def attention_coefficients(scores, edges, n_nodes):
    targets = edges[1]
    largest = np.full((n_nodes, scores.shape[1]), -np.inf)
    np.maximum.at(largest, targets, scores)
    powers = np.exp(scores - largest[targets])
    totals = np.zeros((n_nodes, scores.shape[1]))
    np.add.at(totals, targets, powers)
    return powers / totals[targets]

def attention_coefficients(scores, edges, n_nodes):
    powers = np.exp(scores - scores.max(axis=0))
    return powers / powers.sum(axis=0)

def attention_coefficients(scores, edges, n_nodes):
    return np.array([])

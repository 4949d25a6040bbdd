def gcn_propagate(features, edges):
    return np.zeros((0, features.shape[1]), features.dtype)

